"""The trading floor: everything an order can touch, and what has to be told about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from engine.simulator.market.instrument import Instrument
from engine.simulator.market.market import Market
from engine.simulator.trading.account import Account
from engine.simulator.trading.order import Order
from engine.simulator.trading.rows import order_row
from engine.simulator.wire.json import Json
from engine.simulator.wire.refusal import parameter

KEPT = 2_500
DERIVATIVE_MAKER = Decimal("-0.0002")
DERIVATIVE_TAKER = Decimal("0.00065")


@dataclass(slots=True, kw_only=True)
class Numbers:
    """The next id of each kind; never used twice, also over a restart."""

    order: int = 150_000_000_001
    trade: int = 1_700_000_001
    position: int = 180_000_001
    ledger: int = 7_000_000_001
    movement: int = 20_000_001

    def next_order(self) -> int:
        self.order += 1
        return self.order - 1

    def next_trade(self) -> int:
        self.trade += 1
        return self.trade - 1

    def next_position(self) -> int:
        self.position += 1
        return self.position - 1

    def next_ledger(self) -> int:
        self.ledger += 1
        return self.ledger - 1

    def next_movement(self) -> int:
        self.movement += 1
        return self.movement - 1


def names_of(kind: str, payload: Json) -> str:
    """`on`, or `n oc-req` for a notification."""
    if kind == "n" and isinstance(payload, list):
        return f"n {payload[1]}"
    return kind


class Event(NamedTuple):
    """A frame for an account's sockets: type and payload."""

    account: str
    kind: str
    payload: Json

    @property
    def names(self) -> str:
        """What it can be called: its type, and for a notification that one's type too."""
        return names_of(self.kind, self.payload)


class Resting(NamedTuple):
    """An open order and whose it is."""

    account: Account
    order: Order


@dataclass(slots=True, kw_only=True)
class Floor:
    """Accounts, markets and open orders; `events` is what happened since the last commit.

    Where it `announces`, every other order that fills at once is told as open first: the
    exchange has both habits (sheet, 7 A).
    """

    markets: Mapping[str, Market]
    accounts: dict[str, Account]
    numbers: Numbers
    maker_fee: Decimal
    taker_fee: Decimal
    now: int = 0
    announces: bool = False
    events: list[Event] = field(default_factory=list)
    open_orders: dict[str, dict[int, Resting]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for account in self.accounts.values():
            for order in account.orders.values():
                self._index(account, order)

    def market(self, symbol: str) -> Market:
        """The symbol's market, or the refusal of a symbol nobody trades."""
        market = self.markets.get(symbol)
        if market is None:
            raise parameter("symbol")
        return market

    def rate(self, instrument: Instrument, *, maker: bool) -> Decimal:
        """The fee as a part of the trade; a derivative's maker is paid."""
        if instrument.derivative:
            return DERIVATIVE_MAKER if maker else DERIVATIVE_TAKER
        return self.maker_fee if maker else self.taker_fee

    def resting(self, symbol: str) -> list[Resting]:
        """Open orders in the order they came; a copy, so that they may close meanwhile."""
        return list(self.open_orders.get(symbol, {}).values())

    def visible(self, symbol: str) -> Iterator[Order]:
        """Orders that stand in the public book."""
        for resting in self.open_orders.get(symbol, {}).values():
            if resting.order.in_book and not resting.order.hidden:
                yield resting.order

    def tell(self, account: Account, kind: str, payload: Json) -> None:
        self.events.append(Event(account.name, kind, payload))

    def tell_order(self, account: Account, kind: str, order: Order) -> None:
        self.tell(account, kind, order_row(order))

    def admit(self, account: Account, order: Order) -> None:
        account.orders[order.id] = order
        self._index(account, order)

    def close(self, account: Account, order: Order, status: str) -> None:
        """The order's end: out of the book, into the history."""
        order.open = False
        order.status = status
        order.updated = self.now
        account.orders.pop(order.id, None)
        self.open_orders.get(order.symbol, {}).pop(order.id, None)
        self.markets[order.symbol].touch()
        account.closed_orders.append(order)
        del account.closed_orders[:-KEPT]

    def requeue(self, account: Account, order: Order) -> None:
        """To the back of the queue."""
        self.open_orders[order.symbol].pop(order.id, None)
        self._index(account, order)

    def _index(self, account: Account, order: Order) -> None:
        self.open_orders.setdefault(order.symbol, {})[order.id] = Resting(account, order)
        if order.symbol in self.markets:
            self.markets[order.symbol].touch()
