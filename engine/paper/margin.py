"""What margin positions are worth and what they need behind them, in their quote currency."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal
from typing import Final

from engine.model.account import Wallet
from engine.model.position import Position
from engine.model.symbol import Symbol, is_derivative, quote_of
from engine.paper.order import PaperOrder
from engine.paper.papers import Papers

ZERO: Final = Decimal(0)
INITIAL: Final = Decimal("0.3")
MAINTENANCE: Final = Decimal("0.15")
LEVERAGE: Final = 10
"""Of a derivative whose order says nothing else (facts sheet 4.2)."""

_STEP: Final = Decimal("1e-8")

Marks = Callable[[Symbol], Decimal | None]


class Margin:
    """Counts what stands in the quote currency's margin wallet; other currencies count nothing."""

    def __init__(self, papers: Papers, marks: Marks) -> None:
        self._papers = papers
        self._marks = marks

    def balance(self, quote: str) -> Decimal:
        """The wallet alone."""
        return self._papers.balances.get((Wallet.MARGIN, quote), ZERO)

    def net(self, quote: str) -> Decimal:
        """The wallet with what its positions have won or lost so far."""
        return self.balance(quote) + sum(map(self.profit, self.positions(quote)), ZERO)

    def required(self, quote: str, besides: PaperOrder | None = None) -> Decimal:
        """The initial margin of positions, and of orders that would add to them."""
        held = sum((self._stake(position) for position in self.positions(quote)), ZERO)
        for order in self._papers.orders.values():
            if order.on_margin and order is not besides and quote_of(order.terms.symbol) == quote:
                held += self.need(order, price_of(order) or self.mark(order.terms.symbol))
        return held

    def tradable(self, quote: str, besides: PaperOrder | None = None) -> Decimal:
        """What new positions may still lean on."""
        return max(self.net(quote) - self.required(quote, besides), ZERO)

    def need(self, order: PaperOrder, price: Decimal) -> Decimal:
        """What an order would lean on: nothing where it makes a position smaller."""
        position = self._papers.positions.get(order.terms.symbol)
        held = position.amount if position else ZERO
        after = held + order.remaining * order.terms.side.sign
        return max(abs(after) - abs(held), ZERO) * price * share_of(order)

    def positions(self, quote: str) -> Iterator[Position]:
        """Those that are priced in a currency."""
        every = self._papers.positions.values()
        return (position for position in every if quote_of(position.symbol) == quote)

    def profit(self, position: Position) -> Decimal:
        """Not realised yet."""
        price = self._marks(position.symbol) or position.base_price
        return (position.amount * (price - position.base_price)).quantize(_STEP)

    def is_used_up(self, position: Position) -> bool:
        """Whether what is left no longer carries the positions in this currency."""
        quote = quote_of(position.symbol)
        worth = sum((abs(p.amount) * self._price(p) for p in self.positions(quote)), ZERO)
        return self.net(quote) < worth * MAINTENANCE

    def figures(self, position: Position) -> Position:
        """The position with its profit, and where it would be closed by force."""
        gain = self.profit(position)
        stake = abs(position.amount) * position.base_price
        return replace(
            position,
            profit=gain,
            profit_percent=(gain / stake * 100).quantize(_STEP) if stake else ZERO,
            liquidation_price=self._liquidation(position),
        )

    def mark(self, symbol: Symbol) -> Decimal:
        """Where a symbol stands; zero where nobody knows."""
        return self._marks(symbol) or ZERO

    def _liquidation(self, position: Position) -> Decimal:
        size = position.amount
        quote = quote_of(position.symbol)
        rest = self.net(quote) - self.profit(position)
        price = (size * position.base_price - rest) / (size - MAINTENANCE * abs(size))
        return max(price.quantize(_STEP, rounding=ROUND_DOWN), ZERO)

    def _price(self, position: Position) -> Decimal:
        return self._marks(position.symbol) or position.base_price

    def _stake(self, position: Position) -> Decimal:
        share = 1 / position.leverage if position.leverage else INITIAL
        return abs(position.amount) * self._price(position) * share


def share_of(order: PaperOrder) -> Decimal:
    """The part of its worth that an order's position leans on."""
    if is_derivative(order.terms.symbol):
        return 1 / Decimal(order.terms.leverage or LEVERAGE)
    return INITIAL


def price_of(order: PaperOrder) -> Decimal | None:
    """The price an order is reckoned with before it has filled; None for a market order."""
    return order.terms.price or order.stop
