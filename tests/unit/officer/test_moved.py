"""What the figures of equity become when money came or left."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.model.records import LedgerEntry
from engine.model.risk import EquityMark, Guard, LedgerPlace, Moved
from engine.model.risk_event import EquityMarked, FundsMoved, GuardReset
from engine.officer.moved import moved, newest, sums_of, told_of
from engine.officer.unread import Unread
from engine.risk.state import RiskState

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
PLACE = LedgerPlace(entry_id=9, at=NOW)
MARK = EquityMark(
    value=Decimal(900),
    currency="USD",
    day=date(2026, 11, 23),
    day_start=Decimal(950),
    peak=Decimal(1000),
    at=NOW - timedelta(minutes=20),
)


def state(mark: EquityMark = MARK) -> RiskState:
    risk = RiskState()
    risk.apply(EquityMarked(at=NOW, mark=mark))
    return risk


def told(worth: int, after: int) -> FundsMoved:
    sums = [(Moved(currency="USD", amount=Decimal(worth)), Decimal(worth))]
    return told_of(sums, [entry(9, worth), entry(8, 1, moved=False)], Decimal(after), "USD", NOW)


def entry(number: int, amount: int, currency: str = "USD", **more: object) -> LedgerEntry:
    whole = LedgerEntry(
        entry_id=number,
        currency=currency,
        wallet="exchange",
        at=NOW,
        amount=Decimal(amount),
        balance=Decimal(0),
        description="",
        moved=True,
    )
    return replace(whole, **more)  # type: ignore[arg-type] # fields of an entry


def kept(risk: RiskState, unread: Unread, worth: int, after: int) -> EquityMark:
    """The mark that is told with it, folded as at every start."""
    first, second = moved(risk, unread, told(worth, after), Decimal(after), PLACE)
    assert first == told(worth, after)
    assert isinstance(second, EquityMarked)
    again = RiskState()
    again.apply(first)
    again.apply(second)
    assert (again.mark, again.peak, again.ledger) == (second.mark, second.mark.peak, PLACE)
    return second.mark


def unread(mark: EquityMark = MARK, high: int | None = None) -> Unread:
    highest = None if high is None else Decimal(high)
    return Unread(since=NOW - timedelta(seconds=9), mark=mark, peak=mark.peak, high=highest)


@pytest.mark.parametrize(
    ("worth", "after", "day_start", "peak"),
    [
        (-450, 450, "475", "500"),
        (900, 1800, "1900", "2000"),
        (-900, 0, "0", "0"),
        (500, 500, "500", "500"),
    ],
)
def test_both_figures_go_with_it(worth: int, after: int, day_start: str, peak: str) -> None:
    mark = kept(state(), unread(), worth, after)
    assert (mark.day_start, mark.peak, mark.value) == (
        Decimal(day_start),
        Decimal(peak),
        Decimal(after),
    )
    assert (mark.at, mark.day, mark.ledger) == (NOW, MARK.day, PLACE)


def test_what_was_reached_since_is_a_peak_as_it_is() -> None:
    risk = state()
    risk.peak = Decimal(2100)
    assert kept(risk, unread(high=2100), 900, 1800).peak == 2100


def test_a_day_that_began_with_the_money_there_is_left_alone() -> None:
    yesterday = replace(MARK, day=date(2026, 11, 22))
    risk = state(replace(MARK, day_start=Decimal(1800), value=Decimal(1800)))
    mark = kept(risk, unread(yesterday), 900, 1800)
    assert mark.day_start == 1800
    assert mark.peak == 2000


def test_guards_that_begin_anew_begin_with_what_there_is() -> None:
    risk = state()
    for guard in (Guard.DAILY_LOSS, Guard.DRAWDOWN):
        risk.apply(GuardReset(at=NOW, guard=guard))
    mark = kept(risk, unread(), -450, 450)
    assert mark.day_start == mark.peak == 450
    began = replace(MARK, peak=Decimal(460), at=NOW)
    assert kept(state(began), unread(), -450, 450).peak == 500
    risk.apply(EquityMarked(at=NOW, mark=replace(began, at=NOW + timedelta(seconds=1))))
    assert kept(risk, unread(), -450, 450).peak == 460


def test_without_a_mark_or_a_price_there_is_nothing_to_move() -> None:
    assert moved(RiskState(), unread(), told(5, 10), Decimal(10), PLACE) == []
    nothing = replace(told(5, 10), sums=())
    assert moved(state(), unread(), nothing, Decimal(10), PLACE) == []


def test_what_came_is_added_up_by_currency() -> None:
    entries = [
        entry(1, -100),
        entry(2, 40),
        entry(3, 7, "BTC", moved=False),
        entry(4, 7, "BTC", wallet="Margin"),
        entry(5, 5, "ETH"),
        entry(6, -5, "ETH", wallet="funding"),
        entry(7, 5, "XYZ"),
        entry(8, 5, "LTC", wallet=""),
    ]
    assert sums_of(entries, ("XYZ",)) == (
        Moved(currency="BTC", amount=Decimal(7)),
        Moved(currency="USD", amount=Decimal(-60)),
    )
    assert newest(entries, None) == LedgerPlace(entry_id=8, at=NOW)
    later = LedgerPlace(entry_id=10, at=NOW + timedelta(seconds=1))
    assert newest(entries, later) == later
