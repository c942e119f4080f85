"""Full-length rows of the account channels (sheet, 5)."""

from decimal import Decimal

from engine.simulator.market.instrument import PERPETUAL
from engine.simulator.trading.account import LedgerEntry, Movement, Position, Wallet
from engine.simulator.trading.order import Flag, Order, Trade
from engine.simulator.wire.json import Json, Row


def order_row(order: Order) -> Row:
    """32 fields (5.1)."""
    meta: Json = {**order.meta, **({"$F7": 1} if order.flags & Flag.POST_ONLY else {})} or None
    head: Row = [
        order.id,
        order.gid,
        order.cid,
        order.symbol,
        order.created,
        order.updated,
        order.amount,
        order.amount_orig,
        order.kind,
        order.kind_prev,
        order.tif,
        None,
        order.flags & ~Flag.POST_ONLY,
        order.status,
        None,
        None,
    ]
    prices: Row = [order.price, order.price_avg, order.price_trailing, order.price_aux_limit]
    marks: Row = [0, int(order.hidden), order.placed_id]
    return [*head, *prices, None, None, None, *marks, None, None, order.routing, None, None, meta]


def request_row(
    *,
    id: int | None = None,  # noqa: A002 - the field's name
    cid: int | None = None,
    gid: int | None = None,
    symbol: str | None = None,
    amount: Decimal | None = None,
    kind: str | None = None,
    price: Decimal | None = None,
    flags: int | None = None,
) -> Row:
    """32 fields with only what was asked for: the data of a refusal (5.5)."""
    row: Row = [None] * 32
    row[0], row[1], row[2], row[3] = id, gid, cid, symbol
    row[6] = row[7] = amount
    row[8], row[12], row[16] = kind, flags, price
    row[23] = 0
    return row


def wallet_row(wallet: Wallet, available: Decimal | None) -> Row:
    """7 fields (5.3); `available` is None on the websocket until calculated."""
    return [
        wallet.kind,
        wallet.currency,
        wallet.balance,
        0,
        available,
        wallet.last_change,
        wallet.last_detail,
    ]


def position_row(position: Position, figures: Row | None = None) -> Row:
    """20 fields (5.2); `figures` are PL, PL_PERC, PRICE_LIQ and LEVERAGE once calculated."""
    status = "ACTIVE" if position.open else "CLOSED"
    return [
        position.symbol,
        status,
        position.amount,
        position.base_price,
        0,
        0,
        *(figures or [None] * 4),
        None,
        position.id,
        position.created,
        position.updated,
        None,
        int(position.symbol.endswith(PERPETUAL)),
        None,
        0,
        0,
        position.detail,
    ]


def trade_row(trade: Trade, *, with_fee: bool = True) -> Row:
    """12 fields (5.4); without the fee it is the row of `te`."""
    return [
        trade.id,
        trade.symbol,
        trade.mts,
        trade.order_id,
        trade.amount,
        trade.price,
        trade.kind,
        trade.order_price,
        1 if trade.maker else -1,
        trade.fee if with_fee else None,
        trade.fee_currency if with_fee else None,
        trade.cid,
    ]


def order_trade_row(trade: Trade) -> Row:
    """12 fields of an order's own trades: type and order price are left out."""
    row = trade_row(trade)
    row[6] = row[7] = None
    return row


def notification_row(
    mts: int | None,
    kind: str,
    data: Json,
    text: str | None,
    *,
    status: str = "SUCCESS",
    code: Json = None,
) -> Row:
    """8 fields (5.5)."""
    return [mts, kind, None, None, data, code, status, text]


def ledger_row(entry: LedgerEntry) -> Row:
    """9 fields (5.6)."""
    return [
        entry.id,
        entry.currency,
        entry.wallet,
        entry.mts,
        None,
        entry.amount,
        entry.balance,
        None,
        entry.text,
    ]


def movement_row(movement: Movement) -> Row:
    """22 fields (3)."""
    row: Row = [None] * 22
    row[0:3] = [movement.id, movement.currency, movement.method]
    row[5:7] = [movement.mts, movement.mts]
    row[9], row[12], row[13] = "COMPLETED", movement.amount, movement.fee
    row[16], row[20] = f"address-{movement.id}", f"transaction-{movement.id}"
    return row
