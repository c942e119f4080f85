"""What an order must not be: each limit holds it back, outlives a restart, and is lifted."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.people import Person
from tests.journeys.rulings import priced, refused, sets, trades
from tests.stage import OLIVIA, Stage, service_on


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with priced(database_url, tmp_path) as stage:
        yield stage


async def test_what_an_order_must_not_be(scene: Stage) -> None:
    async with service_on(scene):
        admin = Person(scene, OLIVIA)
        await sets(admin, "allowed symbols tETHUSD", "price band 1", "order size 500")
        await sets(admin, "denied symbols tBTCUSD", "max open orders 1")
        await trades(admin, "/buy tETHUSD 0.1 limit 1990", "Confirm buy", "Working")
        line = "/buy tBTCUSD 0.6 limit 20000"
        everything = (
            "tBTCUSD is not among the symbols that may be opened",
            "tBTCUSD may not be opened",
            "The limit price 20,000 is 33",
            "This order is worth 12,000 USD, and 500 USD is the most. Use 0.025 BTC or less",
            "1 order open, and 1 allowed at once. Cancel one first: /orders",
        )
        await refused(admin, line, *everything)
    async with service_on(scene):
        await admin.asks("/risk", "Open orders  1 of 1")
        await refused(admin, line, *everything)
        await admin.asks("/sell tBTCUSD 0.5", "Expires in")
        await sets(admin, "allowed symbols off", "denied symbols settings", "order size off")
        await refused(admin, line, *everything[2:3], *everything[4:])
        card = await admin.asks("/cancelall", "Cancel 1 open order?")
        await admin.taps(card, "Cancel 1 order")
        await admin.sees(card, "Cancelled")
        await sets(admin, "price band 40", "price age 10")
        await admin.asks(line, "Expires in", "Risk: all")
        await _prices_grow_old(scene, admin)


async def _prices_grow_old(scene: Stage, admin: Person) -> None:
    """What is too old is asked for anew, and opens nothing only where nobody answers."""
    scene.clock.advance(20)
    await admin.asks("/buy tBTCUSD 0.1", "Expires in", "Risk: all")
    await scene.control("fault", kind="500", where="/v2/ticker", count=1000)
    scene.clock.advance(20)
    await refused(admin, "/buy tBTCUSD 0.1", "seconds old, too old to open anything on")
    await admin.asks("/sell tBTCUSD 0.01", "Expires in")
    await scene.control("fault", clear=True)
    await admin.asks("/buy tBTCUSD 0.1", "Expires in", "Risk: all")


async def test_how_often_somebody_trades(scene: Stage) -> None:
    async with service_on(scene):
        admin = Person(scene, OLIVIA)
        await _is_told_what_clashes(admin)
        await sets(admin, "cooldown 5m", "cooldown per symbol 10m")
        await trades(admin, "/buy tETHUSD 0.1", "Confirm buy")
        reasons = (
            "1 trade opened in tETHUSD today, and 1 a day are allowed in one symbol",
            "After a trade 5 minutes must pass",
            "After a trade in tETHUSD 10 minutes must pass",
        )
        await refused(admin, "/buy tETHUSD 0.1", *reasons)
    async with service_on(scene):
        await admin.asks("/risk", "Entries are blocked", "Cooldown until", "1 of 2")
        await refused(admin, "/buy tETHUSD 0.1", *reasons)
        await refused(admin, "/buy tBTCUSD 0.01", reasons[1])
        await scene.passes(301)
        await refused(admin, "/buy tETHUSD 0.1", reasons[0], reasons[2])
        await sets(admin, "cooldown per symbol off")
        await refused(admin, "/buy tETHUSD 0.1", reasons[0])
        await trades(admin, "/buy tBTCUSD 0.01", "Confirm buy")
        await sets(admin, "cooldown off")
        both = "2 trades opened today, and 2 a day are allowed"
        await refused(admin, "/buy tETHUSD 0.1", both, reasons[0])
        await admin.asks("/sell tBTCUSD 0.01", "Expires in", "Risk: all")
        await sets(admin, "max trades 3", "trades a day per symbol 2")
        await admin.asks("/buy tETHUSD 0.1", "Expires in", "tETHUSD today 1 of 2")
        await sets(admin, "max trades 2", "trades a day per symbol 1")
        await scene.passes(86_400)
        await admin.asks("/buy tETHUSD 0.1", "Expires in", "Risk: all")
        await admin.asks("/risk", "0 of 2")


async def _is_told_what_clashes(admin: Person) -> None:
    """Limits that mean nothing together are set all the same, and told on the card and after."""
    await sets(admin, "max trades 2")
    card = await admin.asks("/limits trades a day per symbol 3", "Change this limit?")
    assert "3 trades a day are allowed in one symbol, but only 2 in all" in card.text
    await admin.taps(card, "Confirm change")
    await admin.sees(card, "Changed")
    await admin.asks("/limits", "Look at these", "is never reached")
    await sets(admin, "trades a day per symbol 1")
    assert "Look at these" not in (await admin.asks("/limits", "Limits in force")).text
