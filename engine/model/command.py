"""What can be asked of the desk: frozen wishes, each knowing its answer's type and least role.

A request meets the use cases of its family (`meet`), so that `desk.execute` is typed by the
request alone.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Protocol, TypeVar

from engine.model.actor import Actor, Role
from engine.model.draft import OrderDraft
from engine.model.ids import CommandId, OrderKey
from engine.model.order import Order, OrderTerms
from engine.model.result import (
    CancelReport,
    Declined,
    DeskStatus,
    Holdings,
    OrderPreview,
    Orders,
    OrderTicket,
    Price,
    Purses,
    Refused,
    TradingState,
)
from engine.model.symbol import Symbol

R = TypeVar("R", covariant=True)


@dataclass(frozen=True, slots=True)
class Errand:
    """Who wishes, and the name of the wish."""

    actor: Actor
    command_id: CommandId


class OrderUseCases(Protocol):
    """Placing, cancelling and looking at orders."""

    async def preview(self, draft: OrderDraft) -> OrderPreview | Refused: ...
    async def preview_close(self, symbol: str, percent: Decimal) -> OrderPreview | Refused: ...
    async def place(self, errand: Errand, terms: OrderTerms) -> OrderTicket | Refused: ...
    async def cancel(
        self, errand: Errand, keys: tuple[OrderKey, ...]
    ) -> CancelReport | Refused: ...
    async def cancel_all(self, errand: Errand, symbol: Symbol | None) -> CancelReport | Refused: ...
    async def show(self, symbol: str | None) -> Orders: ...
    async def find(self, number: int) -> Order: ...


class AccountUseCases(Protocol):
    """Looking at what is held."""

    async def balances(self) -> Purses: ...
    async def positions(self) -> Holdings: ...


class MarketUseCases(Protocol):
    """Looking at the market."""

    async def price(self, symbol: str) -> Price: ...
    async def watched(self) -> tuple[Symbol, ...]: ...


class TradingUseCases(Protocol):
    """Whether we trade at all."""

    async def pause(self, errand: Errand, reason: str) -> TradingState | Refused: ...
    async def resume(self, errand: Errand) -> TradingState | Refused: ...
    async def status(self) -> DeskStatus: ...


class ApprovalUseCases(Protocol):
    """What people decide about wishes that wait for them."""

    async def decline(self, errand: Errand, reason: str) -> Declined | Refused: ...


class UseCases(Protocol):
    """Every family of use cases, by name."""

    @property
    def orders(self) -> OrderUseCases: ...
    @property
    def account(self) -> AccountUseCases: ...
    @property
    def market(self) -> MarketUseCases: ...
    @property
    def trading(self) -> TradingUseCases: ...
    @property
    def approvals(self) -> ApprovalUseCases: ...


class Query(Protocol[R]):
    """A question: changes nothing, needs no name."""

    least_role: ClassVar[Role]

    async def meet(self, cases: UseCases) -> R: ...


class Command(Protocol[R]):
    """A wish that changes something, carried out once per command id."""

    least_role: ClassVar[Role]

    async def meet(self, cases: UseCases, errand: Errand) -> R: ...


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """Send an order with these exact terms."""

    terms: OrderTerms
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> OrderTicket | Refused:
        return await cases.orders.place(errand, self.terms)


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
