"""What can be asked about people without changing anything."""

from dataclasses import dataclass
from typing import ClassVar

from engine.model.actor import Role
from engine.model.people_result import Members
from engine.model.use_cases import UseCases


@dataclass(frozen=True, slots=True)
class ShowMembers:
    """Everybody who may act or could once."""

    least_role: ClassVar[Role] = Role.ADMIN

    async def meet(self, cases: UseCases) -> Members:
        return await cases.people.show()
