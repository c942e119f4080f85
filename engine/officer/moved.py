"""Money that came or left: the day's start and the peak go with it, as if it had been so before."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from engine.model.account import Wallet
from engine.model.event import Event
from engine.model.records import LedgerEntry
from engine.model.risk import EquityMark, Guard, LedgerPlace, Moved
from engine.model.risk_event import EquityMarked, FundsMoved
from engine.officer.marks import current
from engine.officer.unread import Unread
from engine.risk.state import EPOCH, RiskState

_DIGITS = Decimal("1e-10")
_COUNTED = frozenset(Wallet)


def sums_of(entries: Iterable[LedgerEntry], ignored: Iterable[str]) -> tuple[Moved, ...]:
    """What came or left in each currency that equity counts; two legs of a transfer are nothing."""
    sums: dict[str, Decimal] = {}
    for entry in entries:
        if entry.moved and entry.wallet.lower() in _COUNTED and entry.currency not in ignored:
            sums[entry.currency] = sums.get(entry.currency, Decimal(0)) + entry.amount
    return tuple(Moved(currency=name, amount=sums[name]) for name in sorted(sums) if sums[name])


def told_of(
    priced: Sequence[tuple[Moved, Decimal]],
    entries: Iterable[LedgerEntry],
    after: Decimal,
    currency: str,
    now: datetime,
) -> FundsMoved:
    """What came and left, and what it was worth."""
    worth = sum((value for _, value in priced), Decimal(0))
    return FundsMoved(
        at=now,
        sums=tuple(sum_ for sum_, _ in priced),
        worth=worth,
        before=after - worth,
        currency=currency,
        entries=tuple(sorted(entry.entry_id for entry in entries if entry.moved)),
    )


def moved(
    risk: RiskState,
    unread: Unread,
    told: FundsMoved,
    after: Decimal,
    place: LedgerPlace,
) -> Sequence[Event]:
    """What is told of it, with the mark that has it taken in; nothing where none was kept yet.

    Both figures stay as far from equity, in percent, as they were: what was lost before is neither
    forgotten nor made worse. An account that was empty, or is now, begins anew.
    """
    mark = current(risk)
    if mark is None or not told.sums:
        return []
    scale = after / told.before if told.before > 0 and after > 0 else None
    kept = replace(
        mark,
        at=told.at,
        value=after,
        day_start=_day_start(risk, unread, mark, scale, after),
        peak=_peak(risk, unread, mark, scale, after),
        ledger=place,
    )
    return [told, EquityMarked(at=told.at, mark=kept)]


def _day_start(
    risk: RiskState, unread: Unread, mark: EquityMark, scale: Decimal | None, after: Decimal
) -> Decimal:
    if scale is None or Guard.DAILY_LOSS in risk.anew:
        return after
    before = unread.mark
    if before is None or (before.day, before.day_start) != (mark.day, mark.day_start):
        return mark.day_start  # it was kept when the money had moved already
    return _rounded(mark.day_start * scale)


def _peak(
    risk: RiskState, unread: Unread, mark: EquityMark, scale: Decimal | None, after: Decimal
) -> Decimal:
    if scale is None or Guard.DRAWDOWN in risk.anew:
        return after
    if risk.resets.get(Guard.DRAWDOWN, EPOCH) > unread.since:
        return max(mark.peak, after)
    return max(_rounded((unread.peak or mark.peak) * scale), unread.high or after, after)


def _rounded(figure: Decimal) -> Decimal:
    return figure.quantize(_DIGITS, rounding=ROUND_HALF_EVEN)


def newest(entries: Sequence[LedgerEntry], place: LedgerPlace | None) -> LedgerPlace:
    """How far the ledger is read with these."""
    known = place or LedgerPlace(entry_id=0, at=EPOCH)
    return LedgerPlace(
        entry_id=max([known.entry_id, *(entry.entry_id for entry in entries)]),
        at=max([known.at, *(entry.at for entry in entries)]),
    )
