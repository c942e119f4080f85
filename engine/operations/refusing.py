"""A no is final for its command, so that no second press slips past it."""

from collections.abc import Callable, Sequence
from typing import Final

from engine.book import Book
from engine.floor import Floor
from engine.model.actor import Role
from engine.model.errors import DuplicateCommand
from engine.model.event import CommandRefused, Event
from engine.model.result import Done, Reason, Refused
from engine.model.risk_event import RiskFailed
from engine.model.use_cases import Errand
from engine.people.authority import why_not
from engine.risk.asking import BrokenRule

PATIENCE_FOR_LINK: Final = 10.0
DECIDED_BEFORE: Final = Refused(
    (Reason("decided_before", "This was decided before; nothing is sent."),)
)
CHANGED_SINCE: Final = Refused(
    (
        Reason(
            "decided_before",
            "This was carried out before, and somebody has changed it since, so nothing is done "
            "now. Wish it anew if you still mean it.",
        ),
    )
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


def rights_taken(floor: Floor, errand: Errand) -> str | None:
    """Why what waited may not go out any more, on whose word it would; None while it may.

    For orders and changes, whether they open or reduce: what somebody without rights wished is
    left to others. Cancels, exits and a panic go on, whatever becomes of who asked for them.
    """
    roster, approver = floor.book.roster, errand.approver
    if (why := why_not(roster, errand.actor, Role.TRADER)) is not None:
        return why
    if approver is None or why_not(roster, approver, Role.TRADER) is None:
        return None
    return f"{approver.name}, who agreed to this, may not any more, so nothing is done."


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
    *,
    holds: Callable[[], bool] = lambda: True,
) -> Done | Refused:
    """Judge and journal in one go what somebody rules: of two at the same moment one is first, and
    the other judged by what has become of it. A no is journalled as one to `command`,
    a repeated wish is as of `rule`."""
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
        return Done(repeated=True) if holds() else CHANGED_SINCE
    if not against:
        return Done()
    try:
        return await refuse(floor, errand, command, against[0])
    except DuplicateCommand:
        return DECIDED_BEFORE


async def rule(
    floor: Floor, errand: Errand, *events: Event, holds: Callable[[], bool] = lambda: True
) -> Done | Refused:
    """Journal what somebody ruled, once; a repeated wish is done already, if it still `holds`."""
    try:
        await floor.record(events, claim=errand.command_id)
    except DuplicateCommand:
        return Done(repeated=True) if holds() else CHANGED_SINCE
    return Done()


async def did(floor: Floor, errand: Errand, kind: type[Event]) -> bool:
    """Whether the same wish was carried out before, as an event of this kind."""
    return isinstance(await floor.journal.claimed_by(errand.command_id), kind)
