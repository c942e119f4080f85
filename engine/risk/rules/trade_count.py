"""So many trades a day, and no more."""

from datetime import timedelta

from engine.model.order import OrderTerms
from engine.model.result import Reason
from engine.risk.circumstances import Circumstances
from engine.risk.windows import day_start, trading_day
from engine.risk.wording import moment, times


def trades_left_today(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """Trades opened in all symbols, on the trading day of the windows' zone."""
    risk = world.risk
    done = risk.trades.today(trading_day(risk.windows.zone, world.now))
    if done < (most := risk.limits.max_trades_per_day):
        return None
    return Reason(
        "max_trades",
        f"{times(done, 'trade')} opened today, and {most} a day are allowed. {_anew(world)}",
    )


def trades_left_in_symbol(terms: OrderTerms, world: Circumstances) -> Reason | None:
    """Trades opened in the order's symbol."""
    risk = world.risk
    done = risk.trades.of(terms.symbol, trading_day(risk.windows.zone, world.now))
    if done < (most := risk.limits.max_trades_per_symbol_per_day):
        return None
    return Reason(
        "max_trades_symbol",
        f"{times(done, 'trade')} opened in {terms.symbol} today, and {most} a day are allowed in "
        f"one symbol. {_anew(world)}",
    )


def _anew(world: Circumstances) -> str:
    zone = world.risk.windows.zone
    tomorrow = trading_day(zone, world.now) + timedelta(days=1)
    return f"They count anew at {moment(day_start(zone, tomorrow), world.now, zone)}."
