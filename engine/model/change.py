"""What an open order is to become (facts sheet 4.2, `ou`)."""

from dataclasses import dataclass, replace
from decimal import Decimal

from engine.model.order import OrderTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChange:
    """Only what is given changes; `amount` is the whole new size, what is filled included."""

    amount: Decimal | None = None
    price: Decimal | None = None
    trigger: Decimal | None = None
    trail: Decimal | None = None

    def applied(self, terms: OrderTerms) -> OrderTerms:
        """What it makes of an order's terms."""
        return replace(
            terms,
            amount=terms.amount if self.amount is None else self.amount,
            price=terms.price if self.price is None else self.price,
            trigger=terms.trigger if self.trigger is None else self.trigger,
            trail=terms.trail if self.trail is None else self.trail,
        )
