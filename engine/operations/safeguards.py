"""What the desk asks for beyond a role: a code, and a second pair of eyes."""

import asyncio
from decimal import Decimal
from typing import Final

from engine.factor_ports import FactorStore
from engine.floor import Floor
from engine.market.facade import MarketDataFacade
from engine.model.actor import Actor
from engine.model.approval_command import ApproveWish, HoldWish
from engine.model.errors import (
    JournalUnavailable,
    SecondFactorMissing,
    SecondFactorNeeded,
    SecondPersonNeeded,
)
from engine.model.ids import CommandId
from engine.model.panic_command import CallPanic
from engine.operations.scales import Scales
from engine.people.factors import (
    ActionClass,
    Needs,
    class_of,
    closes,
    needs_its_own_code,
    wish_of,
)
from engine.people.second_factor import SecondFactor

PANIC_PATIENCE: Final = 1.0
"""Seconds a panic waits for a database to say whether a code is wanted."""


class Safeguards:
    """Stands before every wish; what was carried out under the same name before may pass."""

    def __init__(
        self, floor: Floor, market: MarketDataFacade, factors: FactorStore, needs: Needs
    ) -> None:
        self._floor = floor
        self._scales = Scales(floor, market)
        self._policy = needs.factor
        self._eyes = needs.four_eyes
        by_worth = needs.factor.classes & {ActionClass.ORDERS, ActionClass.FLATTEN}
        self._weighs_orders = bool(by_worth or needs.four_eyes.notional)
        self.factor = SecondFactor(factors, floor.clock, needs.factor.grace)

    async def demand(self, actor: Actor, command: object, command_id: CommandId) -> None:
        """Raises `SecondFactorNeeded`, `SecondFactorMissing` or `SecondPersonNeeded`."""
        kind = class_of(command)
        if kind is None or (kind is ActionClass.ORDERS and not self._weighs_orders):
            return
        if isinstance(command, CallPanic) and self._floor.gate.journal_lost:
            return
        panic = isinstance(command, CallPanic)
        try:
            async with asyncio.timeout(PANIC_PATIENCE if panic else None):
                await self._demand(actor, command, command_id)
        except (JournalUnavailable, TimeoutError):
            # nobody's code can be looked at, and a panic is for such a day
            if not panic:
                raise
        except (SecondFactorNeeded, SecondFactorMissing, SecondPersonNeeded):
            if not await self._carried_out(command_id):
                raise

    async def _demand(self, actor: Actor, command: object, command_id: CommandId) -> None:
        if needs_its_own_code(command):
            await self._demand_own_code(actor, command_id)
        elif await self._asks_code(command):
            await self._demand_code(actor, command_id)
        if await self._asks_eyes(command):
            raise SecondPersonNeeded

    async def _asks_code(self, command: object) -> bool:
        kind, classes = class_of(command), self._policy.classes
        if kind is not ActionClass.ORDERS:
            return kind in classes
        if not classes & {ActionClass.ORDERS, ActionClass.FLATTEN}:
            return False
        weight = await self._scales.of(wish_of(command))
        if weight.reducing:
            return ActionClass.FLATTEN in classes and closes(command)
        return ActionClass.ORDERS in classes and _over(weight.worth, self._policy.order_notional)

    async def _demand_code(self, actor: Actor, command_id: CommandId) -> None:
        kept = await self.factor.of(actor.actor_id)
        if kept is None or not kept.confirmed:
            if self._policy.required:
                raise SecondFactorMissing
        elif not self.factor.fresh(actor.actor_id, command_id, via=actor.via):
            raise SecondFactorNeeded

    async def _demand_own_code(self, actor: Actor, command_id: CommandId) -> None:
        kept = await self.factor.of(actor.actor_id)
        if kept is None or not kept.confirmed:
            raise SecondFactorMissing
        fresh = self.factor.fresh(actor.actor_id, command_id, via=actor.via, for_this_alone=True)
        if not fresh:
            raise SecondFactorNeeded

    async def _asks_eyes(self, command: object) -> bool:
        if not self._eyes.notional or isinstance(command, HoldWish | ApproveWish):
            return False
        if class_of(command) is not ActionClass.ORDERS:
            return False
        weight = await self._scales.of(command)
        return not weight.reducing and _over(weight.worth, self._eyes.notional)

    async def _carried_out(self, command_id: CommandId) -> bool:
        if command_id in self._floor.book.made_by:
            return True
        return await self._floor.journal.claimed_by(command_id) is not None


def _over(worth: Decimal | None, notional: Decimal) -> bool:
    return worth is None or worth > notional
