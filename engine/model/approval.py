"""The risk desk's stamp: the exchange takes nothing without it."""

from dataclasses import dataclass

from engine.model.ids import OrderKey
from engine.model.order import OrderTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedOrder:
    """Terms that risk has let pass, with the cid they travel under; made by `engine.risk` only."""

    key: OrderKey
    terms: OrderTerms
