"""The policy every order passes; the only maker of `ApprovedOrder` and `ApprovedChange`."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.approval import ApprovedChange, ApprovedOrder
from engine.model.change import OrderChange
from engine.model.event import TradingPaused
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderTerms, OrderType
from engine.model.result import Reason, Refused, Verdict
from engine.model.risk_result import RiskStatus
from engine.model.symbol import Symbol
from engine.risk import binding, changes, verdicts
from engine.risk.asking import ActiveRules, Objection, asked
from engine.risk.circumstances import Circumstances, reduces
from engine.risk.rulebook import BAND, FORM, MEANS, OPENING, PAUSE, Article, form_of
from engine.risk.rules.trigger import trigger_ahead
from engine.risk.state import RiskState
from engine.risk.status import status
from engine.risk.wish import terms_of


class RiskPolicyEngine:
    """All rules, asked together, so that a refusal names every reason at once.

    First whether risk is switched off, then form, the pause, constraints and guards, and what the
    order needs. What only makes an exposure smaller is asked for form and needs alone.
    `state` is where its counters are; without it, it has its own.
    """

    def __init__(
        self,
        state: Callable[[], RiskState] | None = None,
        opening: Sequence[Article] = OPENING,
    ) -> None:
        own = RiskState()
        self._state = state or (lambda: own)
        self._active = ActiveRules(opening)

    def evaluate(
        self,
        symbol: Symbol,
        amount: Decimal,
        price: Decimal | None,
        *,
        world: Circumstances,
        type: OrderType | None = None,  # noqa: A002 - the exchange's own word
        wallet: Wallet = Wallet.EXCHANGE,
        trigger: Decimal | None = None,
        reduce_only: bool = False,
    ) -> Verdict:
        """Whether an order of that amount, negative to sell, may go out at that price.

        Without a type it is a limit order, without a price a market order. The price of a stop is
        its trigger, that of a trailing stop its distance.
        """
        terms = terms_of(
            symbol,
            amount,
            price,
            type=type,
            wallet=wallet,
            trigger=trigger,
            reduce_only=reduce_only,
        )
        return self.judge(terms, world)

    def judge(self, terms: OrderTerms, world: Circumstances) -> Verdict:
        """The verdict with every rule's word; pure."""
        articles, off = self._articles(terms, world), not world.risk.limits.enabled
        return verdicts.verdict(
            articles,
            asked(articles, terms, world),
            off=off,
            reduces=reduces(terms, world.position, world.spoken_for),
        )

    def record_trade(self, symbol: Symbol, at: datetime) -> None:
        """Count a fill that opened or enlarged a holding."""
        self._state().trades.record(symbol, at)

    def status(
        self,
        now: datetime,
        *,
        paused: TradingPaused | None = None,
        open_orders: int = 0,
        positions: int = 0,
    ) -> RiskStatus:
        """How the desk stands at that moment."""
        return status(
            self._state(), now, paused=paused, open_orders=open_orders, positions=positions
        )

    def objections(self, terms: OrderTerms, world: Circumstances) -> tuple[Reason, ...]:
        """Why not, in the order of the rules; empty when nothing speaks against it.

        What cannot have a word, as terms and circumstances are, is not asked for one.
        """
        limits = self._limits_with_a_word(terms, world)
        return _reasons(asked((*form_of(terms), *limits, *MEANS), terms, world))

    def review(
        self,
        key: OrderKey,
        terms: OrderTerms,
        world: Circumstances,
        partner: OrderKey | None = None,
    ) -> ApprovedOrder | Refused:
        """The stamp, or all reasons against; `partner` is the cid for the stop of an OCO.

        What passes only because it reduces is stamped as reduce-only.
        """
        reasons = self.objections(terms, world)
        if reasons:
            return Refused(reasons)
        terms = binding.bound(terms) if self.spared(terms, world) else terms
        return ApprovedOrder(key=key, terms=terms, partner=partner)

    def spared(self, terms: OrderTerms, world: Circumstances) -> Sequence[Objection]:
        """What would speak against a margin order if something else closed the position first;
        empty for what is bound to reduce, and for what does not reduce."""
        if not binding.is_unbound(terms):
            return ()
        if not reduces(terms, world.position, world.spoken_for):
            return ()
        later = binding.too_late(world)
        return asked(self._limits_of(terms, later), terms, later)

    def objections_to_change(
        self, order: Order, change: OrderChange, world: Circumstances
    ) -> tuple[Reason, ...]:
        """Why the order may not become what the change says; as `judge_change`."""
        return self.judge_change(order, change, world).reasons

    def judge_change(self, order: Order, change: OrderChange, world: Circumstances) -> Verdict:
        """Whether an open order may become what the change says, with every rule's word.

        What makes it greater or dearer is asked everything a new order is; what does not, whether
        the exchange could understand it and, where it moves, whether its price is a slip. In
        `world`, what the order holds is free.
        """
        misfits = changes.misfits(order, change)
        if misfits:
            return Verdict(reasons=misfits, because=misfits[0].sentence)
        spared = self.spared_change(order, change, world)
        if spared and change.reduce_only is False:
            reasons = _reasons(spared)
            return Verdict(reasons=reasons, because=reasons[0].sentence)
        after = changes.plainly(change.applied(order.terms))
        moved = change.trigger is not None
        form = [each for each in FORM if moved or each.rule is not trigger_ahead]
        against, left = asked(form, after, world), changes.outstanding(order, after)
        grows, more = changes.grows(order, after, world), tuple[Article, ...]()
        if grows:
            more = (*self._limits_of(left, world), *MEANS)
        elif BAND in self._limits_of(left, world) and (moved or change.price is not None):
            more = (BAND,)
        against += asked(more, left, world)
        return verdicts.verdict(
            (*form, *more), against, off=not world.risk.limits.enabled, reduces=not grows
        )

    def review_change(
        self, order: Order, change: OrderChange, world: Circumstances
    ) -> ApprovedChange | Refused:
        """The stamp for a change of an open order, or all reasons against.

        What passes only because it reduces makes the order reduce-only with the same change.
        """
        reasons = self.objections_to_change(order, change, world)
        if reasons:
            return Refused(reasons)
        if self.spared_change(order, change, world):
            change = replace(change, reduce_only=True)
        return ApprovedChange(order=order, change=change)

    def spared_change(
        self, order: Order, change: OrderChange, world: Circumstances
    ) -> Sequence[Objection]:
        """As `spared`, of a change that makes an order greater, dearer, sooner or less bound."""
        after = changes.plainly(change.applied(order.terms))
        if not changes.enlarges(order, after, world):
            return ()
        return self.spared(changes.outstanding(order, after), world)

    def _articles(self, terms: OrderTerms, world: Circumstances) -> tuple[Article, ...]:
        return (*FORM, *self._limits_of(terms, world), *MEANS)

    def _limits_with_a_word(self, terms: OrderTerms, world: Circumstances) -> tuple[Article, ...]:
        if reduces(terms, world.position, world.spoken_for):
            return ()
        active = self._active.with_a_word(world.risk) if world.risk.limits.enabled else ()
        return active if world.paused is None else (PAUSE, *active)

    def _limits_of(self, terms: OrderTerms, world: Circumstances) -> tuple[Article, ...]:
        """What limits opening an exposure, where this opens one."""
        if reduces(terms, world.position, world.spoken_for):
            return ()
        risk = world.risk
        if not risk.limits.enabled:
            return (PAUSE,)
        return (PAUSE, *self._active.under(risk.limits, risk.windows))


def _reasons(against: Sequence[Objection]) -> tuple[Reason, ...]:
    return tuple([reason for _, reason in against])
