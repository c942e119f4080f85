"""How orders live: they begin, wait, are triggered, trade, and end (facts sheet 7)."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from engine.model.order import OrderType
from engine.paper import texts
from engine.paper.filling import Filling, Manner
from engine.paper.market import PaperMarket
from engine.paper.order import PaperOrder
from engine.paper.papers import Papers

PRICELESS = frozenset({OrderType.MARKET, OrderType.STOP, OrderType.TRAILING_STOP})
PASSING = {OrderType.IOC: texts.IOC, OrderType.FOK: texts.FOK}


class Lives:
    """Takes orders through their lives; `market` is always their symbol's."""

    def __init__(self, papers: Papers, filling: Filling) -> None:
        self._papers = papers
        self._filling = filling

    def begin(self, order: PaperOrder, market: PaperMarket, now: datetime) -> None:
        """The first moments of an order that was taken in."""
        if (why := self._refused_at_once(order, market)) is not None:
            self._filling.end(order, why, now)
        elif not order.waits:
            self._take(order, market, now)
        else:
            _place_stop(order, market)
            if _is_reached(order, market):
                self._trigger(order, market, now)
            else:
                self._filling.tell(order)

    def resume(self, order: PaperOrder, market: PaperMarket, now: datetime) -> None:
        """What a changed order does at once."""
        if order.waits:
            _place_stop(order, market)
        if order.terms.post_only and _crosses(order, market):
            self._filling.end(order, texts.POST_ONLY, now)
            return
        self._filling.tell(order)
        if order.waits and _is_reached(order, market):
            self._trigger(order, market, now)
        elif _crosses(order, market):
            self._take(order, market, now)

    def react(self, order: PaperOrder, market: PaperMarket, now: datetime) -> None:
        """What the market, as it is now, does to an open order."""
        if not order.waits:
            maker = Manner(now=now, maker=True)
            if self._filling.consume(order, market, order.terms.price, maker):
                self._filling.tell(order)
            return
        if _trail(order, market):
            self._papers.order_changed(order)
        if _is_reached(order, market):
            self._trigger(order, market, now)

    def force(self, order: PaperOrder, market: PaperMarket, now: datetime) -> None:
        """Close a position whose margin is used up, at any price."""
        self._filling.consume(order, market, None, Manner(now=now, how=texts.FORCED))
        if order.status.is_open:
            order.end(texts.BOOK_SLIP, now)
        self._filling.tell(order)

    def _refused_at_once(self, order: PaperOrder, market: PaperMarket) -> str | None:
        if order.reduces:
            position = self._papers.positions.get(order.terms.symbol)
            if position is None:
                return texts.NO_POSITION
            if position.amount * order.terms.side.sign > 0:
                return texts.WOULD_ADD
            if order.remaining > abs(position.amount):
                return texts.WOULD_FLIP
        return texts.POST_ONLY if order.terms.post_only and _crosses(order, market) else None

    def _take(self, order: PaperOrder, market: PaperMarket, now: datetime) -> None:
        """Take what the limit allows, then rest or end, and tell it."""
        kind = order.terms.type
        limit = None if kind in PRICELESS else order.terms.price
        if kind is OrderType.FOK and _there(order, market, limit) < order.remaining:
            self._filling.end(order, texts.FOK, now)
            return
        self._filling.consume(order, market, limit, Manner(now=now))
        if order.status.is_open and kind is not OrderType.LIMIT:
            order.end(PASSING.get(kind, texts.BOOK_SLIP), now)
        self._filling.tell(order)

    def _trigger(self, order: PaperOrder, market: PaperMarket, now: datetime) -> None:
        """A stop has been reached: it trades, or lives on as a limit."""
        self._filling.end_sibling(order, now)
        if order.terms.type is not OrderType.STOP_LIMIT:
            self._take(order, market, now)
            return
        order.terms = replace(order.terms, type=OrderType.LIMIT, trigger=None)
        order.stop = None
        order.updated_at = max(now, order.updated_at)
        self._filling.tell(order)
        if _crosses(order, market):
            self._take(order, market, now)


def _crosses(order: PaperOrder, market: PaperMarket) -> bool:
    limited = order.terms.type is OrderType.LIMIT
    return limited and bool(market.offers(order.terms.side, order.terms.price))


def _there(order: PaperOrder, market: PaperMarket, limit: Decimal | None) -> Decimal:
    return sum((offer.left for offer in market.offers(order.terms.side, limit)), Decimal(0))


def _place_stop(order: PaperOrder, market: PaperMarket) -> None:
    trail, mark = order.terms.trail, market.mark
    if trail is None:
        order.stop = order.terms.trigger
    elif mark is not None:
        order.stop = max(mark + trail * order.terms.side.sign, Decimal(0))


def _trail(order: PaperOrder, market: PaperMarket) -> bool:
    """A trailing stop follows a price that moves its way; whether it did."""
    trail, mark, sign = order.terms.trail, market.mark, order.terms.side.sign
    if trail is None or mark is None:
        return False
    follow = mark + trail * sign
    if order.stop is not None and (order.stop - follow) * sign <= 0:
        return False
    order.stop = follow
    return True


def _is_reached(order: PaperOrder, market: PaperMarket) -> bool:
    mark, sign = market.mark, order.terms.side.sign
    return mark is not None and order.stop is not None and (mark - order.stop) * sign >= 0
