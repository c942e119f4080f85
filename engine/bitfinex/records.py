"""What Bitfinex keeps on record of the account, read over REST (facts sheet 3)."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import TypeVar

from engine.bitfinex import decode, record_rows
from engine.bitfinex.notices import notice_of
from engine.bitfinex.pages import Record, newest
from engine.bitfinex.rest import PrivateRest
from engine.bitfinex.rows import readable
from engine.bitfinex.symbols import checked, checked_currency
from engine.bitfinex.wire import Row, Unreadable, row_of
from engine.model.errors import ExchangeRefused, ExchangeUnreachable
from engine.model.ids import OrderId
from engine.model.money import plain
from engine.model.records import (
    EVERYTHING_RECENT,
    AccountInfo,
    AccountSummary,
    LedgerEntry,
    MarginBase,
    MarginRoom,
    Movement,
    Permission,
    PositionRecord,
    Span,
    WalletRecord,
)
from engine.model.report import FillReport, OrderReport
from engine.model.symbol import Symbol

T = TypeVar("T")

_ORDERS = Record(
    read=decode.order,
    name=lambda order: order.order_id,
    at=lambda order: order.updated_at,
    other=lambda order: order.created_at,
    page=2500,
)
_TRADES = Record(
    read=partial(decode.fill, settled=True),
    name=lambda trade: trade.fill.trade_id,
    at=lambda trade: trade.fill.at,
    page=2500,
)
_LEDGERS = Record(
    read=record_rows.ledger, name=lambda entry: entry.entry_id, at=lambda entry: entry.at, page=2500
)
_MOVEMENTS = Record(
    read=record_rows.movement,
    name=lambda movement: movement.movement_id,
    at=lambda movement: movement.updated_at,
    other=lambda movement: movement.started_at,
    page=250,
)


def _positions(page: int) -> Record[PositionRecord]:
    """A position comes once for each of its states, told apart by when it was updated."""
    return Record(
        read=record_rows.position,
        name=lambda position: (position.position_id, position.updated_at, position.amount),
        at=lambda position: position.updated_at,
        other=lambda position: position.opened_at,
        page=page,
    )


class BitfinexRecords:
    """The `Records` port."""

    def __init__(self, rest: PrivateRest) -> None:
        self._rest = rest

    async def active_orders(
        self, symbol: Symbol | None = None, ids: Sequence[OrderId] = ()
    ) -> tuple[OrderReport, ...]:
        """Active orders: all, of one symbol, or only these of them."""
        path = "auth/r/orders" if symbol is None else f"auth/r/orders/{checked(symbol)}"
        rows = await self._rest.read(path, {"id": list(ids)} if ids else None)
        return _rows(rows, decode.order)

    async def order_history(
        self, symbol: Symbol | None = None, span: Span = EVERYTHING_RECENT
    ) -> tuple[OrderReport, ...]:
        """Closed orders, latest change first; the exchange keeps about two weeks."""
        middle = "" if symbol is None else f"/{checked(symbol)}"
        return await self._newest(f"auth/r/orders{middle}/hist", _ORDERS, span)

    async def order_trades(self, symbol: Symbol, order_id: OrderId) -> tuple[FillReport, ...]:
        """The trades of one order with their fees."""
        rows = await self._rest.read(f"auth/r/order/{checked(symbol)}:{order_id}/trades")
        return _rows(rows, _TRADES.read)

    async def trade_history(
        self, symbol: Symbol | None = None, span: Span = EVERYTHING_RECENT
    ) -> tuple[FillReport, ...]:
        """Our trades with their fees, newest first."""
        middle = "" if symbol is None else f"/{checked(symbol)}"
        return await self._newest(f"auth/r/trades{middle}/hist", _TRADES, span)

    async def ledgers(
        self,
        currency: str | None = None,
        span: Span = EVERYTHING_RECENT,
        category: int | None = None,
    ) -> tuple[LedgerEntry, ...]:
        """Changes of the wallets, newest first."""
        middle = "" if currency is None else f"/{checked_currency(currency)}"
        fields = {} if category is None else {"category": category}
        return await newest(self._rest.read, f"auth/r/ledgers{middle}/hist", _LEDGERS, span, fields)

    async def movements(
        self, currency: str | None = None, span: Span = EVERYTHING_RECENT
    ) -> tuple[Movement, ...]:
        """Deposits and withdrawals, newest first."""
        middle = "" if currency is None else f"/{checked_currency(currency)}"
        return await self._newest(f"auth/r/movements{middle}/hist", _MOVEMENTS, span)

    async def wallets(self) -> tuple[WalletRecord, ...]:
        """Every currency in every wallet, with what moved it last."""
        return _rows(await self._rest.read("auth/r/wallets"), record_rows.wallet)

    async def positions(self) -> tuple[PositionRecord, ...]:
        """Open positions with their profit."""
        return _rows(await self._rest.read("auth/r/positions"), record_rows.position)

    async def position_history(self, span: Span = EVERYTHING_RECENT) -> tuple[PositionRecord, ...]:
        """Positions that were, newest first."""
        return await self._newest("auth/r/positions/hist", _positions(50), span)

    async def position_snapshot(self, span: Span = EVERYTHING_RECENT) -> tuple[PositionRecord, ...]:
        """Positions as they stood day by day, newest first."""
        return await self._newest("auth/r/positions/snap", _positions(500), span)

    async def position_audit(
        self, ids: Sequence[int] = (), span: Span = EVERYTHING_RECENT
    ) -> tuple[PositionRecord, ...]:
        """Every state of positions, of these or of the latest, newest first."""
        fields = {"id": list(ids)} if ids else {}
        path, record = "auth/r/positions/audit", _positions(250)
        return await newest(self._rest.read, path, record, span, fields)

    async def claim(self, position_id: int, amount: Decimal | None = None) -> PositionRecord:
        """Settle a position with what the wallet holds; a write, sent exactly once."""
        fields: dict[str, object] = {"id": position_id}
        if amount is not None:
            fields["amount"] = plain(amount)
        answer = await self._rest.write("auth/w/position/claim", fields)
        try:
            told = notice_of(row_of(answer))
            if told.refused:
                raise ExchangeRefused(told.words)
            return record_rows.position(told.rows[0])
        except (Unreadable, IndexError) as error:
            raise ExchangeUnreachable(
                "The exchange's answer could not be read: the position may be claimed."
            ) from error

    async def margin_base(self) -> MarginBase:
        """The margin wallet as a whole."""
        return _row(await self._rest.read("auth/r/info/margin/base"), record_rows.margin_base)

    async def margin_of(self, symbol: Symbol) -> MarginRoom:
        """What may be traded on margin in one symbol."""
        answer = await self._rest.read(f"auth/r/info/margin/{checked(symbol)}")
        return _row(answer, record_rows.margin_room)

    async def margin_of_all(self) -> tuple[MarginRoom, ...]:
        """What may be traded on margin, symbol by symbol."""
        return _rows(await self._rest.read("auth/r/info/margin/sym_all"), record_rows.margin_room)

    async def account_info(self) -> AccountInfo:
        """Whose account it is."""
        return _row(await self._rest.read("auth/r/info/user"), record_rows.account_info)

    async def permissions(self) -> tuple[Permission, ...]:
        """What this key may do."""
        return _rows(await self._rest.read("auth/r/permissions"), record_rows.permission)

    async def summary(self) -> AccountSummary:
        """The account's rates."""
        return _row(await self._rest.read("auth/r/summary"), record_rows.summary)

    async def _newest(self, path: str, record: Record[T], span: Span) -> tuple[T, ...]:
        return await newest(self._rest.read, path, record, span)


def _rows(answer: object, read: Callable[[Row], T]) -> tuple[T, ...]:
    return readable(_row(answer, lambda row: row), read)


def _row(answer: object, read: Callable[[Row], T]) -> T:
    try:
        return read(row_of(answer))
    except Unreadable as error:
        raise ExchangeRefused("The exchange's answer could not be read.") from error
