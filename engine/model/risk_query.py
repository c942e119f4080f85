"""What can be asked about risk without changing anything."""

from dataclasses import dataclass
from typing import ClassVar

from engine.model.actor import Role
from engine.model.draft import OrderDraft
from engine.model.result import Refused, Verdict
from engine.model.risk import SizeAdvice, SizeWish
from engine.model.risk_result import LimitPreview, RiskStatus, WindowsPreview
from engine.model.use_cases import UseCases
from engine.model.windows import TradingWindows


@dataclass(frozen=True, slots=True)
class ShowRisk:
    """How the risk desk stands."""

    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases) -> RiskStatus:
        return await cases.risk.status()


@dataclass(frozen=True, slots=True)
class EvaluateOrder:
    """Whether an order would pass, rule by rule."""

    draft: OrderDraft
    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases) -> Verdict:
        return await cases.risk.evaluate(self.draft)


@dataclass(frozen=True, slots=True)
class AdviseSize:
    """How large an order may be for what one is ready to lose."""

    wish: SizeWish
    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases) -> SizeAdvice | Refused:
        return await cases.risk.advise_size(self.wish)


@dataclass(frozen=True, slots=True)
class PreviewLimit:
    """What a limit would be with this value; with none, as the settings have it."""

    limit: str
    value: str | None
    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases) -> LimitPreview:
        return await cases.risk.preview_limit(self.limit, self.value)


@dataclass(frozen=True, slots=True)
class PreviewWindows:
    """How trading would be open with these windows."""

    windows: TradingWindows
    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases) -> WindowsPreview:
        return await cases.risk.preview_windows(self.windows)
