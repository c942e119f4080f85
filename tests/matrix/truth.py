"""What must hold when all is over: exchange, journal and the operator's knowledge agree."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.telegram.news import news_of
from engine.model.bracket import Bracket
from engine.model.entry import Entry
from engine.model.event import (
    BracketEvent,
    BracketExposed,
    Event,
    FactSetAside,
    FeeSettled,
    OrderEvent,
    OrderFilled,
    OrderSubmitted,
)
from engine.model.ids import CommandId, OrderKey
from engine.model.order import Fill, Order, OrderStatus
from engine.model.result import BracketTicket, CancelReport, OrderTicket, Refused
from tests.matrix.scene import Json, Scene
from tests.trading_house import OLIVIA

NOWHERE = (OrderStatus.REJECTED, OrderStatus.LOST)
MIN_SIZE = Decimal("0.00004")


@dataclass(frozen=True)
class Row:
    """An order as the exchange has it."""

    order_id: int
    cid: int
    remaining: Decimal
    is_open: bool

    @classmethod
    def of(cls, row: Sequence[object], *, is_open: bool) -> "Row":
        return cls(int(str(row[0])), int(str(row[2])), abs(Decimal(str(row[6]))), is_open)


class Truth:
    """Both sides of one scene, to be compared."""

    def __init__(self, scene: Scene, state: Json, entries: Sequence[Entry]) -> None:
        self._scene = scene
        self._state = state
        self._entries = entries
        self._events: list[Event] = [entry.event for entry in entries]
        self.orders: dict[OrderKey, Order] = {}
        self.brackets: dict[OrderKey, Bracket] = {}
        for event in self._events:
            if isinstance(event, OrderEvent):
                self.orders[event.order.key] = event.order
            elif isinstance(event, BracketEvent):
                self.brackets[event.bracket.key] = event.bracket
        self.rows = [Row.of(row, is_open=True) for row in _rows(state, "orders")]
        self.rows += [Row.of(row, is_open=False) for row in _rows(state, "history")]

    def violations(self) -> list[str]:
        """Every sentence is something that must not be."""
        return [
            *unsettled(self._scene),
            *self._set_aside(),
            *self._order_by_order(),
            *self._wish_by_wish(),
            *self._trade_by_trade(),
            *self._purses(),
            *self._guards(),
            *self._untold(),
        ]

    def _set_aside(self) -> list[str]:
        aside = [event for event in self._events if isinstance(event, FactSetAside)]
        return [f"set aside: {event.detail}" for event in aside]

    def _order_by_order(self) -> list[str]:
        cids = Counter(row.cid for row in self.rows)
        found = [
            f"{count} orders at the exchange with cid {c}" for c, count in cids.items() if count > 1
        ]
        by_id: dict[int, Order] = {
            order.order_id: order for order in self.orders.values() if order.order_id
        }
        for row in self.rows:
            order = by_id.pop(row.order_id, None)
            if order is None:
                found.append(f"the journal does not know order {row.order_id} (cid {row.cid})")
            elif (order.status.is_open, order.remaining) != (row.is_open, row.remaining):
                found.append(
                    f"{order.key}: journal {order.status} {order.remaining}, exchange {row}"
                )
        known = {row.order_id for row in self.rows}
        for order in self.orders.values():
            if order.order_id not in known and order.status not in NOWHERE:
                found.append(f"{order.key} is {order.status}, and the exchange never had it")
            if order.order_id in known and order.status in NOWHERE:
                found.append(f"{order.key} is {order.status}, but the exchange has it")
        held = self._scene.desk.floor.book.orders
        off = [key for key, order in held.items() if self.orders.get(key) != order]
        return found + [f"book and journal differ over {key}" for key in off]

    def _wish_by_wish(self) -> list[str]:
        made: dict[CommandId, set[OrderKey]] = defaultdict(set)
        for event in self._events:
            if (
                isinstance(event, OrderSubmitted)
                and event.order.command_id
                and not event.order.bracket
            ):
                made[event.order.command_id].add(event.order.key)
        return [f"{wish} made {len(keys)} orders" for wish, keys in made.items() if len(keys) != 1]

    def _trade_by_trade(self) -> list[str]:
        told: Counter[int] = Counter(
            e.fill.trade_id for e in self._events if isinstance(e, OrderFilled)
        )
        fees = Counter(e.fill.trade_id for e in self._events if isinstance(e, FeeSettled))
        newest: dict[int, Fill] = {}
        for event in self._events:
            if isinstance(event, OrderFilled | FeeSettled):
                newest[event.fill.trade_id] = event.fill
        found = []
        for row in _rows(self._state, "trades"):
            number = int(str(row[0]))
            if told.pop(number, 0) != 1:
                found.append(f"trade {number} is not journalled exactly once")
            elif (newest[number].fee, newest[number].fee_currency) != (row[9], row[10]):
                found.append(f"trade {number}: fee {newest[number].fee}, exchange {row[9]}")
        found += [f"trade {number} is nowhere at the exchange" for number in told]
        return found + [f"fee of {n} told {count} times" for n, count in fees.items() if count > 1]

    def _purses(self) -> list[str]:
        book = self._scene.desk.floor.book
        held = {(str(w), c): b.total for (w, c), b in book.balances.items() if b.total}
        there = {
            (str(row[0]), str(row[1])): row[2] for row in _rows(self._state, "wallets") if row[2]
        }
        found = [] if held == there else [f"purses: {held}, exchange {there}"]
        if book.positions or _rows(self._state, "positions"):
            found.append("a position nobody opened")
        return found

    def _guards(self) -> list[str]:
        found = []
        rung = {e.bracket.key for e in self._events if isinstance(e, BracketExposed)}
        for bracket in self.brackets.values():
            legs = [o for o in self.orders.values() if o.bracket == bracket.key]
            entry = self.orders[bracket.key]
            fees = sum(
                (
                    self._fee(row)
                    for row in _rows(self._state, "trades")
                    if int(str(row[11])) == entry.key
                ),
                Decimal(0),
            )
            held = entry.filled + fees - sum((leg.filled for leg in legs), Decimal(0))
            rows = [
                row for row in self.rows if row.is_open and row.cid in {leg.key for leg in legs}
            ]
            pairs = {self._pair(OrderKey(row.cid)): row.remaining for row in rows}
            at_work = sum(pairs.values(), Decimal(0))
            if at_work > held:
                found.append(f"exits for {at_work} at work, {held} held")
            if held >= MIN_SIZE and at_work < held and bracket.key not in rung:
                found.append(f"{held} held, {at_work} guarded, and nobody told")
        return found

    def _fee(self, row: Sequence[object]) -> Decimal:
        return Decimal(str(row[9])) if row[10] == "BTC" else Decimal(0)

    def _pair(self, key: OrderKey) -> frozenset[OrderKey]:
        """An OCO's two legs stand for one amount."""
        partner = self.orders[key].partner
        return frozenset({key} if partner is None else {key, partner})

    def _untold(self) -> list[str]:
        answered = {wish for wish, told in self._scene.answers.items() if _says_enough(told)}
        told = [
            news
            for news in news_of(self._entries, self.orders.get)
            if news.actor_id == OLIVIA.actor_id
        ]
        return [
            f"the operator was not told of {wish}"
            for wish in self._scene.wishes
            if wish not in answered and not told
        ]


def unsettled(scene: Scene) -> list[str]:
    """What is not over yet."""
    floor, found = scene.desk.floor, []
    if (closed := floor.closed_because()) is not None:
        found.append(f"trading is closed: {closed}")
    if floor.gate.settled_link != floor.gate.link_since:
        found.append("the reconciliation is not over")
    found += [f"order {order.key} is pending" for order in floor.book.pending()]
    waiting = scene.wishes.keys() - scene.answers.keys()
    return found + [f"nobody answered {wish}" for wish in waiting]


def _says_enough(told: object) -> bool:
    """Whether an answer leaves nothing open."""
    match told:
        case OrderTicket(order=order) | BracketTicket(entry=order):
            return order.status is not OrderStatus.PENDING
        case CancelReport(fates=fates):
            return not any(fate.order.status.is_open and not fate.refusal for fate in fates)
        case Refused():
            return True
    return isinstance(told, Exception)


def _rows(state: Mapping[str, object], name: str) -> list[Sequence[object]]:
    rows = state[name]
    assert isinstance(rows, list)
    return rows
