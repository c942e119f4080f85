"""Orders, fills and entries to tell about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from engine.model.actor import Role
from engine.model.entry import Entry
from engine.model.event import Event
from engine.model.ids import CommandId, OrderId, OrderKey, TradeId
from engine.model.order import Fill, Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.people import Member
from engine.model.position import Position
from engine.model.symbol import Symbol

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
BTCUSD = Symbol("tBTCUSD")
TERMS = OrderTerms(
    symbol=BTCUSD,
    side=Side.BUY,
    amount=Decimal(1),
    type=OrderType.LIMIT,
    price=Decimal(20000),
)
WORKING = Order(
    key=OrderKey(7),
    terms=TERMS,
    status=OrderStatus.WORKING,
    remaining=Decimal(1),
    created_at=NOW,
    updated_at=NOW,
    order_id=OrderId(150),
    actor_id="tg:5",
    command_id=CommandId("card:x"),
)


def members(people: Sequence[int], role: Role = Role.TRADER) -> Sequence[Member]:
    """These people on Telegram, all with one role."""
    return [Member(actor_id=f"tg:{person}", name="", role=role) for person in people]


def fill(number: int, amount: str, fee: str | None = None) -> Fill:
    return Fill(
        trade_id=TradeId(number),
        order_id=OrderId(150),
        symbol=BTCUSD,
        side=Side.BUY,
        amount=Decimal(amount),
        price=Decimal(20000),
        at=NOW,
        maker=True,
        fee=None if fee is None else Decimal(fee),
        fee_currency=None if fee is None else "BTC",
    )


def position(amount: str, profit: str | None = None) -> Position:
    return Position(
        symbol=BTCUSD,
        amount=Decimal(amount),
        base_price=Decimal(20000),
        profit=None if profit is None else Decimal(profit),
    )


def ordered(status: OrderStatus, remaining: str = "1", reason: str = "") -> Order:
    return replace(WORKING, status=status, remaining=Decimal(remaining), reason=reason)


def entries(*events: Event) -> Sequence[Entry]:
    return [Entry(seq=number, event=event) for number, event in enumerate(events, 1)]
