"""The exchange in trouble: said aloud, refused with a sentence, and open again by itself."""

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.engine import make_url

from bot.app import build
from bot.settings import load_settings
from engine.simulator.server import Simulator
from tests.journeys.people import Person
from tests.stage import OLIVIA, Stage, ready, service_on


@asynccontextmanager
async def reopened(stage: Stage) -> AsyncIterator[None]:
    """A new exchange where the old one was; nothing of the old account is left."""
    port = make_url(stage.simulator.url).port or 0
    simulator = Simulator(dataclasses.replace(stage.simulator.config, port=port))
    await simulator.start()
    try:
        yield
    finally:
        await simulator.stop()


async def test_lost_link_is_told_once_and_so_is_its_return(stage: Stage) -> None:
    olivia = Person(stage, OLIVIA)
    await olivia.hears("Exchange link up")
    await stage.control("drop")
    lost = await olivia.hears("Exchange link lost")
    await olivia.hears("Exchange link up", after=lost.id)
    heard = await olivia.heard()
    assert len([text for text in heard if "link lost" in text]) == 1
    assert len([text for text in heard if "link up" in text]) == 2


async def test_trades_missed_meanwhile_are_told(stage: Stage) -> None:
    olivia = Person(stage, OLIVIA)
    card = await olivia.places("/buy tBTCUSD 0.01 limit 20000")
    await stage.control("drop")
    await stage.control("price", symbol="tBTCUSD", price="19900")
    await olivia.hears("Bought 0.01 BTC", "is filled", after=card.id)
    await olivia.hears("1 trade happened meanwhile", after=card.id)
    assert len(await stage.orders_at_exchange()) == 1


async def test_exchange_away_at_the_start(scene: Stage) -> None:
    await scene.simulator.stop()
    olivia = Person(scene, OLIVIA)
    async with build(load_settings(scene.environ, None)) as service:
        await olivia.asks("/status", "Not open", "Exchange link: down")
        async with scene.http.get(f"{service.web_url}/health") as answer:
            assert answer.status == 200
            parts = (await answer.json())["parts"]
        assert not parts["exchange"]["ready"]
        assert parts["database"]["ready"]
        for line in ("/buy tBTCUSD 0.01", "/price tBTCUSD"):
            refused = await olivia.asks(line, "exchange")
            assert refused.buttons == ()
            assert "went wrong inside" not in refused.text
        await olivia.asks("/balance", "not")
        async with reopened(scene):
            await ready(service.web_url, scene.http)
            await olivia.hears("Exchange link up")
            card = await olivia.asks("/buy tBTCUSD 0.01", "Expires in")
            await olivia.taps(card, "Confirm buy")
            await olivia.sees(card, "Filled")


async def test_press_while_the_exchange_is_away_waits_for_it(scene: Stage) -> None:
    olivia = Person(scene, OLIVIA)
    async with service_on(scene):
        card = await olivia.asks("/buy tBTCUSD 0.01", "Expires in")
        await scene.simulator.stop()
        await olivia.hears("Exchange link lost", after=card.id)
        await scene.tap(card, "Confirm buy", wait=0.0)
        async with reopened(scene):
            await olivia.sees(card, "Filled")
            assert len(await scene.orders_at_exchange()) == 1


async def test_answer_that_comes_late_is_told(stage: Stage) -> None:
    olivia = Person(stage, OLIVIA)
    card = await olivia.asks("/buy tBTCUSD 0.01 limit 20000", "Expires in")
    await stage.control("fault", kind="delay", where="on", seconds=6)
    notice = await olivia.taps(card, "Confirm buy", wait=10.0)
    assert notice == "Sent, not yet answered."
    await olivia.sees(card, "you will be told")
    await olivia.sees(card, "Working")
    await olivia.hears("Buy 0.01 BTC, limit 20,000", "Working", after=card.id)
    assert len(await stage.orders_at_exchange()) == 1
