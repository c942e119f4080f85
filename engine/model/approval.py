"""The risk desk's stamp: the exchange takes nothing without it."""

from dataclasses import dataclass

from engine.model.change import OrderChange
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderTerms
from engine.model.value import value


@value
class ApprovedOrder:
    """Terms that risk has let pass, with the cid they travel under; made by `engine.risk` only.

    `partner` is the cid of the stop that goes with an OCO; what is `urgent` guards or closes a
    holding, and passes before whatever opens one.
    """

    key: OrderKey
    terms: OrderTerms
    partner: OrderKey | None = None
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedChange:
    """A change of an open order that risk has let pass; made by `engine.risk` only."""

    order: Order
    change: OrderChange
