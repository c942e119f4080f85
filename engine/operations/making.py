"""Orders as they are before they leave."""

from dataclasses import replace
from datetime import datetime

from engine.model.approval import ApprovedOrder
from engine.model.ids import CommandId, OrderKey
from engine.model.order import Order, OrderStatus, OrderType


def new_orders(
    approved: ApprovedOrder,
    *,
    at: datetime,
    actor_id: str,
    command_id: CommandId,
    bracket: OrderKey | None = None,
) -> list[Order]:
    """What the frame makes at the exchange: one order, or the two of an OCO."""
    terms = approved.terms
    first = Order(
        key=approved.key,
        terms=terms,
        status=OrderStatus.PENDING,
        remaining=terms.amount,
        created_at=at,
        updated_at=at,
        actor_id=actor_id,
        command_id=command_id,
        partner=approved.partner,
        bracket=bracket,
    )
    if approved.partner is None:
        return [first]
    stop = replace(
        terms,
        type=OrderType.STOP,
        price=None,
        trigger=terms.oco_stop,
        oco_stop=None,
        post_only=False,
    )
    return [first, replace(first, key=approved.partner, terms=stop, partner=first.key)]
