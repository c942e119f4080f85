"""Brackets taken from their guardian together, so that from that moment on nothing comes back."""

from collections.abc import Sequence
from dataclasses import replace

from engine.floor import Floor
from engine.model.bracket import Bracket, BracketStatus
from engine.model.errors import GenesisError, JournalUnavailable
from engine.model.event import BracketClosed, BracketEvent, BracketExposed, Event
from engine.model.ids import CommandId
from engine.model.symbol import Symbol
from engine.model.use_cases import Errand


class LettingGo:
    """At once, without a turn taken: a guardian in the middle of a step would be waited for.

    What is asked for is marked on the floor (`Floor.let_go`) before anything else happens: from
    then on the guardian takes no step, and exits that have not left yet do not leave.
    """

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def everything_cancelled(self, errand: Errand, symbol: Symbol | None) -> Sequence[BracketEvent]:
        """Mark them; what to journal once it was asked for: exposure first, which rings."""
        ends = self._ends(symbol, f"all orders were cancelled by {errand.actor.name}")
        return [
            event for end in ends for event in ([_exposed(end), end] if end.bracket.held else [end])
        ]

    def all_of_them(self, reason: str) -> Sequence[BracketClosed]:
        """Mark all; what is to be journalled, for this reason."""
        return self._ends(None, reason)

    async def record(self, events: Sequence[Event], claim: CommandId) -> None:
        """Journal them: they are over, or guarded as before where nothing could be written.

        After `JournalUnavailable` they stay marked: whoever owes the journal their end sees to it.
        """
        try:
            await self._floor.record(events, claim=claim)
        except JournalUnavailable:
            raise
        except GenesisError:
            self.resume(events)
            raise
        self.resume(events)

    def resume(self, events: Sequence[Event]) -> None:
        """They are not marked any longer."""
        ended = {event.bracket.key for event in events if isinstance(event, BracketEvent)}
        self._floor.let_go -= ended

    def _ends(self, symbol: Symbol | None, reason: str) -> Sequence[BracketClosed]:
        floor, now = self._floor, self._floor.clock.now()
        going = [b for b in floor.book.brackets.values() if _is_of(b, symbol)]
        floor.let_go |= {bracket.key for bracket in going}
        floor.wake()
        over = [replace(b, status=BracketStatus.DONE, reason=reason, updated_at=now) for b in going]
        return [BracketClosed(at=now, bracket=bracket) for bracket in over]


def let_go(count: int) -> str:
    """What it means, for who asked for it."""
    one = count == 1
    return (
        f"{count} bracket{'s' * (not one)} let go: nothing is placed for {'it' if one else 'them'} "
        f"anew, and what {'it holds' if one else 'they hold'} is not guarded."
    )


def _is_of(bracket: Bracket, symbol: Symbol | None) -> bool:
    return symbol is None or bracket.terms.entry.symbol == symbol


def _exposed(end: BracketClosed) -> BracketExposed:
    return BracketExposed(at=end.at, bracket=replace(end.bracket, status=BracketStatus.EXPOSED))
