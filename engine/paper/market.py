"""One symbol as it stands: the live book, less what paper orders have taken of it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from engine.market.book import facing
from engine.model.market import Level, OrderBook
from engine.model.money import of_market
from engine.model.order import Side
from engine.model.symbol import Symbol


@dataclass(slots=True)
class Offer:
    """What one price still has for us; `level` is what the market shows there."""

    price: Decimal
    left: Decimal
    level: Level

    @classmethod
    def of(cls, level: Level) -> Self:
        """All of it."""
        return cls(of_market(level.price), of_market(level.amount), level)


class PaperMarket:
    """Offers best first; a level we took from is whole again once the market changes it."""

    def __init__(self, symbol: Symbol) -> None:
        self.symbol = symbol
        self._offers: dict[Side, list[Offer]] = {Side.BUY: [], Side.SELL: []}
        self._last: Decimal | None = None

    def show(self, book: OrderBook) -> None:
        """The live book as it is now."""
        for side, before in self._offers.items():
            known = {offer.level.price: offer for offer in before}
            self._offers[side] = [_offer(known.get(one.price), one) for one in facing(book, side)]

    def trade(self, last: float) -> None:
        """Where it traded last."""
        self._last = of_market(last)

    def hide(self) -> None:
        """Nobody knows what the book is now."""
        self._offers = {Side.BUY: [], Side.SELL: []}

    def offers(self, side: Side, limit: Decimal | None = None) -> list[Offer]:
        """What an order of `side` can take, no worse than `limit`."""
        return [
            offer
            for offer in self._offers[side]
            if offer.left > 0 and (limit is None or (limit - offer.price) * side.sign >= 0)
        ]

    @property
    def stands(self) -> bool:
        """Whether both sides are there and apart: between two frames of a move they may not be."""
        asks, bids = self._offers[Side.BUY], self._offers[Side.SELL]
        return bool(asks and bids) and bids[0].price < asks[0].price

    @property
    def mark(self) -> Decimal | None:
        """The last price as far as the live bid and ask allow it; None before any is known."""
        asks, bids = self._offers[Side.BUY], self._offers[Side.SELL]
        if not asks or not bids:
            return self._last
        if self._last is None:
            return (asks[0].price + bids[0].price) / 2
        return min(max(self._last, bids[0].price), asks[0].price)


def _offer(known: Offer | None, level: Level) -> Offer:
    if known is not None and known.level.amount == level.amount:
        return known
    return Offer.of(level)
