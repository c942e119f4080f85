"""All that a paper account is, and which of it has changed since it was last saved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

import msgspec

from engine.model.account import Balance
from engine.model.errors import JournalDamaged
from engine.model.ids import OrderId, TradeId
from engine.model.position import Position
from engine.model.report import FillReport
from engine.model.symbol import Symbol
from engine.paper.config import Purse
from engine.paper.order import PaperOrder

KEPT: Final = 2_500
"""So many closed orders and so many trades are remembered."""

_ACCOUNT: Final = "account"
_ORDER: Final = "order/"
_TRADE: Final = "trade/"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    balances: tuple[Balance, ...]
    positions: tuple[Position, ...]
    last_id: int


_encode = msgspec.json.Encoder().encode
_read_account = msgspec.json.Decoder(_Account).decode
_read_order = msgspec.json.Decoder(PaperOrder).decode
_read_trade = msgspec.json.Decoder(FillReport).decode


class Papers:
    """Orders open and closed, trades, balances, positions; whoever changes one says so."""

    def __init__(self) -> None:
        self.orders: dict[OrderId, PaperOrder] = {}
        self.closed: dict[OrderId, PaperOrder] = {}
        self.trades: dict[TradeId, FillReport] = {}
        self.balances: dict[Purse, Decimal] = {}
        self.positions: dict[Symbol, Position] = {}
        self.last_id = 0
        self._changed: dict[str, None] = {}

    @classmethod
    def opened(cls, balances: Mapping[Purse, Decimal]) -> Self:
        """A new account."""
        papers = cls()
        papers.balances.update(balances)
        papers.account_changed()
        return papers

    @classmethod
    def read(cls, documents: Mapping[str, bytes]) -> Self:
        """The account as it was saved; raises `JournalDamaged`."""
        papers = cls()
        try:
            papers._take(documents)
        except msgspec.DecodeError as error:
            raise JournalDamaged(
                f"The paper account cannot be read: {error}. "
                "Restore a backup, or begin a dry run in an empty database."
            ) from error
        return papers

    @property
    def unsaved(self) -> bool:
        """Whether anything has changed."""
        return bool(self._changed)

    def account_changed(self) -> None:
        """A balance, a position or the last id."""
        self._changed[_ACCOUNT] = None

    def order_changed(self, order: PaperOrder) -> None:
        """An order that is open or was until now."""
        if order.status.is_open:
            self.orders[order.order_id] = order
        else:
            self.orders.pop(order.order_id, None)
            self.closed[order.order_id] = order
        self._changed[f"{_ORDER}{order.order_id}"] = None

    def traded(self, trade: FillReport) -> None:
        """A new trade."""
        self.trades[trade.fill.trade_id] = trade
        self._changed[f"{_TRADE}{trade.fill.trade_id}"] = None

    def harvest(self) -> Mapping[str, bytes | None]:
        """What is to be saved, None for what is to be forgotten; from here on it is saved."""
        changes: dict[str, bytes | None] = {key: self._body(key) for key in self._changed}
        changes.update(dict.fromkeys(self._forgotten()))
        self._changed.clear()
        return changes

    def _body(self, key: str) -> bytes:
        if key == _ACCOUNT:
            return _encode(self._account())
        kind, _, number = key.partition("/")
        if f"{kind}/" == _TRADE:
            return _encode(self.trades[TradeId(int(number))])
        order_id = OrderId(int(number))
        return _encode(self.orders.get(order_id) or self.closed[order_id])

    def _account(self) -> _Account:
        balances = (
            Balance(wallet=wallet, currency=currency, total=total)
            for (wallet, currency), total in self.balances.items()
        )
        positions = tuple(self.positions.values())
        return _Account(balances=tuple(balances), positions=positions, last_id=self.last_id)

    def _forgotten(self) -> Iterator[str]:
        while len(self.closed) > KEPT:
            order_id = next(iter(self.closed))
            del self.closed[order_id]
            yield f"{_ORDER}{order_id}"
        while len(self.trades) > KEPT:
            trade_id = next(iter(self.trades))
            del self.trades[trade_id]
            yield f"{_TRADE}{trade_id}"

    def _take(self, documents: Mapping[str, bytes]) -> None:
        account = _read_account(documents[_ACCOUNT])
        self.balances = {(one.wallet, one.currency): one.total for one in account.balances}
        self.positions = {position.symbol: position for position in account.positions}
        self.last_id = account.last_id
        orders = [_read_order(body) for key, body in documents.items() if key.startswith(_ORDER)]
        for order in sorted(orders, key=lambda order: (order.updated_at, order.order_id)):
            shelf = self.orders if order.status.is_open else self.closed
            shelf[order.order_id] = order
        trades = [_read_trade(body) for key, body in documents.items() if key.startswith(_TRADE)]
        for trade in sorted(trades, key=lambda trade: trade.fill.trade_id):
            self.trades[trade.fill.trade_id] = trade
