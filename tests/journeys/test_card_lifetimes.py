"""Cards and time: they expire, and they outlive the service."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys import elsewhere
from tests.journeys.people import QUICK, Person
from tests.stage import OLIVIA, Stage, scenery, service_on


@pytest.fixture
async def brief(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """A house where cards live one second."""
    async with scenery(database_url, tmp_path, QUICK, CARD_EXPIRES_SECONDS="1") as stage:
        yield stage


async def test_card_expires_by_itself(brief: Stage) -> None:
    async with service_on(brief):
        olivia = Person(brief, OLIVIA)
        card = await olivia.asks("/buy tBTCUSD 0.01", "Expires in 1 s")
        dead = await olivia.sees(card, "Expired. Nothing was sent.")
        assert dead.buttons == ()
    assert await brief.orders_at_exchange() == []


async def test_card_that_ran_out_while_we_were_down_expires(brief: Stage) -> None:
    olivia = Person(brief, OLIVIA)
    async with service_on(brief):
        card = await olivia.asks("/buy tBTCUSD 0.01", "Expires in 1 s")
    await brief.tap(card, "Confirm buy", wait=1.1)
    async with service_on(brief):
        await olivia.sees(card, "Expired. Nothing was sent.")
    assert await brief.orders_at_exchange() == []


async def test_card_outlives_a_restart(scene: Stage) -> None:
    olivia = Person(scene, OLIVIA)
    async with service_on(scene):
        card = await olivia.asks("/buy tBTCUSD 0.01", "Expires in 60 s")
    async with service_on(scene):
        assert await olivia.taps(card, "Confirm buy") == "Filled."
        await olivia.sees(card, "Filled")
    assert len(await scene.orders_at_exchange()) == 1


async def test_pressed_while_we_were_down_is_done_once(scene: Stage) -> None:
    olivia = Person(scene, OLIVIA)
    async with service_on(scene):
        card = await olivia.asks("/buy tBTCUSD 0.01", "Expires in 60 s")
    await scene.tap(card, "Confirm buy", wait=0.0)
    await scene.tap(card, "Confirm buy", wait=0.0)
    async with service_on(scene):
        await olivia.sees(card, "Filled")
        await olivia.hears("Bought 0.01 BTC", after=card.id)
    assert len(await scene.orders_at_exchange()) == 1


async def test_pause_outlives_a_restart(scene: Stage) -> None:
    olivia = Person(scene, OLIVIA)
    async with service_on(scene):
        card = await olivia.asks("/buy tBTCUSD 0.01", "Expires in 60 s")
        await olivia.asks("/pause overnight", "Trading is paused")
    async with service_on(scene):
        await olivia.taps(card, "Confirm buy")
        await olivia.sees(card, "Not sent", "overnight")
    assert await scene.orders_at_exchange() == []


async def test_what_waits_for_a_decision_outlives_a_restart(scene: Stage) -> None:
    olivia = Person(scene, OLIVIA)
    async with service_on(scene):
        await elsewhere.place(scene, "0.025", "20000")
        asked = await olivia.hears("An order made elsewhere", "0.025")
    async with service_on(scene):
        assert await olivia.taps(asked, "Ignore") == "Left alone."
        await olivia.sees(asked, "Left alone by Olivia.")
        await olivia.asks("/orders", "Made elsewhere, left alone")
        await olivia.asks("/strays", "Nothing made elsewhere waits")
