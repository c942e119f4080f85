"""The same wish once more is the same, or it is told that it does not hold any more."""

from collections.abc import Callable
from datetime import time
from decimal import Decimal

import pytest

from engine.clock import SystemClock
from engine.model.command import PauseTrading, ResumeTrading
from engine.model.event import CommandRefused, Event, TradingPaused, TradingResumed
from engine.model.ids import CommandId
from engine.model.people_event import CommandCarriedOut
from engine.model.result import Done, Refused, TradingState
from engine.model.risk import BreakerTrip, Guard, Lock, Trip
from engine.model.risk_command import (
    ChangeLimit,
    ChangeLimits,
    LockSymbol,
    ResetBreaker,
    ResetGuard,
    SetWindows,
    UnlockSymbol,
)
from engine.model.risk_event import (
    GuardTripped,
    LimitChanged,
    SymbolLocked,
    SymbolUnlocked,
    TradingBreakerTripped,
    WindowsChanged,
)
from engine.model.use_cases import Command
from engine.model.windows import TradingWindows, Window
from tests.integration.desk.scripted import BTC, Scene, scene
from tests.trading_house import OLIVIA

Wish = Command[Done | Refused] | Command[TradingState | Refused]
AT = SystemClock().now()
MONDAYS = TradingWindows(days=((Window(time(8), time(17)),), *((),) * 6))
ONE = CommandId("one")


def tripped() -> Event:
    trip = Trip(guard=Guard.DRAWDOWN, at=AT, seen=Decimal(9), allowed=Decimal(5), reason="it fell")
    return GuardTripped(at=AT, trip=trip)


def broken() -> Event:
    return TradingBreakerTripped(at=AT, trip=BreakerTrip(at=AT, reason="five mishaps"))


def locked() -> Event:
    return SymbolLocked(at=AT, actor_id="tg:2002", lock=Lock(symbol=BTC, at=AT, reason="x"))


def unlocked() -> Event:
    return SymbolUnlocked(at=AT, symbol=BTC, actor_id="tg:2002", name="Sten")


def limit(value: str | None) -> Callable[[], Event]:
    return lambda: LimitChanged(
        at=AT, actor_id="tg:2002", name="Sten", limit="max_open_orders", value=value
    )


def windows(hours: TradingWindows) -> Callable[[], Event]:
    return lambda: WindowsChanged(at=AT, actor_id="tg:2002", name="Sten", windows=hours)


def paused() -> Event:
    return TradingPaused(at=AT, actor_id="tg:2002", name="Sten", reason="")


def resumed() -> Event:
    return TradingResumed(at=AT, actor_id="tg:2002", name="Sten")


async def done_by_olivia(shown: Scene) -> list[Event]:
    """What came of her wishes; that she asked once more is told beside it."""
    acts = await shown.journal.acts(None, OLIVIA.actor_id, 10)
    minutes = CommandCarriedOut | CommandRefused
    return [entry.event for entry in acts if not isinstance(entry.event, minutes)]


@pytest.mark.parametrize(
    ("before", "wish", "undone"),
    [
        (resumed, PauseTrading("news"), resumed),
        (paused, ResumeTrading(), paused),
        (tripped, ResetGuard(Guard.DRAWDOWN), tripped),
        (broken, ResetBreaker(), broken),
        (unlocked, LockSymbol(BTC, "x", None), unlocked),
        (locked, UnlockSymbol(BTC), locked),
        (limit(None), ChangeLimit("max_open_orders", "7"), limit("9")),
        (limit("7"), ChangeLimit("max_open_orders", None), limit("9")),
        (limit(None), ChangeLimits({"max_open_orders": "7"}), limit(None)),
        (windows(TradingWindows()), SetWindows(MONDAYS), windows(TradingWindows())),
    ],
)
async def test_what_was_wished_is_done_once(
    before: Callable[[], Event], wish: Wish, undone: Callable[[], Event]
) -> None:
    async with scene() as shown:
        desk = shown.desk
        await desk.floor.record([before()])
        first = await desk.execute(OLIVIA, wish, ONE)
        assert not isinstance(first, Refused)
        done = await done_by_olivia(shown)
        again = await desk.execute(OLIVIA, wish, ONE)
        assert not isinstance(again, Refused)
        assert again == (Done(repeated=True) if isinstance(first, Done) else first)

        await desk.floor.record([undone()])
        late = await desk.execute(OLIVIA, wish, ONE)
        assert isinstance(late, Refused)
        assert [reason.code for reason in late.reasons] == ["decided_before"]
        assert await done_by_olivia(shown) == done
        anew = await desk.execute(OLIVIA, wish, CommandId("two"))
        assert not isinstance(anew, Refused)
