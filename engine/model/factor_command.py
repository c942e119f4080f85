"""What can be asked about one's authenticator."""

from dataclasses import dataclass, field
from typing import ClassVar

from engine.model.actor import Role
from engine.model.factor_result import Enrolment, FactorStatus
from engine.model.ids import CommandId
from engine.model.result import Done, Refused
from engine.model.use_cases import Errand, UseCases


@dataclass(frozen=True, slots=True)
class BeginFactor:
    """Make a secret for one's authenticator; it counts once a right code has confirmed it."""

    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases, errand: Errand) -> Enrolment | Refused:
        return await cases.factors.begin(errand)


@dataclass(frozen=True, slots=True)
class GiveCode:
    """Show a code: it confirms an authenticator that was begun, and opens the grace.

    `wish` is what it is given for, where something waits for it.
    """

    code: str = field(repr=False)
    wish: CommandId | None = None
    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.factors.give(errand, self.code, self.wish)


@dataclass(frozen=True, slots=True)
class DropFactor:
    """Let an authenticator count no longer: one's own, or as an admin somebody's who lost it.

    Needs a code given for just this.
    """

    member_id: str
    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.factors.drop(errand, self.member_id)


@dataclass(frozen=True, slots=True)
class ShowFactor:
    """How one's own authenticator stands."""

    actor_id: str
    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases) -> FactorStatus:
        return await cases.factors.status(self.actor_id)
