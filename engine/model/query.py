"""What can be asked of the desk without changing anything, each knowing its answer's type."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from engine.model.actor import Role
from engine.model.change import OrderChange
from engine.model.draft import BracketDraft, OrderDraft
from engine.model.order import Order
from engine.model.result import (
    AmendPreview,
    BracketPreview,
    Brackets,
    DeskStatus,
    Holdings,
    Life,
    OrderPreview,
    Orders,
    Price,
    Purses,
    Refused,
    Strays,
    Templates,
)
from engine.model.symbol import Symbol
from engine.model.template import OrderTemplate
from engine.model.use_cases import UseCases


@dataclass(frozen=True, slots=True)
class PreviewOrder:
    """What an order would be and mean, without sending it."""

    draft: OrderDraft
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases) -> OrderPreview | Refused:
        return await cases.orders.preview(self.draft)


@dataclass(frozen=True, slots=True)
class PreviewClose:
    """What closing `percent` of a position would mean."""

    symbol: str
    percent: Decimal = Decimal(100)
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases) -> OrderPreview | Refused:
        return await cases.orders.preview_close(self.symbol, self.percent)


@dataclass(frozen=True, slots=True)
class PreviewAmend:
    """What a change would make of the order with this number, ours or the exchange's."""

    number: int
    change: OrderChange
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases) -> AmendPreview | Refused:
        return await cases.orders.preview_amend(self.number, self.change)


@dataclass(frozen=True, slots=True)
class PreviewBracket:
    """What an entry and its exits would be and mean, without sending anything."""

    draft: BracketDraft
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases) -> BracketPreview | Refused:
        return await cases.brackets.preview(self.draft)


@dataclass(frozen=True, slots=True)
class ShowBrackets:
    """Entries whose exits are still at work."""

    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases) -> Brackets:
        return await cases.brackets.show()


@dataclass(frozen=True, slots=True)
class ShowTemplates:
    """Orders kept under a name."""

    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases) -> Templates:
        return await cases.templates.show()


@dataclass(frozen=True, slots=True)
class FindTemplate:
    """The order kept under this name; `InvalidInput` when there is none."""

    name: str
    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases) -> OrderTemplate:
        return await cases.templates.find(self.name)


@dataclass(frozen=True, slots=True)
class ShowStrays:
    """Orders and positions made elsewhere that nobody has decided about."""

    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases) -> Strays:
        return await cases.strays.show()


@dataclass(frozen=True, slots=True)
class ShowOrders:
    """The open orders, of one symbol if it is given as typed."""

    symbol: str | None = None
    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases) -> Orders:
        return await cases.orders.show(self.symbol)


@dataclass(frozen=True, slots=True)
class FindOrder:
    """One order by the exchange's id or by ours."""

    number: int
    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases) -> Order:
        return await cases.orders.find(self.number)


@dataclass(frozen=True, slots=True)
class ShowLife:
    """One order, by the exchange's id or by ours, and all that ever happened to it."""

    number: int
    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases) -> Life:
        return await cases.orders.life(self.number)


@dataclass(frozen=True, slots=True)
class ShowBalances:
    """What the wallets hold."""

    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases) -> Purses:
        return await cases.account.balances()


@dataclass(frozen=True, slots=True)
class ShowPositions:
    """Open margin positions."""

    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases) -> Holdings:
        return await cases.account.positions()


@dataclass(frozen=True, slots=True)
class ShowPrice:
    """A symbol's ticker."""

    symbol: str
    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases) -> Price:
        return await cases.market.price(self.symbol)


@dataclass(frozen=True, slots=True)
class ShowWatched:
    """The symbols that are followed live."""

    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases) -> tuple[Symbol, ...]:
        return await cases.market.watched()


@dataclass(frozen=True, slots=True)
class ShowStatus:
    """How the desk stands."""

    least_role: ClassVar[Role] = Role.VIEWER

    async def meet(self, cases: UseCases) -> DeskStatus:
        return await cases.trading.status()
