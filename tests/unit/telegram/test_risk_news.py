"""What the risk desk ruled, as news: what stops trading rings, and says what lifts it."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from bot.telegram.digest import digested
from bot.telegram.news import news_of
from bot.telegram.tidings import News
from engine.model.event import Event
from engine.model.risk import BreakerTrip, EquityMark, Guard, Lock, Moved, Trip
from engine.model.risk_event import (
    EquityKnown,
    EquityMarked,
    EquityUnknown,
    FundsMoved,
    GuardReset,
    GuardTripped,
    LimitChanged,
    RiskFailed,
    SymbolLocked,
    SymbolUnlocked,
    TradingBreakerReset,
    TradingBreakerTripped,
    WindowClosed,
    WindowOpened,
    WindowsChanged,
)
from engine.model.windows import TradingWindows, Window
from tests.unit.telegram.made import BTCUSD, NOW, entries

LATER = NOW + timedelta(hours=1)


def told(*events: Event) -> Sequence[News]:
    return news_of(entries(*events), lambda key: None)


def one(event: Event) -> News:
    (news,) = told(event)
    return news


def tripped(until: datetime | None = LATER) -> GuardTripped:
    trip = Trip(
        guard=Guard.DAILY_LOSS,
        at=NOW,
        seen=Decimal("5.2"),
        allowed=Decimal(5),
        reason="equity fell by 5.2 %, <a lot>",
        until=until,
    )
    return GuardTripped(at=NOW, trip=trip)


def test_a_guard_rings_with_its_figures_and_says_what_lifts_it() -> None:
    news = one(tripped())
    assert news.urgent
    assert not news.silent
    assert "Guard tripped: daily loss" in news.text
    assert "Equity fell by 5.2 %, &lt;a lot&gt;." in news.text
    assert "It resets itself at 02 Jan 04:04:05 UTC; before that an admin resets it in" in news.text
    assert "An admin resets it in /risk." in one(tripped(until=None)).text


def test_no_digest_leaves_out_what_stops_trading() -> None:
    trip = BreakerTrip(at=NOW, reason="within 60 seconds 5 orders were rejected")
    many = [SymbolUnlocked(at=NOW, symbol=BTCUSD) for _ in range(40)]
    events = [tripped(), TradingBreakerTripped(at=NOW, trip=trip), *many]
    text = "\n".join(news.text for news in digested(entries(*events), told(*events)))
    assert "Guard tripped" in text
    assert "Trading breaker tripped" in text


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (GuardReset(at=NOW, guard=Guard.DRAWDOWN), "Guard reset: drawdown</b>, its time is over"),
        (TradingBreakerReset(at=NOW), "Trading breaker reset</b>, its time is over"),
        (EquityUnknown(at=NOW, why="XYZ has no price"), "Equity is not known</b>: XYZ has no"),
        (EquityKnown(at=NOW), "Equity is known again"),
        (RiskFailed(at=NOW, symbol=BTCUSD, detail="division <by> zero"), "division &lt;by&gt;"),
        (
            SymbolLocked(at=NOW, lock=Lock(symbol=BTCUSD, at=NOW, reason="2 stops", until=LATER)),
            "Locked</b> <code>tBTCUSD</code> until 02 Jan 04:04:05 UTC: 2 stops",
        ),
    ],
)
def test_what_happens_by_itself_rings(event: Event, words: str) -> None:
    news = one(event)
    assert words in news.text
    assert not news.silent
    assert not news.echo


@pytest.mark.parametrize(
    "event",
    [
        WindowOpened(at=NOW, until=LATER),
        WindowClosed(at=NOW, until=None),
        SymbolUnlocked(at=NOW, symbol=BTCUSD),
    ],
)
def test_hours_and_locks_that_end_are_silent(event: Event) -> None:
    assert one(event).silent


@pytest.mark.parametrize(
    ("event", "silent"),
    [
        (GuardReset(at=NOW, guard=Guard.DRAWDOWN, actor_id="tg:5", name="Ada"), False),
        (TradingBreakerReset(at=NOW, actor_id="tg:5", name="Ada"), False),
        (SymbolUnlocked(at=NOW, symbol=BTCUSD, actor_id="tg:5", name="Ada"), True),
        (
            SymbolLocked(at=NOW, lock=Lock(symbol=BTCUSD, at=NOW, reason=""), actor_id="tg:5"),
            True,
        ),
        (LimitChanged(at=NOW, actor_id="tg:5", name="Ada", limit="enabled", value="off"), True),
        (
            WindowsChanged(
                at=NOW,
                actor_id="tg:5",
                name="Ada",
                windows=TradingWindows(days=((Window(time(8), time(17)),),) * 7),
            ),
            True,
        ),
    ],
)
def test_what_somebody_does_is_told_to_the_others(event: Event, silent: bool) -> None:
    news = one(event)
    assert news.echo
    assert news.actor_id == "tg:5"
    assert news.silent is silent


def test_a_limit_says_what_it_is_now() -> None:
    changed = LimitChanged(at=NOW, actor_id="tg:5", name="Ada", limit="enabled", value=None)
    assert "<code>enabled</code> is what the settings say again" in one(changed).text


def test_equity_that_is_kept_is_no_news() -> None:
    mark = EquityMark(
        value=Decimal(1),
        currency="USD",
        day=date(2026, 1, 2),
        day_start=Decimal(1),
        peak=Decimal(1),
    )
    assert told(EquityMarked(at=NOW, mark=mark)) == []


@pytest.mark.parametrize(
    ("sums", "words"),
    [
        ([("USD", "-1000")], "1,000 USD was withdrawn: the day's start and the peak were moved"),
        (
            [("BTC", "0.5")],
            "0.5 BTC was deposited: the day's start and the peak were moved with",
        ),
        (
            [("BTC", "-0.5"), ("ETH", "-2"), ("USD", "30")],
            "30 USD was deposited and 0.5 BTC and 2 ETH were withdrawn: the day's start and the "
            "peak were moved with them.",
        ),
        (
            [(f"C{number}", "1") for number in range(7)],
            "1 C0, 1 C1, 1 C2, 1 C3 and 3 other currencies were deposited: ",
        ),
    ],
)
def test_money_that_came_or_left_is_a_quiet_note(sums: list[tuple[str, str]], words: str) -> None:
    moved = tuple(Moved(currency=name, amount=Decimal(amount)) for name, amount in sums)
    news = one(
        FundsMoved(
            at=NOW,
            sums=moved,
            worth=Decimal(1),
            before=Decimal(2),
            currency="USD",
            entries=(7,),
        )
    )
    assert news.silent
    assert not news.urgent
    assert words in news.text
