"""Coming in: with a one-time code, and not at all without."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from engine.book import Book
from engine.floor import Floor
from engine.model.actor import Role
from engine.model.errors import DuplicateCommand
from engine.model.event import Event
from engine.model.ids import CommandId
from engine.model.people import Member
from engine.model.people_event import MemberJoined
from engine.model.result import Reason, Refused
from engine.operations.minutes import Minutes
from engine.people.allowance import Allowance
from engine.people.authority import STOPPED
from engine.people.codes import digest_of, new_code, same
from engine.people.roster import Roster

HOUR: Final = timedelta(hours=1)
WRONG_OF_ONE: Final = 5
WRONG_OF_ALL: Final = 50
NOT_GOOD: Final = Reason(
    "bad_code", "This code is not good, or not any more. Ask whoever gave it for a new one."
)
TOO_MANY: Final = Reason("too_many_codes", "Too many wrong codes. Try again in an hour.")
MEMBER_ALREADY: Final = Reason("member_already", "You are a member already.")


class Admission:
    """Looks at codes: few wrong ones an hour, from each person and from all together.

    The pairing code makes the first admin. It is known to this run alone, and dies once used.
    """

    def __init__(self, floor: Floor, minutes: Minutes) -> None:
        self._floor = floor
        self._minutes = minutes
        self._pairing = ""
        self._wrong = Allowance(WRONG_OF_ONE, HOUR)
        self._wrong_in_all = Allowance(WRONG_OF_ALL, HOUR)

    def offer_pairing(self) -> str | None:
        """A fresh pairing code, where nobody is admitted at all."""
        if self._floor.book.roster.members:
            return None
        code = new_code()
        self._pairing = digest_of(code)
        return code

    async def admit(self, actor_id: str, name: str, code: str) -> Member | Refused:
        """Let somebody in whose code is good; a member gains nothing by one."""
        now = self._floor.clock.now()
        if not self._wrong.is_left(actor_id, now) or not self._wrong_in_all.is_left("", now):
            return Refused((TOO_MANY,))
        digest, joined = digest_of(code), False

        def decision(book: Book) -> Sequence[Event]:
            event = self._joining(book.roster, actor_id, name, digest, now)
            return [event] if event is not None else []

        with suppress(DuplicateCommand):
            joined = await self._floor.decide(decision, claim=CommandId(f"join:{digest}"))
        member = self._floor.book.roster.members.get(actor_id)
        if joined and member is not None:
            self._pairing = ""
            return member
        return await self._no(actor_id, member, now)

    async def refused(self, actor_id: str, command: str, reasons: Sequence[str]) -> None:
        """A member without rights tried something."""
        await self._minutes.refused(actor_id, command, reasons)

    async def turned_away(self, actor_id: str) -> None:
        """A stranger came."""
        await self._minutes.turned_away(actor_id)

    def _joining(
        self, roster: Roster, actor_id: str, name: str, digest: str, now: datetime
    ) -> MemberJoined | None:
        if actor_id in roster.members:
            return None
        role, invited = self._role_for(roster, digest, now)
        if role is None:
            return None
        return MemberJoined(at=now, actor_id=actor_id, name=name, role=role, digest=invited)

    def _role_for(self, roster: Roster, digest: str, now: datetime) -> tuple[Role | None, str]:
        """The role a code gives, and its digest where it is an invitation's."""
        if not roster.members and self._pairing and same(self._pairing, digest):
            return Role.ADMIN, ""
        good = [each for each in roster.good_invitations(now) if same(each.digest, digest)]
        return (good[0].role, digest) if good else (None, "")

    async def _no(self, actor_id: str, member: Member | None, now: datetime) -> Refused:
        if member is not None:
            stopped = STOPPED.get(member.standing)
            return Refused((Reason("not_allowed", stopped) if stopped else MEMBER_ALREADY,))
        self._wrong.use(actor_id, now)
        self._wrong_in_all.use("", now)
        await self._minutes.refused(actor_id, "join", (NOT_GOOD.sentence,))
        return Refused((NOT_GOOD,))
