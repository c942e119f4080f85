"""All that a bracket's next step depends on, gathered, so that the step is a pure function."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_UP, Decimal
from functools import cached_property

from engine.brackets.placement import Ending, Placement, placements
from engine.model.account import Wallet
from engine.model.bracket import Bracket, BracketStatus, Settled
from engine.model.ids import OrderKey
from engine.model.money import AMOUNT_DECIMALS, cut_amount
from engine.model.order import Order, OrderStatus, OrderType

_STEP = Decimal(1).scaleb(-AMOUNT_DECIMALS)
_NOTHING = Decimal(0)
_UNTOLD = Settled()


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A bracket, its orders as the book knows them, and what the account and the market say.

    `exits` are oldest first; `settled` are the entry's trades with known fees, `fee_rate` what
    the others are reckoned to cost, `position` the account's position in the symbol, negative
    when short; `breached` says the market is beyond the stop loss already; `stubborn` exits are
    those the exchange would not change where they stand, `owing` those somebody asked to have
    another size, with no answer yet; with `dead_man`, it cancels all orders itself when the link
    drops; `unproven` is what the entry seems to have filled since somebody changed its size, with
    no trade that says so.
    """

    bracket: Bracket
    entry: Order
    exits: tuple[Order, ...] = ()
    settled: Settled = _UNTOLD
    fee_rate: Decimal = _NOTHING
    min_size: Decimal = _NOTHING
    position: Decimal = _NOTHING
    breached: bool = False
    stubborn: frozenset[OrderKey] = frozenset()
    owing: frozenset[OrderKey] = frozenset()
    dead_man: bool = False
    unproven: Decimal = _NOTHING

    @cached_property
    def placements(self) -> tuple[Placement, ...]:
        """Exits as they were sent, oldest first."""
        return placements(self.exits, self.bracket)

    @property
    def on_margin(self) -> bool:
        """Whether a position is guarded rather than a balance."""
        return self.entry.terms.wallet is Wallet.MARGIN

    @property
    def entry_open(self) -> bool:
        """Whether the entry may still fill, as far as anybody knows."""
        return self.entry.status.is_open or self.entry.status is OrderStatus.LOST

    @property
    def closing(self) -> bool:
        """Whether what is held is to be closed at the market."""
        return self.bracket.status is BracketStatus.CLOSING

    @property
    def exited(self) -> Decimal:
        """Base units that exits have traded."""
        return sum((order.filled for order in self.exits), _NOTHING)

    @property
    def traded(self) -> Decimal:
        """What the entry has filled: its trades may be told before, or after, it says so."""
        return max(self.entry.filled - self.unproven, self.settled.amount)

    @property
    def unsettled(self) -> Decimal:
        """What the entry has traded at fees that are not told yet."""
        return self.traded - self.settled.amount

    @cached_property
    def held(self) -> Decimal:
        """What exits may stand for, in base units: filled, less fees, less what has gone out.

        Fees not told yet are reckoned at `fee_rate` and rounded up: never more than there is.
        """
        filled = self.traded
        if not self.on_margin:
            expected = (self.unsettled * self.fee_rate).quantize(_STEP, rounding=ROUND_UP)
            filled = min(cut_amount(filled + self.settled.fee - expected), filled)
        return min(max(filled - self.exited, _NOTHING), self._reach)

    @property
    def refusals(self) -> int:
        """How often in a row, up to now, the exchange would not have an exit."""
        count = 0
        for placement in reversed(self.placements):
            if not placement.refused:
                break
            count += 1
        return count

    @property
    def prices(self) -> tuple[Decimal | None, Decimal | None]:
        """Stop loss and take profit, where somebody has moved them to."""
        newest = tuple(reversed(self.exits))
        stops = (o.terms.trigger for o in newest if o.terms.type is OrderType.STOP)
        limits = (o.terms.price for o in newest if o.terms.type is OrderType.LIMIT)
        terms = self.bracket.terms
        return (
            next(stops, terms.stop_loss) if terms.stop_loss is not None else None,
            next(limits, terms.take_profit) if terms.take_profit is not None else None,
        )

    @property
    def left(self) -> Decimal:
        """What there is of the account's position that exits could close."""
        return max(self.position * self.entry.terms.side.sign, _NOTHING)

    @property
    def bounded(self) -> bool:
        """Whether a position was missed, by the exchange or by us, so that `left` is all."""
        missed = any(placement.has(Ending.POSITION_GONE) for placement in self.placements)
        return self.on_margin and (self.bracket.bounded or missed)

    @property
    def _reach(self) -> Decimal:
        return self.left if self.bounded else Decimal("Infinity")


def guarded(situation: Situation) -> Decimal:
    """What exits at work stand for, no more than is held."""
    alive = [leg for placement in situation.placements for leg in placement.alive]
    kept = [leg for leg in alive if leg.key not in situation.bracket.withdrawn]
    least = min((leg.remaining for leg in kept), default=_NOTHING)
    return min(least, situation.held)


def standing(situation: Situation, at: datetime) -> Bracket:
    """The bracket as it stands; the same object where that is no news."""
    bracket, held, kept = situation.bracket, situation.held, guarded(situation)
    status = bracket.status
    if kept >= held and not situation.closing and (held or status is not BracketStatus.WAITING):
        status = BracketStatus.GUARDED
    reason = "" if status is BracketStatus.GUARDED else bracket.reason
    known = (bracket.status, bracket.held, bracket.guarded)
    if known == (status, held, kept):
        return bracket
    return replace(bracket, status=status, held=held, guarded=kept, reason=reason, updated_at=at)


def is_exposed(situation: Situation) -> bool:
    """Whether something that could be guarded is not, or not whole."""
    held = situation.held
    return held >= situation.min_size and held > guarded(situation)
