"""Rows of the account to the words of trading (facts sheet 5)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from engine.bitfinex.account_rows import OrderRow, TradeRow, WalletRow
from engine.bitfinex.flags import OrderFlag
from engine.bitfinex.status import closed_status_of, status_of
from engine.bitfinex.wire import (
    Row,
    Unreadable,
    field,
    identity,
    integer,
    mapping,
    moment_of,
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
_POST_ONLY_TOO, _LEVERAGE = "$F7", "$F33"
# plain numbers: bits of an enum take far longer to look at
_HIDDEN, _CLOSE = OrderFlag.HIDDEN.value, OrderFlag.CLOSE.value
_REDUCE_ONLY, _POST_ONLY = OrderFlag.REDUCE_ONLY.value, OrderFlag.POST_ONLY.value
_TYPES = {kind.value.upper(): (kind, Wallet.MARGIN) for kind in OrderType} | {
    EXCHANGE_PREFIX + kind.value.upper(): (kind, Wallet.EXCHANGE) for kind in OrderType
}
_CLOSES, _PARTLY, _EXECUTED = "POSCLOSE", "PARTIALLY FILLED", "EXECUTED"


def order(row: Row) -> OrderReport:
    """An order row (5.1): 26 fields in old rows, 32 today."""
    return order_told(_order_row(row))


def order_told(row: OrderRow) -> OrderReport:
    """What an order row says; `Unreadable` where it says nothing that could be."""
    remaining, told_at, updated = row.remaining.copy_abs(), row.created or row.updated, row.updated
    if told_at is None:
        raise Unreadable("an order without a time")
    created_at = moment_of(told_at)
    return OrderReport(
        order_id=OrderId(row.order_id),
        cid=row.cid,
        terms=_terms(row, remaining),
        status=status_of(row.status, remaining),
        remaining=remaining,
        average=row.average or None,
        text=row.status,
        created_at=created_at,
        updated_at=created_at if updated is None or updated == told_at else moment_of(updated),
        parent_id=OrderId(row.parent_id) if row.parent_id else None,
        resized=_is_resized(row),
    )


def closed_order(row: Row) -> OrderReport:
    """An order row that came as closed (`oc`): never open, whatever its status text says."""
    return closed(order(row))


def closed(report: OrderReport) -> OrderReport:
    """An order that is known to be closed."""
    if not report.status.is_open:
        return report
    return replace(report, status=closed_status_of(report.text, report.remaining))


def fill(row: Row, *, settled: bool) -> FillReport:
    """A trade row (5.4): 9 to 12 fields; the fee is told only when `settled` (`tu`, REST)."""
    told = TradeRow(
        trade_id=identity(row, 0),
        symbol=text(row, 1),
        at=money(row, 2),
        order_id=identity(row, 3),
        amount=money(row, 4),
        price=money(row, 5),
        maker=integer(row, 8),
        fee=number(row, 9) if settled else None,
        fee_currency=text(row, 10) if settled else None,
        cid=integer(row, 11),
    )
    return fill_told(told, settled=settled)


def fill_told(row: TradeRow, *, settled: bool) -> FillReport:
    """What a trade row says."""
    fee = row.fee if settled else None
    return FillReport(
        fill=Fill(
            trade_id=TradeId(row.trade_id),
            order_id=OrderId(row.order_id),
            symbol=_symbol(row.symbol),
            side=_side(row.amount),
            amount=row.amount.copy_abs(),
            price=row.price,
            maker=row.maker == _MAKER,
            at=moment_of(row.at),
            fee=fee,
            fee_currency=None if fee is None else row.fee_currency or None,
        ),
        cid=row.cid,
    )


def balance(row: Row) -> Balance:
    """A wallet row (5.3): 5 fields in old rows, 7 today; available is null until `calc`."""
    return balance_told(
        WalletRow(
            wallet=text(row, 0),
            currency=text(row, 1),
            total=money(row, 2),
            available=number(row, 4),
        )
    )


def balance_told(row: WalletRow) -> Balance:
    """What a wallet row says."""
    return Balance(
        wallet=wallet_name(row.wallet),
        currency=row.currency,
        total=row.total,
        available=row.available,
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


def _order_row(row: Row) -> OrderRow:
    name, before = text(row, 8), text(row, 9)
    return OrderRow(
        order_id=identity(row, 0),
        group=integer(row, 1),
        cid=integer(row, 2),
        symbol=text(row, 3),
        created=number(row, 4),
        updated=number(row, 5),
        remaining=money(row, 6),
        amount=money(row, 7),
        type=name,
        type_before=before,
        good_until=number(row, 10),
        flags=integer(row, 12),
        status=text(row, 13),
        price=number(row, 16),
        average=number(row, 17),
        # in other types whatever stands there means nothing
        trail=number(row, 18) if name.endswith("TRAILING STOP") else None,
        aux=number(row, 19) if "STOP LIMIT" in (name[-10:], before[-10:]) else None,
        hidden=integer(row, 24),
        parent_id=integer(row, 25),
        meta=field(row, 31),
    )


def _terms(row: OrderRow, remaining: Decimal) -> OrderTerms:
    if (kind := _TYPES.get(row.type)) is None:
        raise Unreadable(f"an unknown order type: {row.type!r}")
    type_, wallet = kind
    flags, meta = row.flags or 0, mapping(row.meta)
    price, trigger, trail = _prices(row, type_)
    return OrderTerms(
        symbol=_symbol(row.symbol),
        side=_side(row.amount or row.remaining),
        amount=_whole_amount(row, remaining),
        type=type_,
        price=price,
        trigger=trigger,
        trail=trail,
        wallet=wallet,
        post_only=bool(flags & _POST_ONLY) or meta.get(_POST_ONLY_TOO) == 1,
        reduce_only=bool(flags & _REDUCE_ONLY),
        hidden=bool(flags & _HIDDEN) or row.hidden == 1,
        close=bool(flags & _CLOSE) or _CLOSES in row.status,
        good_until=moment_of(row.good_until) if row.good_until else None,
        leverage=_leverage(meta) if meta else None,
        group=row.group or None,
    )


def _whole_amount(row: OrderRow, remaining: Decimal) -> Decimal:
    """The size with what is filled of it.

    An amended order may go on showing its first size (fields 6 and 7 of 5.1): where nothing was
    filled the remainder is the size, else it is whichever is larger.
    """
    return remaining if remaining and _untouched(row) else max(row.amount.copy_abs(), remaining)


def _is_resized(row: OrderRow) -> bool:
    """Whether its first size says nothing: it was changed (field 9), or more remains than that."""
    return bool(row.type_before) or row.remaining.copy_abs() > row.amount.copy_abs()


def _untouched(row: OrderRow) -> bool:
    return not row.average and _PARTLY not in row.status and _EXECUTED not in row.status


def _leverage(meta: Mapping[str, object]) -> int | None:
    told = meta.get(_LEVERAGE, meta.get("lev"))
    return told if isinstance(told, int) else None


def _prices(
    row: OrderRow, kind: OrderType
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    price = row.price or None
    match kind:
        case OrderType.MARKET:
            return None, None, None
        case OrderType.STOP:
            return None, price, None
        case OrderType.STOP_LIMIT:
            return row.aux or None, price, None
        case OrderType.TRAILING_STOP:
            return None, None, row.trail or None
    if row.type_before is not None and row.type_before.endswith("STOP LIMIT"):
        # a triggered stop limit lives on as a limit; its limit price was the auxiliary one
        return row.aux or price, None, None
    return price, None, None


def _side(amount: Decimal) -> Side:
    if amount == 0:
        raise Unreadable("an amount of zero has no side")
    return Side.BUY if amount > 0 else Side.SELL


def trading_symbol(row: Row, index: int) -> Symbol:
    """A symbol of a pair; a currency's is unreadable here."""
    return _symbol(text(row, index))


def _symbol(name: str) -> Symbol:
    if not name.startswith("t"):
        raise Unreadable(f"not a trading symbol: {name!r}")
    return Symbol(name)


def wallet_name(name: str) -> Wallet:
    """One of the three purses."""
    try:
        return Wallet(name)
    except ValueError:
        raise Unreadable(f"an unknown wallet: {name!r}") from None
