"""What people decide about wishes that wait for them."""

from engine.floor import Floor
from engine.model.errors import DuplicateCommand
from engine.model.event import CommandDeclined
from engine.model.result import Declined, Reason, Refused
from engine.model.use_cases import Errand

ALREADY_DECIDED = Refused((Reason("already_decided", "This was already decided."),))


class ApprovalOperations:
    """Declining; carrying out is the wish's own use case, under the same command id."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    async def decline(self, errand: Errand, reason: str) -> Declined | Refused:
        """Claim the wish so that nobody can carry it out; refused when somebody already has."""
        if any(claim == errand.command_id for _, claim in self._floor.owed):
            return ALREADY_DECIDED
        event = CommandDeclined(
            at=self._floor.clock.now(),
            actor_id=errand.actor.actor_id,
            command_id=errand.command_id,
            reason=reason,
        )
        try:
            await self._floor.record([event], claim=errand.command_id)
        except DuplicateCommand:
            return ALREADY_DECIDED
        return Declined()
