"""Looks at the account as a panic sees it: what is open, what is held, what was tried."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from engine.floor import Floor
from engine.market.facade import MarketDataFacade
from engine.model.account import Wallet
from engine.model.ids import CommandId, OrderKey
from engine.model.order import Order
from engine.model.panic import Kept, LegKind, Panic
from engine.model.panic_result import PanicReport
from engine.model.symbol import Symbol, split
from engine.panic.legs import legs
from engine.panic.situation import Asked, Situation, Stake, Trouble

DOLLARS = ("USD", "UST", "TESTUSD", "TESTUSDT")
UNTOLD_SECONDS = 3.0
"""For so long after a trade a position may be told late; then what is told counts."""

UNRECORDED = (
    "The database does not answer. Trading stands still; orders are cancelled and positions closed "
    "none the less, and written down when it is back. What the exchange wallet holds waits for it."
)

_NOTHING = Decimal(0)


@dataclass(slots=True)
class PanicScene:
    """What is remembered between two looks, and need not survive, belongs to the running panic.

    `asked` are orders the exchange was asked to cancel, `busy` steps under way, `troubles` why we
    could not send, by stake; `before` is how much was held when an order for it was sent, `heard`
    when we heard how much of that has traded; `beyond` is where positions differ from what our
    trades come to, and since when just so; `notes` are told while nothing can be journalled;
    `troubled` is the panic whose troubles these are.
    """

    floor: Floor
    market: MarketDataFacade
    asked: dict[OrderKey, Asked] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)
    troubles: dict[str, Trouble] = field(default_factory=dict)
    before: dict[OrderKey, Decimal] = field(default_factory=dict)
    heard: dict[tuple[OrderKey, Decimal], datetime] = field(default_factory=dict)
    beyond: dict[Symbol, Decimal] = field(default_factory=dict)
    beyond_since: datetime | None = None
    notes: tuple[str, ...] = ()
    troubled: CommandId | None = None

    def forget(self) -> None:
        """A panic is over, or another process's; what is counted lasts as long as the panic."""
        for memory in (self.asked, self.busy, self.before, self.heard):
            memory.clear()
        running = self.floor.book.panic.running
        if running is None or running.panic_id != self.troubled:
            self.troubles.clear()

    def situation(self, panic: Panic) -> Situation:
        """How the running panic stands."""
        floor, book = self.floor, self.floor.book
        own = book.panic.orders
        return Situation(
            panic=panic,
            now=floor.clock.now(),
            closed=floor.closed_because(),
            paused=book.paused is not None,
            brackets=len(book.brackets.keys() - floor.let_go),
            orders=tuple(order for order in book.open_orders() if order.key not in own),
            leaving=len(floor.in_flight.keys() - own.keys()),
            unseen=self._unseen(),
            asked=dict(self.asked),
            stakes=(*self._positions(panic), *(self._holdings() if panic.spot else ())),
            pairs_known=bool(self.market.known_pairs),
            busy=frozenset(self.busy),
            told_at=book.panic.told_at,
            tells=book.panic.tells,
        )

    def report(self, panic: Panic, *, repeated: bool = False) -> PanicReport:
        """How any panic stands, or stood when it ended."""
        if panic.ended_at is not None:
            return PanicReport(panic=panic, legs=panic.settled, repeated=repeated)
        now = self.situation(panic)
        return PanicReport(
            panic=panic,
            legs=legs(now),
            closed_because=now.closed,
            notes=self.notes,
            repeated=repeated,
        )

    def saleable_in(self, currency: str) -> Symbol | None:
        """The pair in which a currency is sold for dollars; None where there is none."""
        pairs = self.market.known_pairs
        quotes = dict.fromkeys((self.floor.policy.currency, *DOLLARS))
        for quote in quotes:
            for name in (f"t{currency}{quote}", f"t{currency}:{quote}"):
                if (symbol := Symbol(name)) in pairs and split(symbol) == (currency, quote):
                    return symbol
        return None

    def currencies(self) -> tuple[str, ...]:
        """What the exchange wallet holds beside dollars, by name."""
        cash = {self.floor.policy.currency, *DOLLARS}
        held = self.floor.book.balances.values()
        return tuple(
            sorted(
                b.currency
                for b in held
                if b.wallet is Wallet.EXCHANGE and b.total > 0 and b.currency not in cash
            )
        )

    def kept(self, panic: Panic) -> tuple[Kept, ...]:
        """What of each currency could be sold and was not asked for; dust is left out."""
        held = () if panic.spot else self.currencies()
        balances = [self.floor.book.balances[Wallet.EXCHANGE, each] for each in held]
        return tuple(
            Kept(currency=each.currency, amount=each.total)
            for each in balances
            if self._is_more(each.currency)
        )

    def _is_more(self, currency: str) -> bool:
        """Whether it is more than dust, or in no pair we know of."""
        symbol = self.saleable_in(currency)
        total = self.floor.book.balances[Wallet.EXCHANGE, currency].total
        return symbol is None or total >= self.market.known_pairs[symbol].min_size

    def _positions(self, panic: Panic) -> Iterable[Stake]:
        book = self.floor.book
        sent = [order for order in self._sent() if order.terms.wallet is Wallet.MARGIN]
        told = [Symbol(leg.name) for leg in panic.settled if leg.kind is LegKind.POSITION]
        symbols = {*panic.positions, *told, *book.positions, *(o.terms.symbol for o in sent)}
        for symbol in sorted(symbols):
            position = book.positions.get(symbol)
            held = position.amount if position is not None else _NOTHING
            orders = tuple(order for order in sent if order.terms.symbol == symbol)
            yield Stake(
                kind=LegKind.POSITION,
                name=symbol,
                symbol=symbol,
                held=held,
                pair=self.market.known_pairs.get(symbol),
                orders=orders,
                untold=self._untold(orders, held),
                trouble=self.troubles.get(symbol),
            )

    def _holdings(self) -> Iterable[Stake]:
        book = self.floor.book
        sent = [order for order in self._sent() if order.terms.wallet is Wallet.EXCHANGE]
        traded = {split(order.terms.symbol)[0] for order in sent}
        for currency in sorted({*self.currencies(), *traded}):
            symbol = self.saleable_in(currency)
            balance = book.balances.get((Wallet.EXCHANGE, currency))
            held = balance.total if balance is not None else _NOTHING
            orders = tuple(o for o in sent if split(o.terms.symbol)[0] == currency)
            yield Stake(
                kind=LegKind.HOLDING,
                name=currency,
                symbol=symbol,
                held=held,
                free=self.floor.free(Wallet.EXCHANGE, currency),
                pair=None if symbol is None else self.market.known_pairs.get(symbol),
                orders=orders,
                untold=self._untold(orders, held),
                trouble=self.troubles.get(currency),
            )

    def _unseen(self) -> bool:
        """An entry's last trade is told before the position it makes."""
        book, now = self.floor.book, self.floor.clock.now()
        beyond = book.ledger.misjudged(book.positions)
        if self.beyond_since is None or beyond != self.beyond:
            self.beyond, self.beyond_since = beyond, now
        late = timedelta(seconds=UNTOLD_SECONDS)
        return bool(beyond) and now - self.beyond_since <= late

    def _sent(self) -> list[Order]:
        book = self.floor.book
        known = (book.orders.get(key) for key in book.panic.orders)
        return sorted((order for order in known if order is not None), key=_key)

    def _untold(self, orders: tuple[Order, ...], held: Decimal) -> Decimal:
        """How much less should be held by now than the account shows."""
        newest = orders[-1] if orders else None
        before = None if newest is None else self.before.get(newest.key)
        if newest is None or before is None or held * before <= 0:
            return _NOTHING
        traded = max(newest.filled, self.floor.book.traded.get(newest.key, _NOTHING))
        missing = abs(held) - (abs(before) - traded)
        if not traded or missing <= 0:
            return _NOTHING
        now = self.floor.clock.now()
        since = self.heard.setdefault((newest.key, traded), now)
        return missing if now - since <= timedelta(seconds=UNTOLD_SECONDS) else _NOTHING


def _key(order: Order) -> OrderKey:
    return order.key
