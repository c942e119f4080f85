"""Fills: an order takes what the live book offers, or is taken at its own price."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from engine.model.ids import TradeId
from engine.model.market import Fees
from engine.model.order import Fill
from engine.model.report import FillReport
from engine.paper import texts
from engine.paper.ids import next_id
from engine.paper.ledger import Ledger
from engine.paper.market import PaperMarket
from engine.paper.order import PaperOrder
from engine.paper.papers import Papers
from engine.paper.telling import Telling


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """When and how an order trades; `how` is the word for one that fills whole."""

    now: datetime
    maker: bool = False
    how: str = texts.EXECUTED


class Filling:
    """Books fills and tells them; the order itself is told by whoever asked for them."""

    def __init__(self, *, papers: Papers, ledger: Ledger, fees: Fees, telling: Telling) -> None:
        self._papers = papers
        self._ledger = ledger
        self._fees = fees
        self._telling = telling

    def consume(
        self, order: PaperOrder, market: PaperMarket, limit: Decimal | None, manner: Manner
    ) -> bool:
        """Fill from the book no worse than `limit`; whether there was anything to fill from.

        A maker trades at its limit, wherever the market has gone beyond it.
        """
        offers = market.offers(order.terms.side, limit)
        for offer in offers:
            if not order.status.is_open:
                break
            price = limit if manner.maker and limit is not None else offer.price
            offer.left -= self._fill(order, price, min(order.remaining, offer.left), manner)
        return bool(offers)

    def end(self, order: PaperOrder, why: str, now: datetime) -> None:
        """Close an order for a reason and tell it."""
        order.end(why, now)
        self.tell(order)

    def end_sibling(self, order: PaperOrder, now: datetime) -> None:
        """The first fill or trigger of one order of an OCO ends the other."""
        sibling = self._papers.orders.get(order.sibling) if order.sibling else None
        if sibling is not None:
            self.end(sibling, texts.CANCELED, now)

    def tell(self, order: PaperOrder) -> None:
        """The order as it is now."""
        self._papers.order_changed(order)
        self._telling.add(order.report())

    def _fill(self, order: PaperOrder, price: Decimal, wanted: Decimal, manner: Manner) -> Decimal:
        """Fill as much as funds and position allow; what is not allowed ends the order."""
        funded = min(wanted, self._ledger.affordable(order, price))
        amount = min(funded, self._ledger.closable(order)) if order.reduces else funded
        if amount:
            self.end_sibling(order, manner.now)
            self._book(order, price, amount, manner)
        if order.status.is_open and amount < wanted:
            order.end(texts.BROKE if amount == funded else texts.WOULD_FLIP, manner.now)
        return amount

    def _book(self, order: PaperOrder, price: Decimal, amount: Decimal, manner: Manner) -> None:
        self._papers.last_id = next_id(self._papers.last_id, manner.now)
        order.fill(price, amount, manner.now, manner.how)
        fill = Fill(
            trade_id=TradeId(self._papers.last_id),
            order_id=order.order_id,
            symbol=order.terms.symbol,
            side=order.terms.side,
            amount=amount,
            price=price,
            maker=manner.maker,
            at=order.updated_at,
        )
        rate = self._fees.maker if manner.maker else self._fees.taker
        trade = FillReport(fill=self._ledger.settle(order, fill, rate), cid=order.cid)
        self._papers.traded(trade)
        self._telling.add(FillReport(fill=fill, cid=order.cid), trade)
