"""What can be asked where a wish needs a second person."""

from dataclasses import dataclass
from typing import ClassVar

from engine.model.actor import Role
from engine.model.approval_result import Held
from engine.model.command import AmendOrder, PlaceBracket, PlaceOrder
from engine.model.ids import CommandId
from engine.model.result import BracketTicket, Done, OrderTicket, Refused
from engine.model.use_cases import Errand, UseCases

Approvable = PlaceOrder | PlaceBracket | AmendOrder


def held_as(wish_id: CommandId) -> CommandId:
    """The claim under which a wish is held."""
    return CommandId(f"{wish_id}:held")


def decided_as(wish_id: CommandId) -> CommandId:
    """The claim under which the second person decides."""
    return CommandId(f"{wish_id}:eyes")


@dataclass(frozen=True, slots=True)
class HoldWish:
    """Ask for a second person's agreement; the errand's name is the wish's own."""

    wish: Approvable
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> Held | Refused:
        return await cases.approvals.hold(errand, self.wish)


@dataclass(frozen=True, slots=True)
class ApproveWish:
    """Agree to a wish that is held, and have it carried out in its owner's name at once."""

    wish_id: CommandId
    wish: Approvable
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> OrderTicket | BracketTicket | Refused:
        owner = await cases.approvals.approve(errand, self.wish_id, self.wish)
        if isinstance(owner, Refused):
            return owner
        return await self.wish.meet(cases, Errand(owner, self.wish_id, errand.actor))


@dataclass(frozen=True, slots=True)
class RejectWish:
    """Decide against a wish that is held, so that it can never be carried out."""

    wish_id: CommandId
    least_role: ClassVar[Role] = Role.TRADER

    async def meet(self, cases: UseCases, errand: Errand) -> Done | Refused:
        return await cases.approvals.reject(errand, self.wish_id)
