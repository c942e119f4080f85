"""The risk desk: whether entries pass, what stands in their way, and today's figures."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from bot.telegram.render.moments import there
from bot.telegram.render.table import Row, table
from bot.telegram.render.text import bold, esc, lines, money, percent
from engine.model.endpoint import EndpointType
from engine.model.money import plain
from engine.model.risk import BreakerTrip, Guard, Trip
from engine.model.risk_result import RiskStatus

OFF = (
    "<b>RISK IS SWITCHED OFF</b>",
    "No limit and no guard is asked. An admin switches it on: <code>/limits enabled on</code>",
)
WHOLE = Decimal(100)
MOST_SHOWN = 4
_TENTH = Decimal("0.1")


def panel(seen: RiskStatus, breakers: Sequence[EndpointType] = ()) -> str:
    """Everything a person should know at a glance."""
    off = [] if seen.limits.enabled else [*OFF, ""]
    against = obstacles(seen)
    head = bold("Entries are blocked") if against else bold("Open for entries")
    until = _closes(seen) if not against else []
    said = [f"• {each}" for each in against]
    return lines(
        [
            *off,
            head,
            *said,
            *until,
            *transports(breakers),
            *_equity(seen),
            "",
            f"{bold('Today')}, {seen.day:%a %d %b}",
            table(_figures(seen)),
            *shut_symbols(seen),
        ]
    )


def obstacles(seen: RiskStatus) -> Sequence[str]:
    """Why nothing may be opened now, whatever it is; one line each, in HTML."""
    found = [_paused(seen)] if seen.paused is not None else []
    if not seen.limits.enabled:
        return found
    if not seen.open:
        found.append(f"{bold('Window closed')}: {esc(_next_opening(seen))}")
    found += [f"{bold(f'Guard on {trip.guard}')}: {_tripped(trip, seen)}" for trip in seen.trips]
    if seen.breaker is not None:
        found.append(f"{bold('Trading breaker')}: {_broken(seen.breaker, seen)}")
    if seen.equity.value is None and needs_equity(seen):
        found.append(f"{bold('Equity unknown')}: the limits on it cannot be checked")
    if (ends := cooldown_until(seen)) is not None:
        found.append(f"{bold('Cooldown')} until {_at(ends, seen)}")
    return [*found, *_used_up(seen)]


def _used_up(seen: RiskStatus) -> Sequence[str]:
    """Limits that leave no room for any order that opens something."""
    found, trades = [], seen.limits.max_trades_per_day
    if trades and seen.trades_today >= trades:
        found.append(f"{bold('Trades')}: {seen.trades_today} of {trades} today")
    most, part = seen.limits.max_exposure_percent, exposure_part(seen)
    if most and part is not None and part >= most:
        found.append(f"{bold('Exposure')}: {in_percent(part)} of {plain(most)} %")
    return found


def transports(breakers: Sequence[EndpointType]) -> Sequence[str]:
    """The calls that are held back, because the exchange keeps failing."""
    if not breakers:
        return []
    kinds = ", ".join(kind.value.replace("_", " ").lower() for kind in breakers)
    return [f"{bold('Transport breaker open')}: {esc(kinds)}"]


def needs_equity(seen: RiskStatus) -> bool:
    """Whether a limit in force is a part of equity."""
    limits = seen.limits
    return any(
        (
            limits.max_daily_loss_percent,
            limits.max_drawdown_percent,
            limits.max_position_percent,
            limits.max_exposure_percent,
        )
    )


def cooldown_until(seen: RiskStatus) -> datetime | None:
    """When the next trade may be opened, where that is still to come."""
    if not seen.limits.trade_cooldown_seconds or seen.newest_trade is None:
        return None
    ends = seen.newest_trade + timedelta(seconds=seen.limits.trade_cooldown_seconds)
    return ends if ends > seen.at else None


def day_result(seen: RiskStatus) -> Decimal | None:
    """Percent won or lost since the trading day began; None while that is not known."""
    value, mark = seen.equity.value, seen.mark
    if value is None or mark is None or mark.day != seen.day or not mark.day_start:
        return None
    return (value - mark.day_start) / mark.day_start * WHOLE


def drawdown(seen: RiskStatus) -> Decimal | None:
    """Percent below the highest equity; None while that is not known."""
    value, mark = seen.equity.value, seen.mark
    if value is None or mark is None or not mark.peak:
        return None
    return max((mark.peak - value) / mark.peak * WHOLE, Decimal(0))


def exposure_part(seen: RiskStatus) -> Decimal | None:
    """All holdings together, in percent of equity."""
    if seen.exposure is None or not seen.equity.value:
        return None
    return seen.exposure / seen.equity.value * WHOLE


def in_percent(value: Decimal) -> str:
    """`12.5 %`, without a sign."""
    return f"{plain(value.quantize(_TENTH))} %"


def lifted(until: datetime | None, seen: RiskStatus) -> str:
    """How something that blocks ends."""
    return f"resets {_at(until, seen)}" if until is not None else "an admin resets it"


def _paused(seen: RiskStatus) -> str:
    paused = seen.paused
    if paused is None:
        return ""
    why = f": {esc(paused.reason)}" if paused.reason else ""
    return f"{bold('Paused')} by {esc(paused.name)}, {_at(paused.at, seen)}{why}"


def _tripped(trip: Trip, seen: RiskStatus) -> str:
    unit = "" if trip.guard is Guard.CONSECUTIVE_LOSSES else " %"
    figures = f"{plain(trip.seen)} of {plain(trip.allowed)}{unit}"
    return esc(f"{figures}, {lifted(trip.until, seen)}")


def _broken(trip: BreakerTrip, seen: RiskStatus) -> str:
    return esc(f"{trip.reason.rstrip('.')}; {lifted(trip.until, seen)}")


def _next_opening(seen: RiskStatus) -> str:
    if seen.window_until is None:
        return "no opening within a year"
    return f"opens {_at(seen.window_until, seen)}"


def _closes(seen: RiskStatus) -> Sequence[str]:
    if seen.window_until is None or not (seen.open and seen.limits.enabled):
        return []
    return [f"Window closes {esc(_at(seen.window_until, seen))}"]


def _at(at: datetime, seen: RiskStatus) -> str:
    return f"{there(at, seen.at, seen.windows.zone)} {seen.windows.zone}"


def _equity(seen: RiskStatus) -> Sequence[str]:
    if seen.equity.value is not None:
        return []
    return [f"{bold('EQUITY UNKNOWN')}: {esc(seen.equity.unknown.rstrip('.'))}."]


def _figures(seen: RiskStatus) -> Sequence[Row]:
    limits = seen.limits
    currency = seen.equity.currency
    value = seen.equity.value
    return [
        ("Equity", "unknown" if value is None else money(value, currency)),
        ("Result", _signed(day_result(seen)) + _limit(limits.max_daily_loss_percent, "-")),
        ("Drawdown", _fallen(seen) + _limit(limits.max_drawdown_percent)),
        ("Trades", _of(seen.trades_today, limits.max_trades_per_day)),
        ("Positions", _of(seen.positions, limits.max_open_positions)),
        ("Exposure", _part(exposure_part(seen)) + _limit(limits.max_exposure_percent)),
        ("Open orders", _of(seen.open_orders, limits.max_open_orders)),
        ("Loss streak", _of(seen.losses, limits.max_consecutive_losses)),
        ("Mishaps", _of(seen.mishaps, limits.breaker_events)),
    ]


def _signed(value: Decimal | None) -> str:
    if value is None:
        return "unknown"
    return in_percent(Decimal(0)) if not round(value, 2) else percent(value)


def _fallen(seen: RiskStatus) -> str:
    """As closely as the day's result: a small loss is no nought."""
    value = drawdown(seen)
    return "unknown" if value is None else f"{plain(round(value, 2))} %"


def _part(value: Decimal | None) -> str:
    return "unknown" if value is None else in_percent(value)


def _limit(most: Decimal, sign: str = "") -> str:
    return f" of {sign}{plain(most)} %" if most else ""


def _of(count: int, most: int) -> str:
    return f"{count} of {most}" if most else str(count)


def shut_symbols(seen: RiskStatus) -> Sequence[str]:
    """Symbols in which nothing is opened, as they are locked or move too much."""
    most = plain(seen.limits.max_volatility_percent)
    wild = [f"{symbol} {in_percent(moves)}" for symbol, moves in seen.wild]
    return [
        *_some("Locked", [lock.symbol for lock in seen.locks]),
        *_some(f"Moves more than {most} % a day", wild),
    ]


def _some(head: str, names: Sequence[str]) -> Sequence[str]:
    if not names:
        return []
    more = f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else ""
    return [f"{bold(head)}: {esc(', '.join(names[:MOST_SHOWN]))}{more}"]
