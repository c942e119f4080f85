"""The stamp once more, for an order that had it but never arrived."""

from datetime import datetime
from decimal import Decimal

from engine.model.approval import ApprovedOrder
from engine.model.event import TradingPaused
from engine.model.market import Fees, Pair
from engine.model.order import Order, OrderTerms
from engine.model.position import Position
from engine.model.result import Reason, Refused
from engine.risk.asking import asked
from engine.risk.binding import is_unbound
from engine.risk.circumstances import Circumstances, reduces
from engine.risk.rulebook import STANDING
from engine.risk.state import RiskState

_NOTHING = Decimal(0)


def renew(
    order: Order,
    *,
    paused: TradingPaused | None,
    risk: RiskState,
    position: Position | None,
    now: datetime,
    taken: str | None = None,
) -> ApprovedOrder | Refused:
    """Exits and what can only reduce go again in any weather; what may open something only where
    nothing has come to stand against its symbol or this hour, and its owner's rights were not
    `taken`, which says why."""
    if order.bracket is None and not _only_reduces(order.terms, position):
        reasons = _come_to_stand(order, paused, risk, position, now)
        if taken is not None:
            reasons = (Reason("not_allowed", taken), *reasons)
        if reasons:
            return Refused(reasons)
    return ApprovedOrder(
        key=order.key,
        terms=order.terms,
        partner=order.partner,
        urgent=order.bracket is not None,
    )


def _only_reduces(terms: OrderTerms, position: Position | None) -> bool:
    return reduces(terms, position) and not is_unbound(terms)


def _come_to_stand(
    order: Order,
    paused: TradingPaused | None,
    risk: RiskState,
    position: Position | None,
    now: datetime,
) -> tuple[Reason, ...]:
    if paused is not None:
        return (Reason("trading_paused", "trading was paused in the meantime"),)
    if not risk.limits.enabled:
        return ()
    symbol = order.terms.symbol
    world = Circumstances(
        pair=Pair(symbol=symbol, min_size=_NOTHING, max_size=_NOTHING, margin=True),
        market=_NOTHING,
        fees=Fees(maker=_NOTHING, taker=_NOTHING),
        free=None,
        position=position,
        paused=None,
        now=now,
        risk=risk,
    )
    standing = [each for each in STANDING if each.applies(risk.limits, risk.windows)]
    return tuple([reason for _, reason in asked(standing, order.terms, world)])
