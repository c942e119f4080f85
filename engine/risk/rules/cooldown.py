"""A pause after each opened trade."""

from datetime import datetime, timedelta

from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.risk.circumstances import Circumstances
from engine.risk.wording import lapse, moment


def cooled_down(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """After a trade in whichever symbol."""
    risk = world.risk
    over = _over(risk.trades.newest, risk.limits.trade_cooldown_seconds)
    if over is None or over <= world.now:
        return None
    return Reason(
        "cooldown",
        f"After a trade {lapse(risk.limits.trade_cooldown_seconds)} must pass: the next may be "
        f"opened at {moment(over, world.now, risk.windows.zone)}.",
    )


def symbol_cooled_down(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """After a trade in the order's symbol."""
    risk = world.risk
    over = _over(risk.trades.newest_of(terms.symbol), risk.limits.symbol_cooldown_seconds)
    if over is None or over <= world.now:
        return None
    return Reason(
        "symbol_cooldown",
        f"After a trade in {terms.symbol} {lapse(risk.limits.symbol_cooldown_seconds)} must pass: "
        f"the next may be opened at {moment(over, world.now, risk.windows.zone)}.",
    )


def _over(newest: datetime | None, seconds: int) -> datetime | None:
    return None if newest is None else newest + timedelta(seconds=seconds)
