"""Limits that are right alone and mean nothing together: told, not refused."""

from collections.abc import Iterator

from engine.model.limits import LIMITS
from engine.model.risk import RiskLimits
from engine.risk.wording import lapse, percent, span, times

_DAY_MINUTES = 24 * 60


def contradictions(limits: RiskLimits) -> tuple[str, ...]:
    """A sentence for each, with what would be right; none while risk is switched off."""
    if not limits.enabled:
        return ()
    return tuple(
        note for look in (_of_trades, _of_symbols, _of_holdings, _of_locks) for note in look(limits)
    )


def _of_trades(limits: RiskLimits) -> Iterator[str]:
    symbol, day = limits.max_trades_per_symbol_per_day, limits.max_trades_per_day
    if 0 < day < symbol:
        yield (
            f"{times(symbol, 'trade')} a day are allowed in one symbol, but only {day} in all: "
            f"{_name('max_trades_per_symbol_per_day')} is never reached."
        )
    slow, quick = limits.trade_cooldown_seconds, limits.symbol_cooldown_seconds
    if 0 < quick < slow:
        yield (
            f"After a trade {lapse(quick)} must pass in its symbol, but {lapse(slow)} in all: "
            f"{_name('symbol_cooldown_seconds')} holds nothing back."
        )


def _of_symbols(limits: RiskLimits) -> Iterator[str]:
    both = [symbol for symbol in limits.allowed_symbols if symbol in limits.denied_symbols]
    if not both:
        return
    if len(both) == len(limits.allowed_symbols):
        yield "Every allowed symbol is denied too: nothing at all may be opened."
    else:
        yield f"{', '.join(both[:3])}: allowed and denied at once, so not opened."


def _of_holdings(limits: RiskLimits) -> Iterator[str]:
    one, every = limits.max_position_percent, limits.max_exposure_percent
    if 0 < every < one:
        yield (
            f"One holding may be {percent(one)} of equity, but all together only "
            f"{percent(every)}: {_name('max_position_percent')} is never reached."
        )


def _of_locks(limits: RiskLimits) -> Iterator[str]:
    needed = (
        (limits.stop_streak_trades, limits.stop_streak_lookback_minutes, "stop_streak"),
        (limits.low_profit_trades, limits.low_profit_lookback_minutes, "low_profit"),
    )
    for trades, lookback, name in needed:
        if trades and (reason := _out_of_reach(limits, trades, lookback)):
            yield (
                f"{times(trades, 'closed trade')} within {span(lookback)} can hardly be, for "
                f"{reason}: lengthen {name}_lookback_minutes, or lower {name}_trades."
            )


def _out_of_reach(limits: RiskLimits, trades: int, lookback: int) -> str:
    """Why there are not so many trades in a symbol in that time; empty where there may be."""
    pause = max(limits.trade_cooldown_seconds, limits.symbol_cooldown_seconds)
    if (trades - 1) * pause > lookback * 60:
        return f"{lapse(pause)} must pass between two"
    each = (limits.max_trades_per_day, limits.max_trades_per_symbol_per_day)
    most = min((limit for limit in each if limit), default=0)
    days = -(-lookback // _DAY_MINUTES) + 1
    return f"only {most} a day are opened" if most and trades > most * days else ""


def _name(limit: str) -> str:
    return f"{LIMITS[limit].title} ({limit})"
