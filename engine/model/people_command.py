"""What can be asked about people and their rights."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from engine.model.actor import Role
from engine.model.people_result import Invited
from engine.model.result import Done, Refused
from engine.model.use_cases import Errand, UseCases


@dataclass(frozen=True, slots=True)
class InviteMember:
    """Make a one-time code for a role, good for so long."""

    role: Role
    lifetime: timedelta = timedelta(hours=24)
    least_role: ClassVar[Role] = Role.ADMIN

    async def meet(self, cases: UseCases, errand: Errand) -> Invited | Refused:
        return await cases.people.invite(errand, self.role, self.lifetime)


@dataclass(frozen=True, slots=True)
class CancelInvitation:
    """Make a code that nobody has shown worth nothing; `digest` is its own, or how that begins."""

    digest: str
    least_role: ClassVar[Role] = Role.ADMIN

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.people.cancel_invitation(errand, self.digest)


@dataclass(frozen=True, slots=True)
class ChangeRole:
    """Give a member another role."""

    member_id: str
    role: Role
    least_role: ClassVar[Role] = Role.ADMIN

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.people.change_role(errand, self.member_id, self.role)


@dataclass(frozen=True, slots=True)
class FreezeMember:
    """Take all a member's rights away, for now."""

    member_id: str
    least_role: ClassVar[Role] = Role.ADMIN

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.people.freeze(errand, self.member_id)


@dataclass(frozen=True, slots=True)
class ThawMember:
    """Give a frozen member their rights back."""

    member_id: str
    least_role: ClassVar[Role] = Role.ADMIN

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.people.thaw(errand, self.member_id)


@dataclass(frozen=True, slots=True)
class RevokeMember:
    """Take a member off the list."""

    member_id: str
    least_role: ClassVar[Role] = Role.ADMIN

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.people.revoke(errand, self.member_id)


@dataclass(frozen=True, slots=True)
class EndTokens:
    """Let no API token open anything any more that was made for a member until now."""

    member_id: str
    least_role: ClassVar[Role] = Role.ADMIN

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.people.end_tokens(errand, self.member_id)
