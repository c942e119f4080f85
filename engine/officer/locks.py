"""Symbols that are locked for what trades in them came to, and locks whose time is over."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from engine.model.event import Event
from engine.model.money import plain
from engine.model.risk import Closing, Lock
from engine.model.risk_event import SymbolLocked, SymbolUnlocked
from engine.model.symbol import Symbol
from engine.risk.state import EPOCH, RiskState
from engine.risk.wording import span, times

_CENT = Decimal("0.01")


def locks(risk: RiskState, now: datetime) -> Sequence[Event]:
    """Those that are due and do not stand, and those that are over."""
    over = [
        SymbolUnlocked(at=now, symbol=lock.symbol)
        for lock in risk.locks.values()
        if lock.until is not None and lock.until <= now
    ]
    if not risk.limits.enabled:
        return over
    return [*over, *(SymbolLocked(at=now, lock=lock) for lock in _due(risk, now))]


def _due(risk: RiskState, now: datetime) -> Iterator[Lock]:
    """One for each symbol: the longest that its trades ask for."""
    wanted: dict[Symbol, Lock] = {}
    for lock in (*_stop_streaks(risk, now), *_low_profits(risk, now)):
        known = wanted.get(lock.symbol)
        if known is None or (lock.until or now) > (known.until or now):
            wanted[lock.symbol] = lock
    return (lock for symbol, lock in sorted(wanted.items()) if symbol not in risk.locks)


def _stop_streaks(risk: RiskState, now: datetime) -> Iterator[Lock]:
    limits = risk.limits
    if not limits.stop_streak_trades:
        return
    lookback = limits.stop_streak_lookback_minutes
    for symbol, closings in _by_symbol(_recent(risk, now, lookback)).items():
        stopped = sum(closing.stopped and closing.profit < 0 for closing in closings)
        if stopped >= limits.stop_streak_trades:
            losses = "stop loss" if stopped == 1 else "stop losses"
            reason = f"{stopped} {losses} within {span(lookback)}"
            yield _lock(symbol, now, limits.stop_streak_lock_minutes, reason)


def _low_profits(risk: RiskState, now: datetime) -> Iterator[Lock]:
    limits = risk.limits
    if not limits.low_profit_trades:
        return
    lookback = limits.low_profit_lookback_minutes
    for symbol, closings in _by_symbol(_recent(risk, now, lookback)).items():
        made = sum((closing.percent for closing in closings), Decimal(0))
        if len(closings) >= limits.low_profit_trades and made < limits.low_profit_percent:
            reason = (
                f"{times(len(closings), 'closed trade')} within {span(lookback)} made "
                f"{plain(made.quantize(_CENT))} %, and {plain(limits.low_profit_percent)} % is "
                "the least"
            )
            yield _lock(symbol, now, limits.low_profit_lock_minutes, reason)


def _recent(risk: RiskState, now: datetime, minutes: int) -> Iterator[Closing]:
    """Closed trades of that time, newest first; an unlocked symbol counts anew."""
    since = now - timedelta(minutes=minutes)
    for closing in reversed(risk.closings.over):
        if closing.at <= since:
            return
        if closing.at > risk.unlocked.get(closing.symbol, EPOCH):
            yield closing


def _by_symbol(closings: Iterable[Closing]) -> dict[Symbol, list[Closing]]:
    grouped: dict[Symbol, list[Closing]] = {}
    for closing in closings:
        grouped.setdefault(closing.symbol, []).append(closing)
    return grouped


def _lock(symbol: Symbol, now: datetime, minutes: int, reason: str) -> Lock:
    return Lock(symbol=symbol, at=now, reason=reason, until=now + timedelta(minutes=minutes))
