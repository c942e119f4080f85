"""Where an order may end without ever having been at the exchange, the operator told so."""

from tests.matrix.axes import Interruption, Kind, Moment
from tests.matrix.play import Outcome

LONG_AWAY = (
    "rest 429 without a word how long",
    "handshake 429",
    "rest fails until the breaker opens",
)
"""Faults that keep us away for longer than an order is worth sending anew."""

UNHEARD = ("refused", "maintenance")
"""What the exchange says no to, and may say so to nobody."""

AWAY = (Interruption.DROP, Interruption.OUTAGE, Interruption.DATABASE)
NOT_ARRIVED = (Moment.BEFORE_SEND, Moment.ON_THE_WIRE)


def unexplained(outcome: Outcome) -> list[str]:
    """An order that came to nothing where it should not have, or a fault that never struck."""
    found = [] if outcome.met else ["the fault was never met"]
    if "lost" in outcome.endings and not _may_be_lost(outcome):
        found.append("an order was given up that could have been sent anew")
    if "rejected" in outcome.endings and not _may_be_rejected(outcome):
        found.append("an order was rejected that nobody refused")
    return found


def _may_be_lost(outcome: Outcome) -> bool:
    """Nobody sends anew what a link took with it of which nobody knows that it is gone."""
    cell = outcome.cell
    if cell.fault.name in (*UNHEARD, "input lost with its connection"):
        return True
    if cell.interruption in AWAY:
        return cell.moment in NOT_ARRIVED
    return cell.interruption is Interruption.KILL and cell.fault.name in LONG_AWAY


def _may_be_rejected(outcome: Outcome) -> bool:
    """The exchange said no, or nothing was sent because the link was known to be gone."""
    cell = outcome.cell
    if cell.fault.name in UNHEARD:
        return True
    dropped = cell.interruption is Interruption.DROP and cell.fault.kind is Kind.RETURN
    return dropped and cell.moment is Moment.BEFORE_SEND
