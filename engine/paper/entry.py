"""From a wish to orders: what every new or changed order has to pass."""

from dataclasses import replace
from datetime import datetime

from engine.model.approval import ApprovedOrder
from engine.model.ids import OrderId, OrderKey
from engine.model.market import Pair
from engine.model.order import OrderTerms, OrderType
from engine.paper import checks
from engine.paper.ids import next_id
from engine.paper.ledger import Ledger
from engine.paper.margin import Margin
from engine.paper.market import PaperMarket
from engine.paper.order import PaperOrder
from engine.paper.papers import Papers


class Entry:
    """Draws up orders; a text instead is the refusal, in the exchange's words."""

    def __init__(self, papers: Papers, ledger: Ledger, margin: Margin) -> None:
        self._papers = papers
        self._ledger = ledger
        self._margin = margin

    def orders(
        self, approved: ApprovedOrder, pair: Pair | None, market: PaperMarket, now: datetime
    ) -> list[PaperOrder] | str:
        """The order, or the two of an OCO."""
        terms = self._closing(approved.terms)
        if (wrong := checks.of_terms(terms, pair, now)) is not None:
            return wrong
        order = self.drawn(approved.key, terms, now)
        if (wrong := checks.of_funds(order, self._ledger, self._margin, market)) is not None:
            return wrong
        if terms.oco_stop is None or approved.partner is None:
            return [order]
        return [order, self._stop_leg(order, approved.partner, now)]

    def drawn(self, cid: OrderKey | None, terms: OrderTerms, now: datetime) -> PaperOrder:
        """A new order, not yet anywhere."""
        self._papers.last_id = next_id(self._papers.last_id, now)
        self._papers.account_changed()
        return PaperOrder(
            order_id=OrderId(self._papers.last_id),
            cid=cid,
            terms=terms,
            remaining=terms.amount,
            created_at=now,
            updated_at=now,
            stop=terms.trigger,
        )

    def change(
        self,
        order: PaperOrder,
        terms: OrderTerms,
        pair: Pair | None,
        market: PaperMarket,
        now: datetime,
    ) -> str | None:
        """Let an open order have new terms; the refusal if it cannot have them."""
        filled, before = order.filled, (order.terms, order.remaining, order.stop)
        wrong = checks.of_terms(terms, pair, now)
        if wrong is not None or terms.amount <= filled:
            return wrong or "amount: invalid"
        order.terms, order.remaining = terms, terms.amount - filled
        order.stop = terms.trigger or order.stop
        wrong = checks.of_funds(order, self._ledger, self._margin, market)
        if wrong is not None:
            order.terms, order.remaining, order.stop = before
            return wrong
        order.updated_at = max(now, order.updated_at)
        return None

    def _closing(self, terms: OrderTerms) -> OrderTerms:
        """An order that closes has the position's size, whatever it says."""
        position = self._papers.positions.get(terms.symbol)
        if not terms.close or position is None or position.amount * terms.side.sign > 0:
            return terms
        return replace(terms, amount=abs(position.amount))

    def _stop_leg(self, order: PaperOrder, cid: OrderKey, now: datetime) -> PaperOrder:
        terms = replace(
            order.terms,
            type=OrderType.STOP,
            price=None,
            trigger=order.terms.oco_stop,
            oco_stop=None,
            post_only=False,
        )
        leg = self.drawn(cid, terms, now)
        leg.parent_id = leg.sibling = order.order_id
        order.sibling = leg.order_id
        return leg
