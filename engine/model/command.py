"""What can be asked of the desk: frozen wishes, each knowing its answer's type and least role.

A request meets the use cases of its family (`meet`), so that `desk.execute` is typed by the
request alone.
"""

from dataclasses import dataclass
from typing import ClassVar

from engine.model.actor import Role
from engine.model.bracket import BracketTerms
from engine.model.change import OrderChange
from engine.model.ids import OrderKey
from engine.model.order import OrderTerms
from engine.model.result import (
    BracketTicket,
    CancelReport,
    Declined,
    Done,
    OrderTicket,
    Refused,
    TradingState,
)
from engine.model.symbol import Symbol
from engine.model.template import OrderTemplate
from engine.model.use_cases import Errand, UseCases


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """Send an order with these exact terms."""

    terms: OrderTerms
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> OrderTicket | Refused:
        return await cases.orders.place(errand, self.terms)


@dataclass(frozen=True, slots=True)
class AmendOrder:
    """Change an open order where it stands."""

    key: OrderKey
    change: OrderChange
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> OrderTicket | Refused:
        return await cases.orders.amend(errand, self.key, self.change)


@dataclass(frozen=True, slots=True)
class PlaceBracket:
    """Send an entry whose exits follow what it fills."""

    terms: BracketTerms
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> BracketTicket | Refused:
        return await cases.brackets.place(errand, self.terms)


@dataclass(frozen=True, slots=True)
class ReleaseBracket:
    """Guard what it holds no longer; its orders stay as they are."""

    key: OrderKey
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.brackets.release(errand, self.key)


@dataclass(frozen=True, slots=True)
class RenewBracket:
    """Guard it anew: somebody has seen that exits of unknown fate are dead."""

    key: OrderKey
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.brackets.renew(errand, self.key)


@dataclass(frozen=True, slots=True)
class SaveTemplate:
    """Keep an order under a name, instead of any that had it."""

    template: OrderTemplate
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.templates.save(errand, self.template)


@dataclass(frozen=True, slots=True)
class DeleteTemplate:
    """Keep the order of this name no longer."""

    name: str
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.templates.delete(errand, self.name)


@dataclass(frozen=True, slots=True)
class ImportTemplates:
    """Keep all of these, or none."""

    templates: tuple[OrderTemplate, ...]
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.templates.take_in(errand, self.templates)


@dataclass(frozen=True, slots=True)
class AdoptOrder:
    """Treat an order made elsewhere as ours from now on."""

    key: OrderKey
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.strays.adopt_order(errand, self.key)


@dataclass(frozen=True, slots=True)
class IgnoreOrder:
    """Leave an order made elsewhere alone and ask no more."""

    key: OrderKey
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.strays.ignore_order(errand, self.key)


@dataclass(frozen=True, slots=True)
class AdoptPosition:
    """Treat a position made elsewhere as ours from now on."""

    symbol: Symbol
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.strays.adopt_position(errand, self.symbol)


@dataclass(frozen=True, slots=True)
class IgnorePosition:
    """Leave a position made elsewhere alone and ask no more."""

    symbol: Symbol
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.strays.ignore_position(errand, self.symbol)


@dataclass(frozen=True, slots=True)
class CancelOrders:
    """Cancel these orders."""

    keys: tuple[OrderKey, ...]
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> CancelReport | Refused:
        return await cases.orders.cancel(errand, self.keys)


@dataclass(frozen=True, slots=True)
class CancelAll:
    """Cancel whatever is open when this is carried out, of one symbol if it is given."""

    symbol: Symbol | None = None
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> CancelReport | Refused:
        return await cases.orders.cancel_all(errand, self.symbol)


@dataclass(frozen=True, slots=True)
class PauseTrading:
    """Allow no new exposure until resumed."""

    reason: str = ""
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> TradingState | Refused:
        return await cases.trading.pause(errand, self.reason)


@dataclass(frozen=True, slots=True)
class ResumeTrading:
    """Allow new exposure again."""

    least_role: ClassVar[Role] = Role.ADMIN

    async def meet(self, cases: UseCases, errand: Errand) -> TradingState | Refused:
        return await cases.trading.resume(errand)


@dataclass(frozen=True, slots=True)
class Decline:
    """Decide against the wish named by the errand, so that it can never be carried out."""

    reason: str
    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases, errand: Errand) -> Declined | Refused:
        return await cases.approvals.decline(errand, self.reason)
