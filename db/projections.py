"""What events do to the tables beside the journal: the last word on each thing wins."""

from collections.abc import Iterable, Sequence

from db import codec, statements
from db.statements import Part, Row
from engine.memory_journal import keys_of, standing_of
from engine.model.event import (
    BalanceChanged,
    Event,
    FeeSettled,
    OrderEvent,
    OrderFilled,
    PositionChanged,
    ServiceStarted,
    ServiceStopped,
    TradingPaused,
    TradingResumed,
)
from engine.model.order import Fill, Order
from engine.model.symbol import Symbol

TRADING = "trading"
SERVICE = "service"
POSITION = "position:"


class Projection:
    """Rows for each table by their keys: one statement may touch each row but once."""

    def __init__(self) -> None:
        self._journal: list[Row] = []
        self._rows: dict[Part, dict[object, Row]] = {}

    def take(self, event: Event) -> None:
        """Journal an event, and let it have its effect."""
        self._journal.append(_journal_row(event))
        entry = len(self._journal)
        if isinstance(event, OrderEvent):
            order = event.order
            self._put(statements.ORDERS, order.key, _order_row(order, entry))
            if isinstance(event, OrderFilled | FeeSettled):
                self._put(statements.FILLS, event.fill.trade_id, _fill_row(order, event.fill))
        elif isinstance(event, BalanceChanged):
            balance = event.balance
            purse = (balance.wallet, balance.currency)
            self._put(statements.BALANCES, purse, (*purse, balance.total, balance.available))
        elif isinstance(event, PositionChanged):
            self._move(event, entry)
        elif isinstance(event, TradingPaused | TradingResumed):
            self._put(statements.DESK, TRADING, (TRADING, entry))
        elif isinstance(event, ServiceStarted | ServiceStopped):
            self._put(statements.DESK, SERVICE, (SERVICE, entry))
        elif (standing := standing_of(event)) is not None:
            self._stand(standing[0], entry)

    def changes(self) -> list[tuple[Part, Sequence[Row]]]:
        """Each part that has rows, the journal first."""
        if not self._journal:
            return []
        others = [(part, tuple(rows.values())) for part, rows in self._rows.items() if rows]
        return [(statements.JOURNAL, self._journal), *others]

    def _move(self, event: PositionChanged, entry: int) -> None:
        position = event.position
        symbol = position.symbol
        here, there = statements.POSITIONS, statements.CLOSED_POSITIONS
        if position.amount:
            self._put(here, symbol, (symbol, position.amount, entry))
        else:
            self._stand(symbol, entry)
            self._put(there, symbol, (symbol,))
            here, there = there, here
        self._rows.get(there, {}).pop(symbol, None)

    def _stand(self, symbol: Symbol, entry: int) -> None:
        matter = POSITION + symbol
        self._put(statements.DESK, matter, (matter, entry))

    def _put(self, part: Part, key: object, row: Row) -> None:
        self._rows.setdefault(part, {})[key] = row


def project(events: Iterable[Event]) -> Projection:
    """What these events, in this order, come to."""
    projection = Projection()
    for event in events:
        projection.take(event)
    return projection


def _journal_row(event: Event) -> Row:
    keys = keys_of(event)
    one = keys[0] if len(keys) == 1 else None
    several = "{" + ",".join(map(str, keys)) + "}" if len(keys) > 1 else None
    return (type(event).__name__, event.at, one, several, codec.encode(event))


def _order_row(order: Order, entry: int) -> Row:
    return (
        order.key,
        order.order_id,
        order.terms.symbol,
        order.status,
        order.origin,
        order.command_id,
        order.updated_at if order.status.is_final else None,
        entry,
    )


def _fill_row(order: Order, fill: Fill) -> Row:
    return (
        fill.trade_id,
        order.key,
        fill.order_id,
        fill.symbol,
        fill.side,
        fill.amount,
        fill.price,
        fill.fee,
        fill.fee_currency,
        fill.maker,
        fill.at,
    )
