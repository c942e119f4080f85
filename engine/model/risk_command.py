"""What can be asked of the risk desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from engine.model.actor import Role
from engine.model.result import Done, Refused
from engine.model.risk import Guard
from engine.model.symbol import Symbol
from engine.model.use_cases import Errand, UseCases
from engine.model.windows import TradingWindows


@dataclass(frozen=True, slots=True)
class ChangeLimit:
    """Set a limit, in the words of settings; with no value, as the settings have it again.
    `instead_of` is what it was when somebody wished that: it is refused when it has become another
    meanwhile."""

    limit: str
    value: str | None
    instead_of: str | None = None
    least_role: ClassVar[Role] = Role.ADMIN

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        before = {} if self.instead_of is None else {self.limit: self.instead_of}
        return await cases.risk.change_limits(errand, {self.limit: self.value}, before)


@dataclass(frozen=True, slots=True)
class ChangeLimits:
    """Set several limits, all or none."""

    values: Mapping[str, str | None]
    least_role: ClassVar[Role] = Role.ADMIN

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.risk.change_limits(errand, self.values, {})


@dataclass(frozen=True, slots=True)
class SetWindows:
    """Set when trading is open; `instead_of` are the windows it was made from, where that counts:
    it is refused when somebody has set others meanwhile."""

    windows: TradingWindows
    instead_of: TradingWindows | None = None
    least_role: ClassVar[Role] = Role.ADMIN

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.risk.set_windows(errand, self.windows, self.instead_of)


@dataclass(frozen=True, slots=True)
class ResetGuard:
    """Let entries pass a guard that has tripped; it counts anew from here."""

    guard: Guard
    least_role: ClassVar[Role] = Role.ADMIN

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.guards.reset(errand, self.guard)


@dataclass(frozen=True, slots=True)
class LockSymbol:
    """Open nothing in a symbol, until then or until somebody unlocks it."""

    symbol: Symbol
    reason: str = ""
    until: datetime | None = None
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.guards.lock(errand, self.symbol, self.reason, self.until)


@dataclass(frozen=True, slots=True)
class UnlockSymbol:
    """Let a symbol be traded again."""

    symbol: Symbol
    least_role: ClassVar[Role] = Role.ADMIN

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.guards.unlock(errand, self.symbol)


@dataclass(frozen=True, slots=True)
class ResetBreaker:
    """Let trades be opened again after the trading breaker has tripped."""

    least_role: ClassVar[Role] = Role.ADMIN

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.guards.reset_breaker(errand)
