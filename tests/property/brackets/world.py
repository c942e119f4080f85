"""An exchange with one bracket on it, and a guardian who hears of it late."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from engine.brackets.plan import (
    SETTLE_SECONDS,
    Amend,
    Close,
    Expose,
    Place,
    Recede,
    Wait,
    Withdraw,
    plan,
)
from engine.brackets.situation import Situation, standing
from engine.model.account import Wallet
from engine.model.approval import ApprovedOrder
from engine.model.bracket import Bracket, BracketStatus, Settled
from engine.model.ids import CommandId, OrderKey
from engine.model.order import Order, OrderStatus, OrderType
from engine.operations.making import new_orders
from engine.risk.exits import exit_terms
from tests.unit.brackets.made import ENTRY_KEY, NOW, entry

MIN_SIZE = Decimal(2)
FEE_RATE = Decimal("0.002")
S = OrderStatus


@dataclass
class World:
    """`truth` is at the exchange, `known` with us; `wire` holds words not yet heard, by order.

    `willing` is how the exchange meets new exits; fees of trades are told on a wire of their own,
    and so is the account's `position`, where it is one that is held: `moves` are not yet `seen`.
    """

    bracket: Bracket
    truth: dict[OrderKey, Order] = field(init=False)
    known: dict[OrderKey, Order] = field(init=False)
    wire: dict[OrderKey, list[Order]] = field(default_factory=dict)
    fees: list[Settled] = field(default_factory=list)
    paid: Decimal = Decimal(0)
    settled: Settled = field(default_factory=Settled)
    stubborn: frozenset[OrderKey] = frozenset()
    next_key: int = 2
    position: Decimal = Decimal(0)
    seen: Decimal = Decimal(0)
    moves: list[Decimal] = field(default_factory=list)
    taken: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        terms = self.bracket.terms.entry
        self.truth = {ENTRY_KEY: entry("0", terms=terms)}
        self.known = dict(self.truth)

    # what happens at the exchange

    def fill_entry(self, amount: Decimal, fee_rate: Decimal) -> None:
        order = self.truth[ENTRY_KEY]
        done = min(amount, order.remaining)
        fee = done * fee_rate
        self.paid += fee
        self.fees.append(Settled(amount=done, fee=-fee))
        self._tell(self._traded(order, done))
        self.move(done)

    def close_by_hand(self, amount: Decimal) -> None:
        """Somebody closes a part of the position; what stands is left standing."""
        done = min(amount, self.position)
        self.taken += done
        self.move(-done)

    def move(self, amount: Decimal) -> None:
        """The account's position changes, where there is one."""
        if self.on_margin and amount:
            self.position += amount
            self.moves.append(self.position)

    def end(self, key: OrderKey, reason: str) -> None:
        """Cancelled, by whomever; the other of a pair goes too where that is the exchange's."""
        self._tell(replace(self.truth[key], status=S.CANCELLED, reason=reason))

    def trade_exit(self, key: OrderKey, amount: Decimal) -> None:
        """A leg trades; the first trade of a leg ends the other."""
        order = self.truth[key]
        partner = self.truth.get(order.partner) if order.partner is not None else None
        if self.on_margin and order.remaining > self.position:
            words = "RSN_POS_REDUCE_FLIP" if self.position else "RSN_POS_NOTFOUND"
            for each in (order, partner):
                if each is not None and each.status.is_open:
                    self.end(each.key, words)
            return
        if partner is not None and partner.status.is_open:
            self.end(partner.key, "CANCELED")
        self._tell(self._traded(order, min(amount, order.remaining)))
        self.move(-min(amount, order.remaining))

    # what is heard

    def deliver(self, key: OrderKey) -> None:
        self.known[key] = self.wire[key].pop(0)
        if not self.wire[key]:
            del self.wire[key]

    def deliver_fee(self) -> None:
        told = self.fees.pop(0)
        self.settled = Settled(
            amount=self.settled.amount + told.amount, fee=self.settled.fee + told.fee
        )

    def deliver_move(self) -> None:
        self.seen = self.moves.pop(0)

    def deliver_all(self) -> None:
        while self.wire:
            self.deliver(next(iter(self.wire)))
        while self.moves:
            self.deliver_move()
        while self.fees:
            self.deliver_fee()

    @property
    def quiet(self) -> bool:
        return not self.wire and not self.fees and not self.moves

    @property
    def on_margin(self) -> bool:
        return self.bracket.terms.entry.wallet is Wallet.MARGIN

    # what we do

    def situation(self) -> Situation:
        return Situation(
            bracket=self.bracket,
            entry=self.known[ENTRY_KEY],
            exits=tuple(self.known[key] for key in self.bracket.exits),
            settled=self.settled,
            fee_rate=FEE_RATE,
            min_size=MIN_SIZE,
            stubborn=self.stubborn,
            position=self.seen,
        )

    def step(self, answer: Callable[["World", Sequence[Order]], None]) -> bool:
        """One look and what follows; whether anything did. `answer` meets new exits."""
        if not self.bracket.status.is_open:
            return False
        now = self.situation()
        action = plan(now)
        after = 0.0 if action is None or isinstance(action, Wait) else action.after
        if after >= SETTLE_SECONDS and not self.quiet:
            return False
        match action:
            case None:
                before, self.bracket = self.bracket, standing(now, NOW)
                return self.bracket is not before
            case Place():
                self._place(now, action, answer)
            case Amend():
                self._amend(action)
            case Withdraw():
                self._withdraw(action)
            case Recede():
                self.bracket = replace(self.bracket, bounded=True)
            case Expose():
                self.bracket = replace(
                    self.bracket, status=BracketStatus.EXPOSED, reason=action.reason
                )
            case Close():
                self.bracket = replace(
                    self.bracket,
                    status=BracketStatus.DONE,
                    reason=action.reason,
                    held=now.held,
                )
            case Wait():
                return False
        return True

    def _place(
        self,
        now: Situation,
        action: Place,
        answer: Callable[["World", Sequence[Order]], None],
    ) -> None:
        stop, take = (None, None) if action.at_market else now.prices
        terms = exit_terms(now.entry.terms, action.size, stop, take)
        key = OrderKey(self.next_key)
        partner = OrderKey(self.next_key + 1) if terms.oco_stop is not None else None
        self.next_key += 2
        approved = ApprovedOrder(key=key, terms=terms, partner=partner)
        command_id = CommandId(f"bracket:{len(self.bracket.exits)}")
        orders = new_orders(approved, at=NOW, actor_id="", command_id=command_id, bracket=ENTRY_KEY)
        status = BracketStatus.CLOSING if action.closing else self.bracket.status
        keys = tuple(order.key for order in orders)
        self.bracket = replace(self.bracket, status=status, exits=(*self.bracket.exits, *keys))
        self.known |= {order.key: order for order in orders}
        answer(self, orders)

    def _amend(self, action: Amend) -> None:
        """Sizes are told as differences, each from what we know; an exit that ended is refused."""
        for key, size in action.sizes:
            order, delta = self.truth[key], size - self.known[key].terms.amount
            if order.status.is_open and order.remaining + delta > 0:
                terms = replace(order.terms, amount=order.terms.amount + delta)
                self._tell(replace(order, terms=terms, remaining=order.remaining + delta))

    def _withdraw(self, action: Withdraw) -> None:
        fresh = tuple(key for key in action.keys if key not in self.bracket.withdrawn)
        self.bracket = replace(self.bracket, withdrawn=(*self.bracket.withdrawn, *fresh))
        for key in action.keys:
            if self.truth[key].status.is_open:
                self.end(key, "CANCELED")

    # what the exchange makes of new exits

    def take_in(self, orders: Sequence[Order]) -> None:
        for order in orders:
            working = replace(order, status=S.WORKING)
            self._tell(working)
            if order.terms.type is OrderType.MARKET:
                self.trade_exit(order.key, order.remaining)

    def refuse(self, orders: Sequence[Order]) -> None:
        for order in orders:
            self._tell(replace(order, status=S.REJECTED, reason="not now"))

    def never_arrive(self, orders: Sequence[Order]) -> None:
        for order in orders:
            self.truth[order.key] = replace(order, status=S.LOST)
            self.wire.setdefault(order.key, []).append(self.truth[order.key])

    def forgive(self) -> None:
        """Somebody has looked: what is lost is dead, and stays dead."""
        lost = [key for key in self.bracket.exits if self.known[key].status is S.LOST]
        for key in lost:
            self.truth[key] = replace(self.truth[key], status=S.REJECTED)
        self.bracket = replace(self.bracket, forgiven=(*self.bracket.forgiven, *lost))

    def arrive_late(self, key: OrderKey) -> None:
        """A pair is one message, so both of it arrive at once; they are heard one by one."""
        order = self.truth[key]
        for each in [order, self.truth.get(order.partner)] if order.partner else [order]:
            if each is not None and each.status is S.LOST:
                self._tell(replace(each, status=S.WORKING))

    def restart(self) -> None:
        """The guardian forgets; the exchange is compared with before anything is done."""
        self.stubborn = frozenset()
        self.deliver_all()

    # for those who look

    @property
    def filled(self) -> Decimal:
        return self.truth[ENTRY_KEY].filled

    @property
    def exited(self) -> Decimal:
        exits = (order for key, order in self.truth.items() if key != ENTRY_KEY)
        return sum((order.filled for order in exits), Decimal(0))

    @property
    def held(self) -> Decimal:
        return self.filled - self.paid - self.exited - self.taken

    def alive(self) -> list[Order]:
        return [o for key, o in self.truth.items() if key != ENTRY_KEY and o.status.is_open]

    def _traded(self, order: Order, amount: Decimal) -> Order:
        left = order.remaining - amount
        return replace(order, remaining=left, status=S.PARTLY_FILLED if left else S.FILLED)

    def _tell(self, order: Order) -> None:
        self.truth[order.key] = order
        self.wire.setdefault(order.key, []).append(order)
