"""Orders, fills and events to journal, with as few words as a test needs."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from engine.model.account import Balance, Wallet
from engine.model.bracket import Bracket, BracketStatus, BracketTerms
from engine.model.event import (
    BalanceChanged,
    FeeSettled,
    OrderAccepted,
    OrderClosed,
    OrderFilled,
    OrderSubmitted,
    PositionChanged,
    PositionFound,
)
from engine.model.ids import CommandId, OrderId, OrderKey, TradeId
from engine.model.order import Fill, Order, OrderStatus, OrderTerms, OrderType, Origin, Side
from engine.model.position import Position
from engine.model.symbol import Symbol
from engine.model.template import OrderTemplate

BTC = Symbol("tBTCUSD")
ETH = Symbol("tETHUSD")


def moment(seconds: float = 0) -> datetime:
    """Seconds after a beginning of time."""
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def order(
    key: int,
    status: OrderStatus = OrderStatus.PENDING,
    *,
    command: str | None = None,
    origin: Origin = Origin.GENESIS,
    changed: float = 0,
) -> Order:
    """A limit order to buy a hundredth of a bitcoin."""
    return Order(
        key=OrderKey(key),
        terms=OrderTerms(
            symbol=BTC,
            side=Side.BUY,
            amount=Decimal("0.01"),
            type=OrderType.LIMIT,
            price=Decimal("30000.0"),
        ),
        status=status,
        remaining=Decimal("0.01"),
        created_at=moment(),
        updated_at=moment(changed),
        origin=origin,
        actor_id="tg:1001",
        command_id=None if command is None else CommandId(command),
    )


def submitted(key: int, *, command: str | None = None, at: float = 0) -> OrderSubmitted:
    return OrderSubmitted(at=moment(at), order=order(key, command=command))


def accepted(key: int, *, at: float = 0) -> OrderAccepted:
    return OrderAccepted(at=moment(at), order=order(key, OrderStatus.WORKING, changed=at))


def closed(key: int, *, at: float = 0) -> OrderClosed:
    return OrderClosed(at=moment(at), order=order(key, OrderStatus.CANCELLED, changed=at))


def fill(trade_id: int, *, fee: str | None = None, at: float = 0) -> Fill:
    """A trade of a hundredth."""
    return Fill(
        trade_id=TradeId(trade_id),
        order_id=OrderId(7),
        symbol=BTC,
        side=Side.BUY,
        amount=Decimal("0.01"),
        price=Decimal("30000"),
        maker=True,
        at=moment(at),
        fee=None if fee is None else Decimal(fee),
        fee_currency=None if fee is None else "BTC",
    )


def filled(key: int, trade_id: int, *, at: float = 0) -> OrderFilled:
    became = order(key, OrderStatus.PARTLY_FILLED, changed=at)
    return OrderFilled(at=moment(at), order=became, fill=fill(trade_id, at=at))


def settled(key: int, trade_id: int, *, at: float = 0) -> FeeSettled:
    became = order(key, OrderStatus.PARTLY_FILLED, changed=at)
    return FeeSettled(at=moment(at), order=became, fill=fill(trade_id, fee="-0.00002", at=at))


def balance(currency: str, total: str, available: str | None = None) -> Balance:
    return Balance(
        wallet=Wallet.EXCHANGE,
        currency=currency,
        total=Decimal(total),
        available=None if available is None else Decimal(available),
    )


def balance_changed(currency: str, total: str, *, at: float = 0) -> BalanceChanged:
    return BalanceChanged(at=moment(at), balance=balance(currency, total))


def position(amount: str, symbol: Symbol = BTC) -> Position:
    return Position(symbol=symbol, amount=Decimal(amount), base_price=Decimal("29999.5"))


def position_found(amount: str, symbol: Symbol = BTC, *, at: float = 0) -> PositionFound:
    return PositionFound(at=moment(at), position=position(amount, symbol))


def position_changed(amount: str, symbol: Symbol = BTC, *, at: float = 0) -> PositionChanged:
    return PositionChanged(at=moment(at), position=position(amount, symbol))


def bracket(
    key: int, status: BracketStatus = BracketStatus.WAITING, *, exits: tuple[int, ...] = ()
) -> Bracket:
    """One with both exits, named by its entry."""
    return Bracket(
        key=OrderKey(key),
        terms=BracketTerms(
            entry=order(key).terms, stop_loss=Decimal(29000), take_profit=Decimal("31000.0")
        ),
        status=status,
        opened_at=moment(),
        updated_at=moment(),
        exits=tuple(OrderKey(key) for key in exits),
        actor_id="tg:1001",
    )


def template(name: str, size: str = "1") -> OrderTemplate:
    return OrderTemplate(name=name, symbol="tBTCUSD", side=Side.BUY, size=Decimal(size))
