"""What empties a position or a holding in a panic: the stamp it goes out with."""

from dataclasses import replace

from engine.model.approval import ApprovedOrder
from engine.model.ids import OrderKey
from engine.model.order import OrderTerms
from engine.model.result import Reason, Refused
from engine.risk.circumstances import Circumstances, reduces
from engine.risk.policy import RiskPolicyEngine


def approve_emptying(
    risk: RiskPolicyEngine, key: OrderKey, terms: OrderTerms, world: Circumstances
) -> ApprovedOrder | Refused:
    """Reviewed like any order, and then ahead of them all; nothing that could open passes."""
    if not reduces(terms, world.position):
        return Refused((Reason("not_emptying", "This order would not make anything smaller."),))
    approved = risk.review(key, terms, world)
    return approved if isinstance(approved, Refused) else replace(approved, urgent=True)
