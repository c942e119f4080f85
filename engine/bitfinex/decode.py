"""Rows of the account to the words of trading (facts sheet 5)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from engine.bitfinex.flags import OrderFlag
from engine.bitfinex.status import closed_status_of, status_of
from engine.bitfinex.wire import (
    Row,
    Unreadable,
    field,
    identity,
    integer,
    mapping,
    moment,
    money,
    number,
    text,
)
from engine.model.account import Balance, Wallet
from engine.model.ids import OrderId, TradeId
from engine.model.order import Fill, OrderTerms, OrderType, Side
from engine.model.position import Position
from engine.model.report import FillReport, OrderReport
from engine.model.symbol import Symbol

EXCHANGE_PREFIX = "EXCHANGE "
_MAKER = 1
_POST_ONLY, _LEVERAGE = "$F7", "$F33"
_CLOSES, _PARTLY, _EXECUTED = "POSCLOSE", "PARTIALLY FILLED", "EXECUTED"


def order(row: Row) -> OrderReport:
    """An order row (5.1): 26 fields in old rows, 32 today."""
    remaining = money(row, 6).copy_abs()
    updated_at = moment(row, 5)
    created_at = moment(row, 4) or updated_at
    if created_at is None:
        raise Unreadable("an order without a time")
    status = text(row, 13)
    return OrderReport(
        order_id=OrderId(identity(row, 0)),
        cid=integer(row, 2),
        terms=_terms(row),
        status=status_of(status, remaining),
        remaining=remaining,
        average=_price(row, 17),
        text=status,
        created_at=created_at,
        updated_at=updated_at or created_at,
        parent_id=_parent(row),
        resized=_is_resized(row),
    )


def closed_order(row: Row) -> OrderReport:
    """An order row that came as closed (`oc`): never open, whatever its status text says."""
    report = order(row)
    if not report.status.is_open:
        return report
    return replace(report, status=closed_status_of(report.text, report.remaining))


def fill(row: Row, *, settled: bool) -> FillReport:
    """A trade row (5.4): 9 to 12 fields; the fee is told only when `settled` (`tu`, REST)."""
    amount = money(row, 4)
    at = moment(row, 2)
    if at is None:
        raise Unreadable("a trade without a time")
    fee = number(row, 9) if settled else None
    return FillReport(
        fill=Fill(
            trade_id=TradeId(identity(row, 0)),
            order_id=OrderId(identity(row, 3)),
            symbol=trading_symbol(row, 1),
            side=_side(amount),
            amount=amount.copy_abs(),
            price=money(row, 5),
            maker=integer(row, 8) == _MAKER,
            at=at,
            fee=fee,
            fee_currency=None if fee is None else text(row, 10) or None,
        ),
        cid=integer(row, 11),
    )


def balance(row: Row) -> Balance:
    """A wallet row (5.3): 5 fields in old rows, 7 today; available is null until `calc`."""
    return Balance(
        wallet=wallet_name(text(row, 0)),
        currency=text(row, 1),
        total=money(row, 2),
        available=number(row, 4),
    )


def position(row: Row) -> Position:
    """A position row (5.2): 10 fields in old rows, 20 today; profit is null until `calc`."""
    amount = money(row, 2)
    return Position(
        symbol=trading_symbol(row, 0),
        amount=Decimal(0) if text(row, 1) == "CLOSED" else amount,
        base_price=number(row, 3) or Decimal(0),
        position_id=integer(row, 11),
        profit=number(row, 6),
        profit_percent=number(row, 7),
        liquidation_price=number(row, 8),
        leverage=number(row, 9),
    )


def closed_position(row: Row) -> Position:
    """A position row that came as closed (`pc`): its amount may still show what it was."""
    return replace(position(row), amount=Decimal(0))


def _terms(row: Row) -> OrderTerms:
    name = text(row, 8)
    kind = _type(name.removeprefix(EXCHANGE_PREFIX))
    flags = integer(row, 12) or 0
    meta = mapping(row, 31)
    price, trigger, trail = _prices(row, kind)
    return OrderTerms(
        symbol=trading_symbol(row, 3),
        side=_side(money(row, 7) or money(row, 6)),
        amount=_whole_amount(row),
        type=kind,
        price=price,
        trigger=trigger,
        trail=trail,
        wallet=Wallet.EXCHANGE if name.startswith(EXCHANGE_PREFIX) else Wallet.MARGIN,
        post_only=bool(flags & OrderFlag.POST_ONLY) or meta.get(_POST_ONLY) == 1,
        reduce_only=bool(flags & OrderFlag.REDUCE_ONLY),
        hidden=bool(flags & OrderFlag.HIDDEN) or integer(row, 24) == 1,
        close=bool(flags & OrderFlag.CLOSE) or _CLOSES in text(row, 13),
        good_until=moment(row, 10) if number(row, 10) else None,
        leverage=_leverage(meta),
        group=integer(row, 1) or None,
    )


def _whole_amount(row: Row) -> Decimal:
    """The size with what is filled of it.

    An amended order may go on showing its first size (fields 6 and 7 of 5.1): where nothing was
    filled the remainder is the size, else it is whichever is larger.
    """
    remaining, original = money(row, 6).copy_abs(), money(row, 7).copy_abs()
    return remaining if remaining and _untouched(row) else max(original, remaining)


def _is_resized(row: Row) -> bool:
    """Whether its first size says nothing: it was changed (field 9), or more remains than that."""
    return bool(field(row, 9)) or money(row, 6).copy_abs() > money(row, 7).copy_abs()


def _untouched(row: Row) -> bool:
    status = text(row, 13)
    return not number(row, 17) and _PARTLY not in status and _EXECUTED not in status


def _parent(row: Row) -> OrderId | None:
    parent = integer(row, 25)
    return OrderId(parent) if parent else None


def _leverage(meta: Mapping[str, object]) -> int | None:
    told = meta.get(_LEVERAGE, meta.get("lev"))
    return told if isinstance(told, int) else None


def _prices(row: Row, kind: OrderType) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    price = _price(row, 16)
    match kind:
        case OrderType.MARKET:
            return None, None, None
        case OrderType.STOP:
            return None, price, None
        case OrderType.STOP_LIMIT:
            return _price(row, 19), price, None
        case OrderType.TRAILING_STOP:
            return None, None, _price(row, 18)
    if text(row, 9).endswith("STOP LIMIT"):
        # a triggered stop limit lives on as a limit; its limit price was the auxiliary one
        return _price(row, 19) or price, None, None
    return price, None, None


def _price(row: Row, index: int) -> Decimal | None:
    return number(row, index) or None


def _side(amount: Decimal) -> Side:
    if amount == 0:
        raise Unreadable("an amount of zero has no side")
    return Side.BUY if amount > 0 else Side.SELL


def trading_symbol(row: Row, index: int) -> Symbol:
    """A symbol of a pair; a currency's is unreadable here."""
    name = text(row, index)
    if not name.startswith("t"):
        raise Unreadable(f"not a trading symbol: {name!r}")
    return Symbol(name)


def _type(name: str) -> OrderType:
    try:
        return OrderType(name.lower())
    except ValueError:
        raise Unreadable(f"an unknown order type: {name!r}") from None


def wallet_name(name: str) -> Wallet:
    """One of the three purses."""
    try:
        return Wallet(name)
    except ValueError:
        raise Unreadable(f"an unknown wallet: {name!r}") from None
