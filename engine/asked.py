"""What orders are asked to become."""

from engine.model.event import AmendFailed, AmendRequested, Event, OrderEvent
from engine.model.order import Order


def under_way(asked: AmendRequested | None, event: Event) -> AmendRequested | None:
    """What is asked of an order, and not answered, after one more of the events in its life."""
    match event:
        case AmendRequested():
            return event
        case AmendFailed():
            return None
        case OrderEvent() if asked is not None:
            answered = not event.order.status.is_open or holds(event.order, asked)
            return None if answered else asked
    return asked


def holds(order: Order, asked: AmendRequested) -> bool:
    """Whether the order is what it was to become."""
    return asked.change.applied(order.terms) == order.terms
