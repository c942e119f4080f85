"""Balances and positions: what orders hold back, and what a fill does to them."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

from engine.model.account import Balance, Wallet
from engine.model.money import cut_amount
from engine.model.order import Fill, Side
from engine.model.position import Position
from engine.model.symbol import base_of, is_derivative, quote_of, split
from engine.paper.config import Purse
from engine.paper.margin import LEVERAGE, ZERO, Margin, price_of
from engine.paper.order import PaperOrder
from engine.paper.papers import Papers

_STEP = Decimal("1e-8")


class Ledger:
    """The only writer of balances and positions."""

    def __init__(self, papers: Papers, margin: Margin) -> None:
        self._papers = papers
        self._margin = margin

    def spendable(self, order: PaperOrder) -> Decimal:
        """What a spot order may use: the balance without what other orders hold back."""
        wallet, currency = _pays_from(order)
        total = self._papers.balances.get((wallet, currency), ZERO)
        return max(total - self._held(currency, besides=order), ZERO)

    def affordable(self, order: PaperOrder, price: Decimal) -> Decimal:
        """Base units a fill at `price` may have."""
        if order.on_margin:
            return order.remaining
        purse = self.spendable(order)
        return cut_amount(purse if order.terms.side is Side.SELL else purse / price)

    def closable(self, order: PaperOrder) -> Decimal:
        """How much of the position it makes smaller is left."""
        position = self._papers.positions.get(order.terms.symbol)
        if position is None or position.amount * order.terms.side.sign > 0:
            return ZERO
        return abs(position.amount)

    def balances(self) -> Iterable[Balance]:
        """Every purse with what of it is free."""
        for purse, total in self._papers.balances.items():
            yield Balance(
                wallet=purse[0], currency=purse[1], total=total, available=self._free(purse)
            )

    def settle(self, order: PaperOrder, fill: Fill, rate: Decimal) -> Fill:
        """Book a fill; the same with its fee, which `rate` sets."""
        cost = (fill.price * fill.amount).quantize(_STEP, rounding=ROUND_DOWN)
        base, quote = split(fill.symbol)
        in_base = fill.side is Side.BUY and not order.on_margin
        fee = -((fill.amount if in_base else cost) * rate).quantize(_STEP, rounding=ROUND_HALF_UP)
        if order.on_margin:
            self._book((Wallet.MARGIN, quote), self._move(order, fill))
        else:
            self._book((Wallet.EXCHANGE, base), fill.amount * fill.side.sign)
            self._book((Wallet.EXCHANGE, quote), -cost * fill.side.sign)
        currency = base if in_base else quote
        self._book((order.terms.wallet, currency), fee)
        return replace(fill, fee=fee, fee_currency=currency)

    def _book(self, purse: Purse, change: Decimal) -> None:
        total = self._papers.balances.get(purse, ZERO) + change
        self._papers.balances[purse] = total.normalize() + 0
        self._papers.account_changed()

    def _free(self, purse: Purse) -> Decimal:
        wallet, currency = purse
        total = self._papers.balances[purse]
        if wallet is Wallet.MARGIN:
            total = total - self._margin.required(currency)
        elif wallet is Wallet.EXCHANGE:
            total = total - self._held(currency)
        return max(total.quantize(_STEP, rounding=ROUND_DOWN).normalize() + 0, ZERO)

    def _held(self, currency: str, besides: PaperOrder | None = None) -> Decimal:
        """What open spot orders hold back; of an OCO the dearer order counts."""
        total, done = ZERO, set[int]()
        for order in self._papers.orders.values():
            sibling = self._papers.orders.get(order.sibling) if order.sibling else None
            legs = [order] if sibling is None else [order, sibling]
            if order.on_margin or order.order_id in done or besides in legs:
                continue
            done.update(leg.order_id for leg in legs)
            if _pays_from(order)[1] == currency:
                total += max(map(_need, legs))
        return total

    def _move(self, order: PaperOrder, fill: Fill) -> Decimal:
        """Change the position by a fill; what that realised."""
        symbol, signed = fill.symbol, fill.amount * fill.side.sign
        held = self._papers.positions.get(symbol)
        if held is None or held.amount * signed > 0:
            self._papers.positions[symbol] = self._grown(held, order, fill, signed)
            return ZERO
        closing = min(abs(held.amount), fill.amount).copy_sign(signed)
        realised = -closing * (fill.price - held.base_price)
        left = held.amount + closing
        if left:
            self._papers.positions[symbol] = replace(held, amount=left)
        else:
            del self._papers.positions[symbol]
        if rest := signed - closing:
            self._papers.positions[symbol] = self._grown(None, order, fill, rest)
        return realised.quantize(_STEP, rounding=ROUND_DOWN)

    def _grown(
        self, held: Position | None, order: PaperOrder, fill: Fill, added: Decimal
    ) -> Position:
        if held is None:
            leverage = order.terms.leverage or LEVERAGE
            return Position(
                symbol=fill.symbol,
                amount=added,
                base_price=fill.price,
                position_id=fill.trade_id,
                leverage=Decimal(leverage) if is_derivative(fill.symbol) else None,
            )
        amount = held.amount + added
        paid = held.amount * held.base_price + added * fill.price
        return replace(held, amount=amount, base_price=(paid / amount).quantize(_STEP))


def _pays_from(order: PaperOrder) -> Purse:
    symbol = order.terms.symbol
    currency = base_of(symbol) if order.terms.side is Side.SELL else quote_of(symbol)
    return Wallet.EXCHANGE, currency


def _need(order: PaperOrder) -> Decimal:
    if order.terms.side is Side.SELL:
        return order.remaining
    price = price_of(order) or ZERO
    return (order.remaining * price).quantize(_STEP, rounding=ROUND_UP)
