"""What a limit would stop at once, since things stand beyond it already."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from bot.telegram.render.risk import day_result, drawdown, exposure_part, in_percent
from engine.model.risk import Guard
from engine.model.risk_result import LimitPreview, RiskStatus

_TRIPS: Final = "its guard would trip at once"


class _Stand(NamedTuple):
    """How something stands, with a place for its figure, and the guard that looks at it."""

    now: Callable[[RiskStatus], Decimal | int | None]
    told: str
    guard: Guard | None = None


def passed(preview: LimitPreview, seen: RiskStatus) -> str:
    """How things stand beyond the new limit, and what follows; empty while they do not."""
    stand = _STANDS.get(preview.limit)
    if stand is None or not seen.limits.enabled:
        return ""
    if any(trip.guard is stand.guard for trip in seen.trips):
        return ""
    now = stand.now(seen)
    if now is None or not 0 < Decimal(preview.after) <= now:
        return ""
    return stand.told.format(in_percent(now) if isinstance(now, Decimal) else now)


def _lost(seen: RiskStatus) -> Decimal | None:
    result = day_result(seen)
    return None if result is None else -result


_STANDS: Final[Mapping[str, _Stand]] = {
    "max_exposure_percent": _Stand(exposure_part, "Exposure is {} now: nothing could be opened."),
    "max_daily_loss_percent": _Stand(
        _lost, f"The day has lost {{}} so far: {_TRIPS}.", Guard.DAILY_LOSS
    ),
    "max_drawdown_percent": _Stand(drawdown, f"Drawdown is {{}} now: {_TRIPS}.", Guard.DRAWDOWN),
    "max_consecutive_losses": _Stand(
        lambda seen: seen.losses,
        f"Closed trades lost in a row: {{}} now. {_TRIPS.capitalize()}.",
        Guard.CONSECUTIVE_LOSSES,
    ),
    "max_trades_per_day": _Stand(
        lambda seen: seen.trades_today, "Trades opened today: {}. No other could be."
    ),
    "max_open_positions": _Stand(
        lambda seen: seen.positions, "Positions open now: {}. No other could be."
    ),
    "max_open_orders": _Stand(
        lambda seen: seen.open_orders, "Orders open now: {}. No other could be placed."
    ),
}
