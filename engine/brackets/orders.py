"""The orders a placement is made of."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from engine.model.approval import ApprovedOrder
from engine.model.bracket import Bracket
from engine.model.ids import CommandId
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType


def command_of(bracket: Bracket) -> CommandId:
    """The name of the next placement: the same however often it is tried to be written down."""
    return CommandId(f"bracket:{bracket.key}:{len(bracket.exits)}")


def exit_orders(bracket: Bracket, approved: ApprovedOrder, at: datetime) -> Sequence[Order]:
    """One order, or a take profit and the stop that goes with it, each knowing the other."""
    first = Order(
        key=approved.key,
        terms=approved.terms,
        status=OrderStatus.PENDING,
        remaining=approved.terms.amount,
        created_at=at,
        updated_at=at,
        actor_id=bracket.actor_id,
        command_id=command_of(bracket),
        partner=approved.partner,
        bracket=bracket.key,
    )
    if approved.partner is None:
        return [first]
    stop = replace(
        first, key=approved.partner, terms=_stop_leg(approved.terms), partner=approved.key
    )
    return [first, stop]


def _stop_leg(terms: OrderTerms) -> OrderTerms:
    return replace(terms, type=OrderType.STOP, price=None, trigger=terms.oco_stop, oco_stop=None)
