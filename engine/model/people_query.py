"""What can be asked about people without changing anything."""

from dataclasses import dataclass
from typing import ClassVar

from engine.model.actor import Role
from engine.model.people_result import Acts, Members
from engine.model.use_cases import UseCases


@dataclass(frozen=True, slots=True)
class ShowMembers:
    """Everybody who may act or could once."""

    least_role: ClassVar[Role] = Role.ADMIN

    async def meet(self, cases: UseCases) -> Members:
        return await cases.people.show()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowActs:
    """What people did and were refused, newest first: before entry `before`, by one of them."""

    before: int | None = None
    actor_id: str | None = None
    limit: int = 20
    least_role: ClassVar[Role] = Role.ADMIN

    async def meet(self, cases: UseCases) -> Acts:
        return await cases.people.acts(self.before, self.actor_id, self.limit)
