"""What can be asked for when everything must stop."""

from dataclasses import dataclass
from typing import ClassVar

from engine.model.actor import Role
from engine.model.panic_result import PanicReport
from engine.model.result import Refused
from engine.model.use_cases import Errand, UseCases


@dataclass(frozen=True, slots=True)
class CallPanic:
    """Pause, cancel every order, close every position; with `spot`, sell what is held too."""

    spot: bool = False
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> PanicReport | Refused:
        return await cases.panic.call(errand, self.spot)
