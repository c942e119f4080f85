"""What the desk can be asked for, family by family, and the shape of asking."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Protocol, TypeVar

from engine.model.actor import Actor, Role
from engine.model.bracket import BracketTerms
from engine.model.change import OrderChange
from engine.model.draft import BracketDraft, OrderDraft
from engine.model.ids import CommandId, OrderKey
from engine.model.order import Order, OrderTerms
from engine.model.people_result import Invited, Members
from engine.model.result import (
    AmendPreview,
    BracketPreview,
    Brackets,
    BracketTicket,
    CancelReport,
    Declined,
    DeskStatus,
    Done,
    Holdings,
    Life,
    OrderPreview,
    Orders,
    OrderTicket,
    Price,
    Purses,
    Refused,
    Strays,
    Templates,
    TradingState,
    Verdict,
)
from engine.model.risk import Guard, SizeAdvice, SizeWish
from engine.model.risk_result import LimitPreview, RiskStatus, WindowsPreview
from engine.model.symbol import Symbol
from engine.model.template import OrderTemplate
from engine.model.windows import TradingWindows

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
    async def preview_amend(self, number: int, change: OrderChange) -> AmendPreview | Refused: ...
    async def amend(
        self, errand: Errand, key: OrderKey, change: OrderChange
    ) -> OrderTicket | Refused: ...
    async def show(self, symbol: str | None) -> Orders: ...
    async def find(self, number: int) -> Order: ...
    async def life(self, number: int) -> Life: ...


class BracketUseCases(Protocol):
    """Entries with their exits."""

    async def preview(self, draft: BracketDraft) -> BracketPreview | Refused: ...
    async def place(self, errand: Errand, terms: BracketTerms) -> BracketTicket | Refused: ...
    async def release(self, errand: Errand, key: OrderKey) -> Done | Refused: ...
    async def renew(self, errand: Errand, key: OrderKey) -> Done | Refused: ...
    async def show(self) -> Brackets: ...


class TemplateUseCases(Protocol):
    """Orders kept under a name."""

    async def save(self, errand: Errand, template: OrderTemplate) -> Done | Refused: ...
    async def delete(self, errand: Errand, name: str) -> Done | Refused: ...
    async def take_in(
        self, errand: Errand, templates: tuple[OrderTemplate, ...]
    ) -> Done | Refused: ...
    async def show(self) -> Templates: ...
    async def find(self, name: str) -> OrderTemplate: ...


class StrayUseCases(Protocol):
    """Orders and positions made elsewhere: ours to keep, or nobody's to touch."""

    async def show(self) -> Strays: ...
    async def adopt_order(self, errand: Errand, key: OrderKey) -> Done | Refused: ...
    async def ignore_order(self, errand: Errand, key: OrderKey) -> Done | Refused: ...
    async def adopt_position(self, errand: Errand, symbol: Symbol) -> Done | Refused: ...
    async def ignore_position(self, errand: Errand, symbol: Symbol) -> Done | Refused: ...


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


class RiskUseCases(Protocol):
    """What the policy allows, and its figures."""

    async def status(self) -> RiskStatus: ...
    async def evaluate(self, draft: OrderDraft) -> Verdict: ...
    async def advise_size(self, wish: SizeWish) -> SizeAdvice | Refused: ...
    async def change_limit(
        self, errand: Errand, limit: str, value: str | None
    ) -> Done | Refused: ...
    async def preview_limit(self, limit: str, value: str | None) -> LimitPreview: ...
    async def preview_windows(self, windows: TradingWindows) -> WindowsPreview: ...
    async def set_windows(
        self, errand: Errand, windows: TradingWindows, instead_of: TradingWindows | None
    ) -> Done | Refused: ...


class GuardUseCases(Protocol):
    """What stands in the way of entries until it is lifted."""

    async def reset(self, errand: Errand, guard: Guard) -> Done | Refused: ...
    async def lock(
        self, errand: Errand, symbol: Symbol, reason: str, until: datetime | None
    ) -> Done | Refused: ...
    async def unlock(self, errand: Errand, symbol: Symbol) -> Done | Refused: ...
    async def reset_breaker(self, errand: Errand) -> Done | Refused: ...


class PeopleUseCases(Protocol):
    """Who may act."""

    async def invite(
        self, errand: Errand, role: Role, lifetime: timedelta
    ) -> Invited | Refused: ...
    async def change_role(self, errand: Errand, member_id: str, role: Role) -> Done | Refused: ...
    async def freeze(self, errand: Errand, member_id: str) -> Done | Refused: ...
    async def thaw(self, errand: Errand, member_id: str) -> Done | Refused: ...
    async def revoke(self, errand: Errand, member_id: str) -> Done | Refused: ...
    async def show(self) -> Members: ...


class UseCases(Protocol):
    """Every family of use cases, by name."""

    @property
    def orders(self) -> OrderUseCases: ...
    @property
    def brackets(self) -> BracketUseCases: ...
    @property
    def templates(self) -> TemplateUseCases: ...
    @property
    def strays(self) -> StrayUseCases: ...
    @property
    def account(self) -> AccountUseCases: ...
    @property
    def market(self) -> MarketUseCases: ...
    @property
    def trading(self) -> TradingUseCases: ...
    @property
    def approvals(self) -> ApprovalUseCases: ...
    @property
    def risk(self) -> RiskUseCases: ...
    @property
    def guards(self) -> GuardUseCases: ...
    @property
    def people(self) -> PeopleUseCases: ...


class Query(Protocol[R]):
    """A question: changes nothing, needs no name."""

    least_role: ClassVar[Role]

    async def meet(self, cases: UseCases) -> R: ...


class Command(Protocol[R]):
    """A wish that changes something, carried out once per command id."""

    least_role: ClassVar[Role]

    async def meet(self, cases: UseCases, errand: Errand) -> R: ...
