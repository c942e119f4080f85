"""A service in a process of its own: it stops cleanly when it is asked to."""

import signal

import pytest

from bot.cli.launch import FINE
from tests.integration.cli.terminal import Terminal
from tests.stage import Stage


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda n: n.name)
async def test_stops_in_good_order(genesis: Terminal, stage: Stage, number: signal.Signals) -> None:
    command = genesis.type(["run"], stage.environ)
    await stage.hears("Exchange link up")
    card = await stage.asks("/buy tBTCUSD 0.01 limit 20000", "Expires in")
    await stage.tap(card, "Confirm buy")
    await stage.becomes(card, "Working")
    command.signal(number)
    ended = await command.ended()
    assert ended.code == FINE, ended
    assert "Traceback" not in ended.err
    await stage.hears("Genesis stopped", after=card.id)
    assert len(await stage.orders_at_exchange()) == 1


async def test_demo_is_stopped_and_goes_on(
    genesis: Terminal, home: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    state = str(tmp_path_factory.mktemp("demo"))
    words = ["demo", "--state", state, *ANY_PORTS]
    for _ in range(2):
        command = genesis.type(words, home)
        told = await command.says("Ctrl-C stops everything", patience=60.0)
        assert "Chat      http://127.0.0.1:" in told
        assert "/buy tBTCUSD 0.01" in told
        command.signal(signal.SIGINT)
        ended = await command.ended()
        assert ended.code == FINE, ended
        assert "Traceback" not in ended.err
        assert "Stopped" in ended.out


ANY_PORTS = ("--chat-port", "0", "--web-port", "0", "--exchange-port", "0")
