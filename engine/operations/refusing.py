"""A no is final for its command, so that no second press slips past it."""

from collections.abc import Callable, Sequence
from typing import Final

from engine.book import Book
from engine.floor import Floor
from engine.model.errors import DuplicateCommand
from engine.model.event import CommandRefused, Event
from engine.model.result import Done, Reason, Refused
from engine.model.risk_event import RiskFailed
from engine.model.use_cases import Errand
from engine.risk.asking import BrokenRule

PATIENCE_FOR_LINK: Final = 10.0
DECIDED_BEFORE: Final = Refused(
    (Reason("decided_before", "This was decided before; nothing is sent."),)
)


def refusal(code: str, sentence: str) -> Refused:
    """A no for one reason."""
    return Refused((Reason(code, sentence),))


async def unless_open(floor: Floor) -> Refused | None:
    """A no, if the desk stays closed for longer than a person waits."""
    if floor.closed_because() is None:
        return None
    if await floor.until(lambda: floor.closed_because() is None, PATIENCE_FOR_LINK):
        return None
    why = floor.closed_because()
    return refusal("desk_closed", f"Nothing was sent: {why}. Try again later.")


async def refuse(floor: Floor, errand: Errand, command: str, refused: Refused) -> Refused:
    """Journal the no under the errand's name; `DuplicateCommand` when it was carried out."""
    now = floor.clock.now()
    event = CommandRefused(
        at=now,
        actor_id=errand.actor.actor_id,
        command=command,
        command_id=errand.command_id,
        reasons=tuple(reason.sentence for reason in refused.reasons),
        codes=tuple(reason.code for reason in refused.reasons),
    )
    broken = [
        RiskFailed(at=now, symbol=reason.symbol, detail=reason.detail)
        for reason in refused.reasons
        if isinstance(reason, BrokenRule)
    ]
    await floor.record([event, *broken], claim=errand.command_id)
    return refused


async def rule_if(
    floor: Floor,
    errand: Errand,
    decision: Callable[[Book], Sequence[Event] | Refused],
    command: str,
) -> Done | Refused:
    """Judge and journal in one go what somebody rules: of two at the same moment one is first, and
    the other judged by what has become of it. A no is journalled as one to `command`."""
    against: list[Refused] = []

    def ruled(book: Book) -> Sequence[Event]:
        answer = decision(book)
        if isinstance(answer, Refused):
            against.append(answer)
            return []
        return answer

    try:
        await floor.decide(ruled, claim=errand.command_id)
    except DuplicateCommand:
        return Done(repeated=True)
    if not against:
        return Done()
    try:
        return await refuse(floor, errand, command, against[0])
    except DuplicateCommand:
        return DECIDED_BEFORE


async def rule(floor: Floor, errand: Errand, *events: Event) -> Done:
    """Journal what somebody ruled, once; a repeated wish is done already."""
    try:
        await floor.record(events, claim=errand.command_id)
    except DuplicateCommand:
        return Done(repeated=True)
    return Done()
