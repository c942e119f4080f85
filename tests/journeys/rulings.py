"""What an admin does about risk at the phone, and an account whose worth is known at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from tests.eventually import eventually_asked
from tests.journeys.people import QUICK, Person
from tests.stage import Message, Stage, scenery

ALL_PRICED = replace(
    QUICK,
    symbols=("tBTCUSD", "tETHUSD"),
    balances={"USD": Decimal(100_000), "BTC": Decimal(2), "margin:USD": Decimal(50_000)},
    walk_history_minutes=10_080,
)
"""210,000 USD, of which two coins at 30,000 are a part; a week of prices, so that how much a
symbol moves is known."""


@asynccontextmanager
async def priced(database_url: str, folder: Path, **settings: str) -> AsyncIterator[Stage]:
    """Everything but the service."""
    async with scenery(database_url, folder, ALL_PRICED, **settings) as stage:
        yield stage


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


async def knows_equity(person: Person) -> None:
    """Until the account's worth is told."""

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
