"""Telegram in trouble: trading goes on, and nothing is lost meanwhile."""

import pytest

from bot.app import build
from bot.settings import load_settings
from tests.eventually import eventually_asked
from tests.journeys.people import TRADERS, Person, joined
from tests.stage import OLIVIA, Stage, service_on

EACH_ANSWER = (
    {"kind": "429", "retry_after": 1},
    {"kind": "500", "count": 2},
    {"kind": "drop", "when": "before"},
)


@pytest.fixture
def olivia(stage: Stage) -> Person:
    return Person(stage, OLIVIA)


async def fault(stage: Stage, **what: object) -> None:
    """The next calls of the bot go wrong."""
    async with stage.http.post(f"{stage.telegram.url}/control/fault", json=what) as answer:
        assert answer.status == 200, await answer.text()


async def part(stage: Stage, web_url: str, name: str) -> str:
    """Why a part of the service is not ready; empty when it is."""
    async with stage.http.get(f"{web_url}/health") as answer:
        assert answer.status == 200
        state = (await answer.json())["parts"][name]
    return "" if state["ready"] else str(state["detail"])


@pytest.mark.parametrize("trouble", EACH_ANSWER, ids=lambda trouble: trouble["kind"])
async def test_answer_comes_once_after_trouble(
    stage: Stage, olivia: Person, trouble: dict[str, object]
) -> None:
    await stage.hears("Exchange link up")
    await fault(stage, method="sendMessage", **trouble)
    card = await olivia.asks("/buy tBTCUSD 0.01", "Expires in")
    await fault(stage, method="editMessageText", **trouble)
    await olivia.taps(card, "Confirm buy")
    await olivia.sees(card, "Filled")
    await olivia.hears("Bought 0.01 BTC", after=card.id)
    cards = [text for text in await olivia.heard() if text.startswith("Buy 0.01 BTC, market")]
    assert len(cards) == 1
    assert len(await stage.orders_at_exchange()) == 1


async def test_lost_answer_may_double_but_never_hide_an_alert(stage: Stage, olivia: Person) -> None:
    await stage.hears("Exchange link up")
    card = await olivia.places("/buy tBTCUSD 0.01 limit 20000")
    await fault(stage, kind="drop", when="after", method="sendMessage")
    await stage.control("price", symbol="tBTCUSD", price="19900")
    await olivia.hears("Bought 0.01 BTC", after=card.id)
    assert len(await stage.orders_at_exchange()) == 1


async def test_fill_while_telegram_is_away_is_told_when_it_is_back(
    scene: Stage,
) -> None:
    async with service_on(scene) as service:
        olivia = Person(scene, OLIVIA)
        card = await olivia.places("/buy tBTCUSD 0.01 limit 20000")
        await scene.telegram.stop()

        async def noticed() -> bool:
            return await part(scene, service.web_url, "telegram") != ""

        await eventually_asked(noticed)
        await scene.control("price", symbol="tBTCUSD", price="19900")
        await scene.telegram.start()
        await olivia.hears("Bought 0.01 BTC", after=card.id)
        await olivia.asks("/status", "Open for trading")


async def test_telegram_away_at_the_start(scene: Stage) -> None:
    await scene.telegram.stop()
    async with build(load_settings(scene.environ, None)) as service:

        async def trading() -> bool:
            return await part(scene, service.web_url, "reconciliation") == ""

        await eventually_asked(trading)
        assert "connect" in (await part(scene, service.web_url, "telegram")).lower()
        await scene.telegram.start()
        olivia = Person(scene, OLIVIA)
        await olivia.hears("Genesis started")
        await olivia.asks("/status", "Open for trading")


async def test_a_desk_that_blocks_the_bot_silences_nobody_else(scene: Stage) -> None:
    async with service_on(scene):
        url = f"{scene.telegram.url}/control/block"
        async with scene.http.post(url, json={"user_id": OLIVIA}) as answer:
            assert answer.status == 200
        trader = await joined(scene, TRADERS[0])
        card = await trader.places("/buy tBTCUSD 0.01 limit 20000")
        await scene.control("price", symbol="tBTCUSD", price="19900")
        await trader.hears("Bought 0.01 BTC", after=card.id)


async def test_what_was_said_while_we_were_down_is_done_once(scene: Stage) -> None:
    olivia = Person(scene, OLIVIA)
    said = await olivia.says("/buy tBTCUSD 0.01")
    await olivia.says("/pause while you sleep")
    for _ in range(2):
        async with service_on(scene):
            await olivia.hears("Trading is paused", after=said)
            await olivia.asks("/status", "while you sleep")
    heard = await olivia.heard()
    paused = [t for t in heard if t.startswith("Trading is paused") and "link" not in t]
    assert len(paused) == 1
    about = [t for t in heard if t.startswith(("Buy 0.01 BTC", "Not sent"))]
    assert len(about) == 1
    assert await scene.orders_at_exchange() == []
