"""What an open order is to become (facts sheet 4.2, `ou`)."""

from dataclasses import dataclass, fields, replace
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
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        return replace(terms, **{name: new for name, new in given.items() if new is not None})
