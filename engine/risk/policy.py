"""The policy every order passes; the only maker of `ApprovedOrder` and `ApprovedChange`."""

from collections.abc import Sequence

from engine.model.approval import ApprovedChange, ApprovedOrder
from engine.model.change import OrderChange
from engine.model.event import TradingPaused
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderTerms
from engine.model.result import Reason, Refused
from engine.risk import changes
from engine.risk.circumstances import Circumstances
from engine.risk.rules import Rule
from engine.risk.rules.derivative import group_fits, leverage_fits
from engine.risk.rules.funds import enough_funds
from engine.risk.rules.oco import oco_spans_market
from engine.risk.rules.paused import not_paused
from engine.risk.rules.precision import exact_amount, exact_prices
from engine.risk.rules.prices import lifetime_makes_sense, prices_fit_type, trail_below_price
from engine.risk.rules.reduce_only import something_to_reduce
from engine.risk.rules.size import size_within_limits
from engine.risk.rules.trigger import trigger_ahead
from engine.risk.rules.wallet import wallet_can_trade

FORM: Sequence[Rule] = (
    wallet_can_trade,
    prices_fit_type,
    exact_amount,
    exact_prices,
    size_within_limits,
    lifetime_makes_sense,
    leverage_fits,
    group_fits,
    trigger_ahead,
    trail_below_price,
    oco_spans_market,
)
"""What the exchange would refuse or misunderstand; asked of everything that goes there."""

EXPOSURE: Sequence[Rule] = (not_paused, something_to_reduce, enough_funds)
"""What we may not take on; asked of whatever makes an exposure greater."""


class RiskPolicyEngine:
    """All rules, asked together, so that a refusal names every reason at once."""

    def __init__(self, form: Sequence[Rule] = FORM, exposure: Sequence[Rule] = EXPOSURE) -> None:
        self._form = form
        self._exposure = exposure
        self._all = (*form, *exposure)

    def objections(self, terms: OrderTerms, world: Circumstances) -> tuple[Reason, ...]:
        """Why not, in the order of the rules; empty when nothing speaks against it."""
        return _asked(self._all, terms, world)

    def review(
        self,
        key: OrderKey,
        terms: OrderTerms,
        world: Circumstances,
        partner: OrderKey | None = None,
    ) -> ApprovedOrder | Refused:
        """The stamp, or all reasons against; `partner` is the cid for the stop of an OCO."""
        reasons = self.objections(terms, world)
        if reasons:
            return Refused(reasons)
        return ApprovedOrder(key=key, terms=terms, partner=partner)

    def objections_to_change(
        self, order: Order, change: OrderChange, world: Circumstances
    ) -> tuple[Reason, ...]:
        """Why the order may not become what the change says.

        What makes it greater or dearer is asked everything a new order is; what does not, only
        whether the exchange could understand it. In `world`, what the order holds is free.
        """
        misfits = changes.misfits(order, change)
        if misfits:
            return misfits
        after = changes.plainly(change.applied(order.terms))
        moved = change.trigger is not None
        form = [rule for rule in self._form if moved or rule is not trigger_ahead]
        reasons = _asked(form, after, world)
        if not changes.grows(order, after, world):
            return reasons
        return (*reasons, *_asked(self._exposure, changes.outstanding(order, after), world))

    def review_change(
        self, order: Order, change: OrderChange, world: Circumstances
    ) -> ApprovedChange | Refused:
        """The stamp for a change of an open order, or all reasons against."""
        reasons = self.objections_to_change(order, change, world)
        return Refused(reasons) if reasons else ApprovedChange(order=order, change=change)


def renew(order: Order, paused: TradingPaused | None) -> ApprovedOrder | Refused:
    """The stamp once more, for an order that had it but never arrived; not while paused, unless
    it is an exit."""
    if paused is not None and order.bracket is None:
        return Refused((Reason("trading_paused", "trading was paused in the meantime"),))
    return ApprovedOrder(
        key=order.key,
        terms=order.terms,
        partner=order.partner,
        urgent=order.bracket is not None,
    )


def _asked(rules: Sequence[Rule], terms: OrderTerms, world: Circumstances) -> tuple[Reason, ...]:
    return tuple([reason for rule in rules if (reason := rule(terms, world)) is not None])
