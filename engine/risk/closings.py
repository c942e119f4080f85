"""Closed trades: what each order that reduced something won or lost, once it is over."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from engine.model.ids import OrderKey
from engine.model.order import Fill
from engine.model.risk import Closing
from engine.model.symbol import Symbol, base_of, quote_of

MOST_EXITS = 5_000
_NOTHING = Decimal(0)
_HUNDRED = Decimal(100)


@dataclass(slots=True)
class _Exit:
    """An order's closing trades together; the fee of one that is told again is told in full."""

    symbol: Symbol
    at: datetime
    fills: dict[int, Fill] = field(default_factory=dict)
    over: bool = False

    def closing(self) -> Closing:
        fills = self.fills.values()
        profit = sum((fill.profit or _NOTHING for fill in fills), _NOTHING)
        profit += sum((fee_in_quote(fill) for fill in fills), _NOTHING)
        paid = sum((fill.paid or _NOTHING for fill in fills), _NOTHING)
        return Closing(
            symbol=self.symbol,
            at=self.at,
            profit=profit,
            percent=profit / paid * _HUNDRED if paid else _NOTHING,
            stopped=any(fill.stopped for fill in fills),
        )


@dataclass(slots=True)
class Closings:
    """A fold of trades and of orders' ends; the oldest are let go where they are many."""

    _exits: dict[OrderKey, _Exit] = field(default_factory=dict)
    _known: tuple[Closing, ...] | None = ()

    def trade(self, key: OrderKey, fill: Fill, *, over: bool) -> None:
        """A trade that closed something was told, for the first time or with its fee; `over` is
        whether its order is."""
        exit_ = self._exits.setdefault(key, _Exit(fill.symbol, fill.at))
        exit_.fills[fill.trade_id] = fill
        exit_.at = max(exit_.at, fill.at)
        exit_.over = exit_.over or over
        self._known = None
        if len(self._exits) > MOST_EXITS:
            del self._exits[next(iter(self._exits))]

    def end(self, key: OrderKey) -> bool:
        """An order is over; whether that is a closed trade."""
        exit_ = self._exits.get(key)
        if exit_ is None or exit_.over:
            return False
        exit_.over = True
        self._known = None
        return True

    @property
    def over(self) -> tuple[Closing, ...]:
        """Every closed trade, oldest first."""
        if self._known is None:
            ended = [(exit_.at, key) for key, exit_ in self._exits.items() if exit_.over]
            self._known = tuple(self._exits[key].closing() for _, key in sorted(ended))
        return self._known

    def losses_in_a_row(self, since: datetime) -> int:
        """How many of the newest closed trades, after `since`, lost, up to one that did not."""
        count = 0
        for closing in reversed(self.over):
            if closing.at <= since or closing.profit >= 0:
                break
            count += 1
        return count


def fee_in_quote(fill: Fill) -> Decimal:
    """What the fee took, negative, in quote currency; nothing where its worth is not known."""
    if fill.fee is None:
        return _NOTHING
    if fill.fee_currency == quote_of(fill.symbol):
        return fill.fee
    return fill.fee * fill.price if fill.fee_currency == base_of(fill.symbol) else _NOTHING
