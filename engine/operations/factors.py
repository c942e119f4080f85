"""Setting up an authenticator, showing its codes, and taking it off."""

from datetime import datetime

from engine.floor import Floor
from engine.model.actor import Role
from engine.model.errors import NotAllowed
from engine.model.factor_result import Enrolment, FactorStatus
from engine.model.ids import CommandId
from engine.model.people_event import SecondFactorRefused, SecondFactorSet
from engine.model.result import Done, Refused
from engine.model.use_cases import Errand
from engine.operations.refusing import refusal
from engine.people.factors import FactorPolicy
from engine.people.lockout import locked
from engine.people.second_factor import (
    CONFIRM_WITHIN,
    LockedOut,
    Right,
    SecondFactor,
    Without,
    Wrong,
)
from engine.people.totp import address_of, spelled

ISSUER = "Genesis"


class FactorOperations:
    """One authenticator a person; the journal hears what happened to it, never a secret."""

    def __init__(self, floor: Floor, factor: SecondFactor, policy: FactorPolicy) -> None:
        self._floor = floor
        self._factor = factor
        self._policy = policy

    async def begin(self, errand: Errand) -> Enrolment | Refused:
        """A secret to be shown once; one begun before is worth nothing any more."""
        who = errand.actor
        begun = await self._factor.begin(who.actor_id)
        if begun is None:
            return refusal(
                "second_factor_there",
                "You have an authenticator already. /2fa off takes it off, with its code.",
            )
        return Enrolment(
            secret=spelled(begun.secret),
            address=address_of(begun.secret, issuer=ISSUER, account=who.name),
            good_until=begun.begun_at + CONFIRM_WITHIN,
        )

    async def give(self, errand: Errand, code: str, wish: CommandId | None) -> Done | Refused:
        """Look at a code; every wrong one is journalled, and what it leads to."""
        actor_id = errand.actor.actor_id
        match await self._factor.look(actor_id, code, wish, errand.actor.via):
            case Right(confirmed=confirmed):
                if confirmed:
                    await self._note_set(actor_id, actor_id)
                return Done()
            case Wrong(left=left):
                await self._note_refused(actor_id, locked_out=False)
                tries = "1 try is" if left == 1 else f"{left} tries are"
                return refusal(
                    "wrong_code", f"That code is wrong, or was used before; {tries} left."
                )
            case LockedOut(until=until, now=now):
                if now:
                    await self._note_refused(actor_id, locked_out=True)
                return refusal("locked_out", self._locked(until, errand.actor.via))
            case Without():
                return refusal("no_second_factor", "You have no authenticator. /2fa sets one up.")

    async def drop(self, errand: Errand, member_id: str) -> Done | Refused:
        """Take an authenticator off; somebody else's only as an admin who has one."""
        who = errand.actor
        if member_id != who.actor_id and who.role < Role.ADMIN:
            raise NotAllowed("Only an admin can take off somebody else's authenticator.")
        if not await self._factor.remove(member_id):
            return refusal("no_second_factor", "There is no authenticator to take off.")
        await self._note_set(who.actor_id, member_id, off=True)
        return Done()

    async def status(self, actor_id: str) -> FactorStatus:
        """How it stands, and what it is needed for."""
        kept = await self._factor.of(actor_id)
        return FactorStatus(
            enrolled=kept is not None and kept.confirmed,
            awaits=kept is not None and not kept.confirmed,
            locked_until=None if kept is None else locked(kept, self._floor.clock.now()),
            needed_for=tuple(sorted(self._policy.classes)),
            required=self._policy.required,
        )

    def _locked(self, until: datetime, via: str) -> str:
        minutes = -(-int((until - self._floor.clock.now()).total_seconds()) // 60)
        wait = "1 minute" if minutes <= 1 else f"{minutes} minutes"
        here = " here" if via else ""
        return (
            f"Too many codes were wrong: none is looked at{here} for {wait}. If it was not you, "
            "tell an admin at once. /pause and cancelling need no code."
        )

    async def _note_set(self, actor_id: str, member_id: str, *, off: bool = False) -> None:
        now = self._floor.clock.now()
        event = SecondFactorSet(at=now, actor_id=actor_id, member_id=member_id, off=off)
        await self._floor.record([event])

    async def _note_refused(self, actor_id: str, *, locked_out: bool) -> None:
        now = self._floor.clock.now()
        event = SecondFactorRefused(at=now, actor_id=actor_id, locked=locked_out)
        await self._floor.record([event])
