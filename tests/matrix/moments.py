"""How a scene is brought to a moment of an order's life, the fault at hand."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from engine.model.bracket import BracketTerms
from engine.model.command import CancelOrders, PlaceBracket, PlaceOrder
from engine.model.ids import CommandId
from engine.model.order import OrderTerms, OrderType, Side
from engine.model.result import OrderTicket
from engine.model.symbol import Symbol
from tests.matrix.axes import Moment
from tests.matrix.scene import PATIENCE, Json, Scene, nothing
from tests.strait import Way

Arm = Callable[[], Awaitable[None]]
ENTRY: Final = OrderTerms(
    symbol=Symbol("tBTCUSD"),
    side=Side.BUY,
    amount=Decimal("0.02"),
    type=OrderType.LIMIT,
    price=Decimal(30300),
)
RESTING: Final = replace(ENTRY, price=Decimal(20000))
BRACKET: Final = BracketTerms(entry=ENTRY, stop_loss=Decimal(29000), take_profit=Decimal(33000))


async def before_send(scene: Scene, arm: Arm) -> None:
    """Journalled; the frame is held back in our own hands."""
    reached: list[bool] = []

    async def hold() -> None:
        scene.before_submit = nothing
        await arm()
        reached.append(True)
        await scene.gate.wait()

    scene.before_submit = hold
    scene.wish("order", PlaceOrder(ENTRY))
    await scene.comes(lambda: bool(reached))


async def on_the_wire(scene: Scene, arm: Arm) -> None:
    """The frame has left and is on its way."""

    async def hold() -> None:
        scene.before_submit = nothing
        await arm()
        scene.way.hold(Way.OUT)

    scene.before_submit = hold
    scene.wish("order", PlaceOrder(ENTRY))
    await scene.way.holding(Way.OUT)


async def sent(scene: Scene, arm: Arm) -> None:
    """The exchange has done with it what it does, and nothing of that has reached us."""
    scene.before_submit = _holding_answers(scene, arm)
    scene.wish("order", PlaceOrder(ENTRY))
    await _handled(scene, attempts=1)


async def acknowledged(scene: Scene, arm: Arm) -> None:
    """It works, and we know."""
    await _resting(scene)
    await arm()


async def partly_filled(scene: Scene, arm: Arm) -> None:
    """Some of it has traded."""
    await _resting(scene)
    await arm()
    await scene.price("20000", "0.008")


async def cancelling(scene: Scene, arm: Arm) -> None:
    """The exchange was asked to cancel it, and nothing it says of that has reached us."""
    ticket = await _resting(scene)
    scene.before_cancel = _holding_answers(scene, arm)
    scene.wish("cancel", CancelOrders((ticket.order.key,)))
    await _handled(scene, attempts=2)


async def exits(scene: Scene, arm: Arm) -> None:
    """An entry has filled, its exits have left, and nothing said of them has reached us."""

    async def entry() -> None:
        scene.before_submit = _holding_answers(scene, arm)

    scene.before_submit = entry
    scene.wish("order", PlaceBracket(BRACKET))
    await _handled(scene, attempts=2)


MOMENTS: Final[Mapping[Moment, Callable[[Scene, Arm], Awaitable[None]]]] = {
    Moment.BEFORE_SEND: before_send,
    Moment.ON_THE_WIRE: on_the_wire,
    Moment.SENT: sent,
    Moment.ACKNOWLEDGED: acknowledged,
    Moment.PARTLY_FILLED: partly_filled,
    Moment.CANCELLING: cancelling,
    Moment.EXITS: exits,
}


def _holding_answers(scene: Scene, arm: Arm) -> Arm:
    async def hold() -> None:
        scene.before_submit = scene.before_cancel = nothing
        await arm()
        scene.way.hold(Way.IN)

    return hold


async def _resting(scene: Scene) -> OrderTicket:
    wish = CommandId("order")
    scene.wish(wish, PlaceOrder(RESTING))
    await scene.comes(lambda: wish in scene.answers)
    ticket = scene.answers[wish]
    assert isinstance(ticket, OrderTicket), ticket
    return ticket


async def _handled(scene: Scene, *, attempts: int) -> None:
    """Wait until the exchange has met so many new orders, or a cancel, or the fault."""
    async with asyncio.timeout(PATIENCE):
        while not _met(scene, await scene.state(), attempts):  # noqa: ASYNC110 - as `comes`
            await asyncio.sleep(0.02)


def _met(scene: Scene, state: Json, attempts: int) -> bool:
    tried, history = state["attempts"], state["history"]
    assert isinstance(tried, dict)
    hurt = scene.armed and (not state["faults"] or state["maintenance"])
    cancelled = isinstance(history, list) and any("CANCELED" in str(row[13]) for row in history)
    return bool(hurt or cancelled or sum(tried.values()) >= attempts)
