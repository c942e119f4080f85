"""What an open order is to become (facts sheet 4.2, `ou`)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


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
