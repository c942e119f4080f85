"""What our own trades come to: the lots they make, and what is still to be told of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.ids import OrderKey, TradeId
from engine.model.lot import Lot
from engine.model.order import Fill, Order, OrderType
from engine.model.position import Position
from engine.model.symbol import Symbol

MOST_UNSETTLED = 5_000
_NOTHING = Decimal(0)


@dataclass(slots=True)
class Ledger:
    """`unsettled` are trades that opened or closed something and whose fee is not told yet,
    `triggered` stop limits that are limits by now."""

    lots: dict[tuple[Wallet, Symbol], Lot] = field(default_factory=dict)
    unsettled: dict[TradeId, Fill] = field(default_factory=dict)
    triggered: set[OrderKey] = field(default_factory=set)

    def put(self, lot: Lot) -> None:
        """Hold this lot; amount zero is none."""
        if lot.amount:
            self.lots[lot.wallet, lot.symbol] = lot
        else:
            self.lots.pop((lot.wallet, lot.symbol), None)

    def of(self, wallet: Wallet, symbol: Symbol) -> Lot:
        """The lot in a symbol, which may be none."""
        return self.lots.get((wallet, symbol)) or Lot(wallet=wallet, symbol=symbol)

    def note(self, fill: Fill) -> None:
        """A trade was told, with its fee or without."""
        if fill.fee is not None:
            self.unsettled.pop(fill.trade_id, None)
        elif fill.opening or fill.profit is not None:
            self.unsettled[fill.trade_id] = fill
            if len(self.unsettled) > MOST_UNSETTLED:
                del self.unsettled[next(iter(self.unsettled))]

    def note_type(self, before: Order, after: Order) -> None:
        """An order was told again; a stop limit that is a limit now has been triggered."""
        changed = before.terms.type is not after.terms.type
        if changed and before.terms.type is OrderType.STOP_LIMIT:
            self.triggered.add(after.key)

    def misjudged(self, positions: Mapping[Symbol, Position]) -> dict[Symbol, Decimal]:
        """How much more, or less, stands open on margin than our trades come to."""
        on_margin = {s: lot for (wallet, s), lot in self.lots.items() if wallet is Wallet.MARGIN}
        beyond = {symbol: position.amount for symbol, position in positions.items()}
        for symbol, lot in on_margin.items():
            beyond[symbol] = beyond.get(symbol, _NOTHING) - lot.amount
        return {symbol: amount for symbol, amount in beyond.items() if amount}
