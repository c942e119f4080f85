"""Several wishes in one call to the exchange, and what it answered to each (facts sheet 3, 5.5)."""

from dataclasses import dataclass
from enum import StrEnum

from engine.model.approval import ApprovedChange, ApprovedOrder
from engine.model.order import Order
from engine.model.report import OrderReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """Orders to be cancelled together, one or many."""

    orders: tuple[Order, ...]


Operation = ApprovedOrder | ApprovedChange | Cancellation


class Outcome(StrEnum):
    """What is known of one wish among several."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NOT_SENT = "not sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the exchange said to one wish: accepted is taken in for processing, and no promise.

    `orders` are those it named, as they stood when it answered.
    """

    outcome: Outcome
    words: str = ""
    orders: tuple[OrderReport, ...] = ()
