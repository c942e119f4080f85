"""The policy every order passes; the only maker of `ApprovedOrder`."""

from collections.abc import Sequence

from engine.model.approval import ApprovedOrder
from engine.model.event import TradingPaused
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderTerms
from engine.model.result import Reason, Refused
from engine.risk.circumstances import Circumstances
from engine.risk.rules import Rule
from engine.risk.rules.funds import enough_funds
from engine.risk.rules.paused import not_paused
from engine.risk.rules.precision import exact_amount, exact_prices
from engine.risk.rules.reduce_only import something_to_reduce
from engine.risk.rules.size import size_within_limits
from engine.risk.rules.trigger import trigger_ahead
from engine.risk.rules.wallet import wallet_can_trade

RULES: Sequence[Rule] = (
    not_paused,
    wallet_can_trade,
    exact_amount,
    exact_prices,
    size_within_limits,
    trigger_ahead,
    something_to_reduce,
    enough_funds,
)


class RiskPolicyEngine:
    """All rules, asked together, so that a refusal names every reason at once."""

    def __init__(self, rules: Sequence[Rule] = RULES) -> None:
        self._rules = rules

    def objections(self, terms: OrderTerms, world: Circumstances) -> tuple[Reason, ...]:
        """Why not, in the order of the rules; empty when nothing speaks against it."""
        answers = (rule(terms, world) for rule in self._rules)
        return tuple(reason for reason in answers if reason is not None)

    def review(
        self, key: OrderKey, terms: OrderTerms, world: Circumstances
    ) -> ApprovedOrder | Refused:
        """The stamp, or all reasons against."""
        reasons = self.objections(terms, world)
        return Refused(reasons) if reasons else ApprovedOrder(key=key, terms=terms)


def renew(order: Order, paused: TradingPaused | None) -> ApprovedOrder | Refused:
    """The stamp once more, for an order that had it but never arrived; not while paused."""
    if paused is not None:
        return Refused((Reason("trading_paused", "trading was paused in the meantime"),))
    return ApprovedOrder(key=order.key, terms=order.terms)
