"""The risk desk at a glance, made of its state."""

from datetime import datetime
from decimal import Decimal

from engine.model.event import TradingPaused
from engine.model.risk_result import RiskStatus
from engine.model.symbol import Symbol
from engine.risk.contradictions import contradictions
from engine.risk.state import RiskState
from engine.risk.windows import is_open, next_change, trading_day


def status(
    risk: RiskState,
    now: datetime,
    *,
    paused: TradingPaused | None,
    open_orders: int,
    positions: int,
) -> RiskStatus:
    """What holds at that moment."""
    day = trading_day(risk.windows.zone, now)
    return RiskStatus(
        at=now,
        limits=risk.limits,
        overridden=tuple(sorted(risk.words)),
        paused=paused,
        windows=risk.windows,
        open=is_open(risk.windows, now),
        window_until=next_change(risk.windows, now),
        day=day,
        trades=risk.trades.by_symbol(day),
        newest_trade=risk.trades.newest,
        equity=risk.equity,
        mark=risk.mark,
        losses=risk.losses,
        trips=tuple(sorted(risk.trips.values(), key=lambda trip: trip.at)),
        locks=tuple(sorted(risk.locks.values(), key=lambda lock: lock.symbol)),
        breaker=risk.breaker,
        mishaps=risk.mishaps,
        open_orders=open_orders,
        positions=positions,
        exposure=_exposure(risk),
        wild=_wild(risk),
        contradictions=contradictions(risk.limits),
    )


def _wild(risk: RiskState) -> tuple[tuple[Symbol, Decimal], ...]:
    most = risk.limits.max_volatility_percent
    if not most:
        return ()
    moving = [(symbol, Decimal(repr(moves))) for symbol, moves in risk.volatility.items()]
    return tuple(sorted((each for each in moving if each[1] > most), key=lambda each: -each[1]))


def _exposure(risk: RiskState) -> Decimal | None:
    known = [worth for worth in risk.worth.values() if worth is not None]
    return sum(known, Decimal(0)) if len(known) == len(risk.worth) else None
