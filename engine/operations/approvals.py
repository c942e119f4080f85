"""What people decide about wishes that wait for them."""

import hashlib

import msgspec

from engine.floor import Floor
from engine.model.actor import Actor, Role
from engine.model.approval_command import decided_as, held_as
from engine.model.approval_result import Held
from engine.model.errors import DuplicateCommand
from engine.model.event import CommandDeclined
from engine.model.ids import CommandId
from engine.model.people import MemberStanding
from engine.model.people_event import CommandApproved, CommandHeld
from engine.model.result import Declined, Done, Reason, Refused
from engine.model.use_cases import Errand, Wished
from engine.operations.minutes import name_of
from engine.operations.refusing import refusal
from engine.people.factors import FourEyes

ALREADY_DECIDED = Refused((Reason("already_decided", "This was already decided."),))


class ApprovalOperations:
    """Declining, and a second person's yes or no; carrying out is the wish's own use case, under
    the same command id."""

    def __init__(self, floor: Floor, eyes: FourEyes) -> None:
        self._floor = floor
        self._eyes = eyes

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

    async def hold(self, errand: Errand, wish: Wished) -> Held | Refused:
        """Note that a wish waits, and say for whom; refused where there is nobody."""
        owner, wish_id = errand.actor, errand.command_id
        approvers = self._approvers(owner.actor_id)
        if not approvers:
            return refusal(
                "nobody_to_ask",
                "This is so much that a second person has to agree, and there is no other active "
                "trader or admin to ask. Send a smaller order, or have an admin invite somebody.",
            )
        now = self._floor.clock.now()
        held = CommandHeld(
            at=now,
            actor_id=owner.actor_id,
            name=owner.name,
            command=name_of(wish),
            command_id=wish_id,
            digest=_digest(wish),
            expires_at=now + self._eyes.lifetime,
        )
        try:
            await self._floor.record([held], claim=held_as(wish_id))
        except DuplicateCommand:
            before = await self._held(wish_id)
            held = before if before is not None else held
        return Held(approvers=approvers, expires_at=held.expires_at)

    async def approve(self, errand: Errand, wish_id: CommandId, wish: Wished) -> Actor | Refused:
        """The owner to carry it out for, once one person's yes is journalled."""
        held, now = await self._held(wish_id), self._floor.clock.now()
        if held is None or held.digest != _digest(wish):
            return refusal("not_held", "Nobody has asked for this.")
        if (why := self._unfit(errand.actor, held)) is not None:
            return why
        if now >= held.expires_at:
            return refusal("expired", "The time to approve this is over.")
        role = self._floor.book.roster.role_of(held.actor_id)
        if role is None or role < wish.least_role:
            return refusal(
                "owner_has_no_right", f"{held.name} may not do this any more. Nothing was sent."
            )
        refused = await self._decide(errand, held, approved=True)
        if refused is not None:
            return refused
        return Actor(actor_id=held.actor_id, name=held.name, role=role)

    async def reject(self, errand: Errand, wish_id: CommandId) -> Done | Refused:
        """One person's no, and the end of the wish."""
        held = await self._held(wish_id)
        if held is None:
            return refusal("not_held", "Nobody has asked for this.")
        refused = self._unfit(errand.actor, held) or await self._decide(
            errand, held, approved=False
        )
        if refused is not None:
            return refused
        gone = await self.decline(Errand(errand.actor, wish_id), f"rejected by {errand.actor.name}")
        return gone if isinstance(gone, Refused) else Done()

    async def _decide(self, errand: Errand, held: CommandHeld, *, approved: bool) -> Refused | None:
        """Exactly one decision counts; the same once more is the same."""
        who, claim = errand.actor, decided_as(held.command_id)
        decision = CommandApproved(
            at=self._floor.clock.now(),
            actor_id=who.actor_id,
            name=who.name,
            owner_id=held.actor_id,
            owner_name=held.name,
            command=held.command,
            command_id=held.command_id,
            approved=approved,
        )
        try:
            await self._floor.record([decision], claim=claim)
        except DuplicateCommand:
            before = await self._floor.journal.claimed_by(claim)
            if not isinstance(before, CommandApproved):
                return ALREADY_DECIDED
            if (before.actor_id, before.approved) != (who.actor_id, approved):
                done = "approved" if before.approved else "rejected"
                return refusal("already_decided", f"{before.name} has {done} this already.")
        return None

    def _unfit(self, who: Actor, held: CommandHeld) -> Refused | None:
        if who.actor_id == held.actor_id:
            return refusal("own_wish", "Somebody else has to decide this: it is your own.")
        role = self._floor.book.roster.role_of(who.actor_id)
        if role is None or role < Role.TRADER:
            return refusal("no_right", "You may not decide this any more.")
        return None

    def _approvers(self, owner_id: str) -> tuple[str, ...]:
        return tuple(
            sorted(
                member.actor_id
                for member in self._floor.book.roster.members.values()
                if member.role >= Role.TRADER
                and member.standing is MemberStanding.ACTIVE
                and member.actor_id != owner_id
            )
        )

    async def _held(self, wish_id: CommandId) -> CommandHeld | None:
        event = await self._floor.journal.claimed_by(held_as(wish_id))
        return event if isinstance(event, CommandHeld) else None


def _digest(wish: Wished) -> str:
    """Of the wish as it is written down."""
    return hashlib.sha256(type(wish).__name__.encode() + msgspec.json.encode(wish)).hexdigest()
