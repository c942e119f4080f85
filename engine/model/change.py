"""What an open order is to become (facts sheet 4.2, `ou`)."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from engine.model.order import OrderTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChange:
    """Only what is given changes; `amount` is the whole new size, what is filled included."""

    amount: Decimal | None = None
    price: Decimal | None = None
    trigger: Decimal | None = None
    trail: Decimal | None = None
    good_until: datetime | None = None
    post_only: bool | None = None
    reduce_only: bool | None = None
    hidden: bool | None = None

    def applied(self, terms: OrderTerms) -> OrderTerms:
        """What it makes of an order's terms."""
        return replace(
            terms,
            amount=terms.amount if self.amount is None else self.amount,
            price=terms.price if self.price is None else self.price,
            trigger=terms.trigger if self.trigger is None else self.trigger,
            trail=terms.trail if self.trail is None else self.trail,
            good_until=self.good_until or terms.good_until,
            post_only=terms.post_only if self.post_only is None else self.post_only,
            reduce_only=terms.reduce_only if self.reduce_only is None else self.reduce_only,
            hidden=terms.hidden if self.hidden is None else self.hidden,
        )
