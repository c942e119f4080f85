"""More sockets in the wall: calls with an answer, and what the exchange keeps on record."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from engine.model.approval import ApprovedChange, ApprovedOrder
from engine.model.ids import OrderId
from engine.model.market import Candle, Ticker
from engine.model.market_records import DerivativeStatus, MarketTrade
from engine.model.operation import Answer, Operation
from engine.model.order import Order
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


class OrderRequests(Protocol):
    """Orders by call and answer, each sent exactly once; what is accepted is no promise yet.

    All raise `ExchangeRefused` when the exchange certainly did nothing, `ExchangeUnreachable`
    when the answer was lost and nobody knows; other `ExchangeError`s when nothing was sent.
    """

    async def submit(self, order: ApprovedOrder) -> Sequence[OrderReport]:
        """The order as it was taken in, an OCO's two."""
        ...

    async def amend(self, change: ApprovedChange) -> Sequence[OrderReport]:
        """The order, perhaps as it was before the change."""
        ...

    async def cancel(self, orders: Sequence[Order]) -> Sequence[OrderReport]:
        """Those that will be cancelled, as they were before."""
        ...

    async def cancel_all(self) -> Sequence[OrderReport]:
        """Every order of the account, whoever made it."""
        ...

    async def cancel_group(self, group: int) -> Sequence[OrderReport]:
        """Every order of a group."""
        ...

    async def carry_out(self, operations: Sequence[Operation]) -> Sequence[Answer]:
        """Several wishes in their order, and an answer to each."""
        ...


class Records(Protocol):
    """What the exchange keeps on record of the account; lists come newest first."""

    async def active_orders(
        self, symbol: Symbol | None = None, ids: Sequence[OrderId] = ()
    ) -> Sequence[OrderReport]:
        """Active orders: all, of one symbol, or only these of them."""
        ...

    async def order_history(
        self, symbol: Symbol | None = None, span: Span = EVERYTHING_RECENT
    ) -> Sequence[OrderReport]:
        """Closed orders."""
        ...

    async def order_trades(self, symbol: Symbol, order_id: OrderId) -> Sequence[FillReport]:
        """The trades of one order with their fees."""
        ...

    async def trade_history(
        self, symbol: Symbol | None = None, span: Span = EVERYTHING_RECENT
    ) -> Sequence[FillReport]:
        """Our trades with their fees."""
        ...

    async def ledgers(
        self,
        currency: str | None = None,
        span: Span = EVERYTHING_RECENT,
        category: int | None = None,
    ) -> Sequence[LedgerEntry]:
        """Changes of the wallets."""
        ...

    async def movements(
        self, currency: str | None = None, span: Span = EVERYTHING_RECENT
    ) -> Sequence[Movement]:
        """Deposits and withdrawals."""
        ...

    async def wallets(self) -> Sequence[WalletRecord]:
        """Every currency in every wallet."""
        ...

    async def positions(self) -> Sequence[PositionRecord]:
        """Open positions with their profit."""
        ...

    async def position_history(self, span: Span = EVERYTHING_RECENT) -> Sequence[PositionRecord]:
        """Positions that were."""
        ...

    async def position_snapshot(self, span: Span = EVERYTHING_RECENT) -> Sequence[PositionRecord]:
        """Positions as they stood day by day."""
        ...

    async def position_audit(
        self, ids: Sequence[int] = (), span: Span = EVERYTHING_RECENT
    ) -> Sequence[PositionRecord]:
        """Every state of these positions, or of the latest."""
        ...

    async def claim(self, position_id: int, amount: Decimal | None = None) -> PositionRecord:
        """Settle a position with what the wallet holds: a write, sent exactly once."""
        ...

    async def margin_base(self) -> MarginBase:
        """The margin wallet as a whole."""
        ...

    async def margin_of(self, symbol: Symbol) -> MarginRoom:
        """What may be traded on margin in one symbol."""
        ...

    async def margin_of_all(self) -> Sequence[MarginRoom]:
        """What may be traded on margin, symbol by symbol."""
        ...

    async def account_info(self) -> AccountInfo:
        """Whose account it is."""
        ...

    async def permissions(self) -> Sequence[Permission]:
        """What this key may do."""
        ...

    async def summary(self) -> AccountSummary:
        """The account's rates."""
        ...


class MarketRecords(Protocol):
    """What the market did, and how the exchange lays it out; by REST, nothing is followed."""

    async def operative(self) -> bool:
        """Whether the exchange trades: not while it is in maintenance."""
        ...

    async def tickers(self, symbols: Sequence[Symbol] = ()) -> Mapping[Symbol, Ticker]:
        """Tickers of these symbols, of all when none is named; unknown ones are left out."""
        ...

    async def market_trades(
        self, symbol: Symbol, span: Span = EVERYTHING_RECENT
    ) -> Sequence[MarketTrade]:
        """Everybody's trades, newest first."""
        ...

    async def candle_history(
        self, symbol: Symbol, timeframe: str, span: Span, *, forward: bool = False
    ) -> Sequence[Candle]:
        """The newest candles of the span, with `forward` the oldest; always oldest first."""
        ...

    async def last_candle(self, symbol: Symbol, timeframe: str) -> Candle | None:
        """The candle that is still open."""
        ...

    async def derivative_status(
        self, symbols: Sequence[Symbol] = ()
    ) -> Mapping[Symbol, DerivativeStatus]:
        """Where perpetuals stand, all when none is named."""
        ...
