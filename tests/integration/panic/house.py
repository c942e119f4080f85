"""A desk at the simulated exchange with something to lose."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.command import PlaceBracket, PlaceOrder
from engine.model.draft import BaseSize, BracketDraft, OrderDraft
from engine.model.ids import CommandId
from engine.model.order import OrderType, Side
from engine.model.panic_command import CallPanic
from engine.model.panic_result import PanicReport
from engine.model.query import PreviewBracket, PreviewOrder
from engine.model.result import BracketPreview, OrderPreview
from tests.eventually import eventually
from tests.trading_house import MARKET_BUY, OLIVIA, House

ON_MARGIN = replace(MARKET_BUY, wallet=Wallet.MARGIN)
SHORT = replace(ON_MARGIN, symbol="tETHUSD", side=Side.SELL, size=BaseSize(Decimal("0.5")))
RESTING = replace(MARKET_BUY, type=OrderType.LIMIT, price=Decimal(20000))


async def order(house: House, draft: OrderDraft) -> None:
    seen = await house.desk.ask(OLIVIA, PreviewOrder(draft))
    assert isinstance(seen, OrderPreview), seen
    await house.desk.execute(OLIVIA, PlaceOrder(seen.terms), house.wish())


async def bracket(house: House) -> None:
    wanted = BracketDraft(entry=ON_MARGIN, stop_loss=Decimal(28000), take_profit=Decimal(35000))
    seen = await house.desk.ask(OLIVIA, PreviewBracket(wanted))
    assert isinstance(seen, BracketPreview), seen
    await house.desk.execute(OLIVIA, PlaceBracket(seen.terms), house.wish())
    book = house.desk.floor.book
    await eventually(lambda: sum(1 for o in book.open_orders() if o.bracket is not None) == 2)


async def much(house: House) -> None:
    """Two resting orders, a long position that a bracket guards, and a short one."""
    for price in (20000, 21000):
        await order(house, replace(RESTING, price=Decimal(price)))
    await bracket(house)
    await order(house, SHORT)
    positions = house.desk.floor.book.positions
    await eventually(lambda: len(positions) == 2)


async def call(house: House, *, spot: bool = False, wish: CommandId | None = None) -> PanicReport:
    told = await house.desk.execute(OLIVIA, CallPanic(spot), wish or house.wish())
    assert isinstance(told, PanicReport), told
    return told


async def ended(house: House, patience: float = 15.0) -> PanicReport:
    """How it went, once the panic is over."""
    panics = house.desk.floor.book.panic
    await eventually(lambda: house.desk.floor.book.panic.running is None, patience)
    panics = house.desk.floor.book.panic
    assert panics.last is not None
    return PanicReport(panic=panics.last, legs=panics.last.settled)


async def at_exchange(house: House) -> tuple[Sequence[object], Sequence[object]]:
    """Open orders and positions as the exchange knows them."""
    await asyncio.sleep(0)
    state = await house.state()
    orders, positions = state["orders"], state["positions"]
    assert isinstance(orders, list)
    assert isinstance(positions, list)
    return orders, positions
