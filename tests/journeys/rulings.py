"""What an admin does about risk at the phone, and an account whose worth is known at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from tests.eventually import eventually_asked
from tests.journeys.people import QUICK, Person
from tests.stage import Message, Stage, scenery

ALL_PRICED = replace(
    QUICK,
    symbols=("tBTCUSD", "tETHUSD"),
    balances={"USD": Decimal(100_000), "BTC": Decimal(2), "margin:USD": Decimal(50_000)},
)
"""210,000 USD, of which two coins at 30,000 are a part."""
A_WEEK = 7 * 24 * 60


LONGEST_STORY = 3 * 3600.0


@asynccontextmanager
async def priced(database_url: str, folder: Path, minutes: int = 60) -> AsyncIterator[Stage]:
    """Everything but the service, on a trading day that does not end before the story does; the
    market is so many minutes old."""
    exchange = replace(ALL_PRICED, walk_history_minutes=minutes)
    async with scenery(database_url, folder, exchange) as stage:
        for symbol, price in (("tBTCUSD", "30000"), ("tETHUSD", "2000")):
            await stage.control("price", symbol=symbol, price=price)
        if (left := _left_of_the_day(stage)) < LONGEST_STORY:
            await stage.passes(left + 1)
        yield stage


def _left_of_the_day(stage: Stage) -> float:
    now = stage.clock.now()
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return (tomorrow - now).total_seconds()


async def sets(admin: Person, *limits: str) -> None:
    """Change limits, one card each."""
    for words in limits:
        card = await admin.asks(f"/limits {words}", "Change this limit?")
        await admin.taps(card, "Confirm change")
        await admin.sees(card, "Changed")


async def trades(person: Person, line: str, button: str, outcome: str = "Filled") -> Message:
    """An order from its card to its outcome."""
    card = await person.asks(line, "Expires in")
    await person.taps(card, button)
    return await person.sees(card, outcome)


async def holds(person: Person, words: str) -> None:
    """Until the exchange has told what is held: a wallet's word comes after its order's."""

    async def told() -> bool:
        return words in (await person.asks("/balance", "Together")).text

    await eventually_asked(told)


async def knows_equity(person: Person) -> None:
    """Until the account's worth is told."""
    await person.hears("Trading is open")

    async def known() -> bool:
        return "unknown" not in (await person.asks("/risk", "Today")).text

    await eventually_asked(known, patience=15.0)


async def resets(admin: Person, guard: str) -> None:
    """From the panel, over the card, to the guard that counts anew."""
    panel = await admin.asks("/risk", f"Guard on {guard}")
    await admin.taps(panel, f"Reset {guard}")
    card = await admin.sees(panel, f"Reset the guard on {guard}?")
    await admin.taps(card, "Reset guard")
    await admin.sees(card, "Reset")


async def refused(person: Person, line: str, *sentences: str) -> None:
    """An order that is not even a card; every reason is named, and no other."""
    told = await person.asks(line, "Not sent", *sentences)
    assert told.text.count("•") == len(sentences), told.text
    assert told.buttons == ()


async def keeps_time(stage: Stage) -> None:
    """The exchange's clock is as late as the service's, which may have hurried on."""
    behind = stage.clock.now().timestamp() - int(str((await stage.exchange())["now"])) / 1000
    await stage.control("clock", advance=max(behind, 0.0))
