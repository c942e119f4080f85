"""Public rows that are asked for and not followed (facts sheet 2)."""

from datetime import datetime

from engine.bitfinex.decode import trading_symbol
from engine.bitfinex.wire import (
    Row,
    Unreadable,
    field,
    identity,
    integer,
    moment,
    money,
    number,
    row_of,
    text,
)
from engine.model.market import Ticker
from engine.model.market_records import (
    DerivativeStatus,
    MarketTrade,
    PairInfo,
    RawBook,
    RestingOrder,
)
from engine.model.order import Side
from engine.model.symbol import Symbol, of_pair


def ticker(row: Row, at: datetime) -> Ticker:
    """A row of `tickers`: its symbol first."""
    return Ticker(
        symbol=trading_symbol(row, 0),
        bid=_float(row, 1),
        bid_size=_float(row, 2),
        ask=_float(row, 3),
        ask_size=_float(row, 4),
        last=_float(row, 7),
        change=_float(row, 6),
        volume=_float(row, 8),
        high=_float(row, 9),
        low=_float(row, 10),
        at=at,
    )


def trade(symbol: Symbol, row: Row) -> MarketTrade:
    """`[ID,MTS,AMOUNT,PRICE]`: a positive amount was bought."""
    amount, at = _float(row, 2), moment(row, 1)
    if amount == 0 or at is None:
        raise Unreadable("a trade of nothing or at no time")
    return MarketTrade(
        trade_id=identity(row, 0),
        symbol=symbol,
        at=at,
        side=Side.BUY if amount > 0 else Side.SELL,
        amount=abs(amount),
        price=_float(row, 3),
    )


def raw_book(symbol: Symbol, rows: Row, at: datetime) -> RawBook:
    """R0: `[ORDER_ID,PRICE,AMOUNT]`, positive to bid; the older of equal prices comes first."""
    found = [(identity(r, 0), _float(r, 1), _float(r, 2)) for r in map(row_of, rows)]
    bids = [RestingOrder(name, price, amount) for name, price, amount in found if amount > 0]
    asks = [RestingOrder(name, price, -amount) for name, price, amount in found if amount < 0]
    return RawBook(
        symbol=symbol,
        bids=tuple(sorted(bids, key=lambda order: (-order.price, order.order_id))),
        asks=tuple(sorted(asks, key=lambda order: (order.price, order.order_id))),
        at=at,
    )


def pair_info(row: Row) -> PairInfo:
    """`[PAIR,[...]]`: sizes as text at 3 and 4, margins at 8 and 9."""
    info = row_of(field(row, 1))
    return PairInfo(
        symbol=of_pair(text(row, 0)),
        min_size=number(info, 3),
        max_size=number(info, 4),
        initial_margin=number(info, 8),
        least_margin=number(info, 9),
    )


def derivative(row: Row) -> DerivativeStatus:
    """A row of `status/deriv`: its symbol first; history lacks it and is given it again."""
    at = moment(row, 1)
    if at is None:
        raise Unreadable("a status without a time")
    return DerivativeStatus(
        symbol=trading_symbol(row, 0),
        at=at,
        price=_maybe(row, 3),
        spot_price=_maybe(row, 4),
        mark_price=_maybe(row, 15),
        insurance_fund=_maybe(row, 6),
        next_funding_at=moment(row, 8),
        next_funding=_maybe(row, 9),
        next_funding_step=integer(row, 10),
        funding=_maybe(row, 12),
        open_interest=_maybe(row, 18),
        clamp_min=_maybe(row, 22),
        clamp_max=_maybe(row, 23),
    )


def _float(row: Row, index: int) -> float:
    return float(money(row, index))


def _maybe(row: Row, index: int) -> float | None:
    value = number(row, index)
    return None if value is None else float(value)
