"""Order status strings: free text of which only the beginning can be trusted (facts sheet 4.4)."""

from decimal import Decimal

from engine.model.order import OrderStatus

_FILLED = ("EXECUTED", "FORCED EXECUTED")
_PARTLY = "PARTIALLY FILLED"


def status_of(text: str, remaining: Decimal) -> OrderStatus:
    """Where an order is, by its status text and its remaining amount (row fields 13 and 6)."""
    if text.startswith("ACTIVE"):
        return OrderStatus.WORKING
    if text.startswith(_PARTLY):
        return OrderStatus.PARTLY_FILLED
    return closed_status_of(text, remaining)


def closed_status_of(text: str, remaining: Decimal) -> OrderStatus:
    """As `status_of`, for an order that is known to be closed.

    Closed by risk with nothing remaining is a full fill, whatever came after it.
    """
    if text.startswith(_FILLED) or (remaining == 0 and _PARTLY in text):
        return OrderStatus.FILLED
    return OrderStatus.CANCELLED
