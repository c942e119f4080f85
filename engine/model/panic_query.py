"""What can be asked about a panic without calling one."""

from dataclasses import dataclass
from typing import ClassVar

from engine.model.actor import Role
from engine.model.panic_result import PanicPreview, Standstill
from engine.model.use_cases import UseCases


@dataclass(frozen=True, slots=True)
class PreviewPanic:
    """What a panic would do now."""

    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases) -> PanicPreview:
        return await cases.panic.preview()


@dataclass(frozen=True, slots=True)
class ShowStandstill:
    """Why nothing is opened now."""

    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases) -> Standstill:
        return await cases.panic.standstill()
