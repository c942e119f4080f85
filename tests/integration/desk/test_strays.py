"""Orders and positions made elsewhere: found, shown, and decided about once."""

import asyncio
from dataclasses import replace
from decimal import Decimal

from engine.memory_journal import MemoryJournal
from engine.model.account import Wallet
from engine.model.command import (
    AdoptOrder,
    AdoptPosition,
    CancelAll,
    Decline,
    IgnoreOrder,
    IgnorePosition,
)
from engine.model.event import OrderAdopted, OrderClosed, PositionChanged, PositionFound
from engine.model.ids import CommandId, OrderId, OrderKey, TradeId
from engine.model.order import Fill, Order, OrderStatus, Origin
from engine.model.position import Position
from engine.model.query import ShowStrays
from engine.model.report import FillReport, PositionsReport
from engine.model.result import Done, Refused
from engine.model.use_cases import Command
from tests.eventually import eventually
from tests.hurried import now
from tests.integration.desk.scripted import BTC, TERMS, Scene, pending, report, scene
from tests.trading_house import OLIVIA

MARGIN = replace(TERMS, wallet=Wallet.MARGIN)
THEIRS = OrderKey(900)


def position(amount: str) -> PositionsReport:
    held = Position(symbol=BTC, amount=Decimal(amount), base_price=Decimal(30000))
    return PositionsReport(positions=(held,))


def trade(order: Order, amount: str, trade_id: int = 1) -> FillReport:
    fill = Fill(
        trade_id=TradeId(trade_id),
        order_id=order.order_id or OrderId(111),
        symbol=BTC,
        side=order.terms.side,
        amount=Decimal(amount),
        price=Decimal(30000),
        maker=False,
        at=now(),
    )
    return FillReport(fill=fill, cid=order.key)


async def strays(shown: Scene) -> tuple[list[OrderKey], list[str]]:
    seen = await shown.desk.ask(OLIVIA, ShowStrays())
    return [o.key for o in seen.orders], [p.symbol for p in seen.positions]


async def found(shown: Scene) -> list[Decimal]:
    return [e.position.amount for e in await shown.events() if isinstance(e, PositionFound)]


async def compared(shown: Scene) -> None:
    """The link anew, and all it tells taken in."""
    looks = shown.exchange.looks
    shown.exchange.reconnect()
    await eventually(lambda: shown.exchange.looks > looks and shown.open())


async def a_stray(shown: Scene) -> None:
    shown.exchange.say(report(pending(5), order_id=THEIRS))
    await eventually(lambda: shown.desk.known(THEIRS))


async def test_an_adopted_order_is_ours() -> None:
    async with scene() as shown:
        await a_stray(shown)
        assert await strays(shown) == ([THEIRS], [])
        wish = CommandId("tg:1")
        assert await shown.desk.execute(OLIVIA, AdoptOrder(THEIRS), wish) == Done()
        order = shown.desk.known(THEIRS)
        assert order is not None
        assert (order.origin, order.actor_id) == (Origin.ADOPTED, OLIVIA.actor_id)
        assert await strays(shown) == ([], [])
        again = await shown.desk.execute(OLIVIA, AdoptOrder(THEIRS), wish)
        assert again == Done(repeated=True)
        shown.exchange.say(report(order, order_id=THEIRS, status=OrderStatus.FILLED, remaining="0"))
        ended = await shown.told(OrderClosed)
        assert ended[0].order.actor_id == OLIVIA.actor_id
        assert len(await shown.told(OrderAdopted)) == 1


async def test_a_decision_is_about_the_order_as_it_stands_when_it_is_journalled() -> None:
    """A trade comes in while the journal is at it: the decision must not undo it."""

    async with scene() as shown:
        await a_stray(shown)
        order = shown.desk.known(THEIRS)
        assert order is not None
        partly = report(order, order_id=THEIRS, status=OrderStatus.PARTLY_FILLED, remaining="0.5")
        shown.exchange.say(partly)
        await asyncio.gather(
            shown.desk.execute(OLIVIA, AdoptOrder(THEIRS), CommandId("tg:1")),
            shown.desk.floor.absorb([partly]),
        )
        became = shown.desk.known(THEIRS)
        assert became is not None
        assert (became.remaining, became.origin) == (Decimal("0.5"), Origin.ADOPTED)


async def test_what_is_not_there_or_not_theirs_cannot_be_decided_about() -> None:
    async with scene() as shown:
        ours = await shown.working()
        wishes: tuple[Command[Done | Refused], ...] = (
            AdoptOrder(OrderKey(1)),
            IgnoreOrder(ours.key),
            AdoptPosition(BTC),
        )
        for number, wish in enumerate(wishes):
            answer = await shown.desk.execute(OLIVIA, wish, CommandId(f"tg:{number}"))
            assert isinstance(answer, Refused), wish
        await a_stray(shown)
        await shown.desk.execute(OLIVIA, Decline("no"), CommandId("tg:9"))
        told = await shown.desk.execute(OLIVIA, IgnoreOrder(THEIRS), CommandId("tg:9"))
        assert isinstance(told, Refused)
        assert await strays(shown) == ([THEIRS], [])


async def test_a_position_our_trades_explain_is_no_stray_in_whatever_order_they_are_told() -> None:
    async with scene() as shown:
        order = await shown.working(terms=MARGIN)
        shown.exchange.say(position("0.4"), trade(order, "0.4"))
        shown.exchange.say(trade(order, "0.6", 2), position("1"))
        await eventually(lambda: len(shown.desk.floor.book.trade_ids) == 2)
        shown.exchange.active = (report(order),)
        await compared(shown)
        assert await found(shown) == []
        assert await strays(shown) == ([], [])


async def test_a_position_made_elsewhere_is_found_once_and_kept_over_a_restart() -> None:
    journal = MemoryJournal()
    async with scene(journal) as shown:
        shown.exchange.say(position("2"))
        await shown.told(PositionChanged)
        await compared(shown)
        await compared(shown)
        assert await found(shown) == [Decimal(2)]
    async with scene(journal) as shown:
        assert await strays(shown) == ([], [BTC])
        shown.exchange.say(position("2"))
        told = await shown.desk.execute(OLIVIA, AdoptPosition(BTC), CommandId("tg:1"))
        assert told == Done()
        assert await strays(shown) == ([], [])
        await compared(shown)
        assert await found(shown) == [Decimal(2)]


async def test_a_position_that_appears_while_we_listen_is_found() -> None:
    async with scene() as shown:
        shown.exchange.say(position("-1.5"))
        told = await shown.told(PositionFound, patience=20.0)
        assert [event.position.amount for event in told] == [Decimal("-1.5")]


async def test_more_made_elsewhere_of_what_is_ours_is_found() -> None:
    async with scene() as shown:
        order = await shown.working(terms=MARGIN)
        shown.exchange.active = (report(order),)
        shown.exchange.say(trade(order, "1"), position("1"))
        await shown.told(PositionChanged)
        shown.exchange.say(position("3"))
        await eventually(lambda: shown.desk.floor.book.positions[BTC].amount == 3)
        await compared(shown)
        assert await found(shown) == [Decimal(3)]


async def test_an_ignored_position_is_left_alone_until_it_is_closed() -> None:
    async with scene() as shown:
        shown.exchange.say(position("2"))
        await shown.told(PositionChanged)
        await compared(shown)
        await shown.desk.execute(OLIVIA, IgnorePosition(BTC), CommandId("tg:1"))
        shown.exchange.say(position("3"))
        await eventually(lambda: shown.desk.floor.book.positions[BTC].amount == 3)
        await compared(shown)
        assert await found(shown) == [Decimal(2)]
        shown.exchange.say(position("0"))
        await eventually(lambda: not shown.desk.floor.book.positions)
        await compared(shown)
        shown.exchange.say(position("1"))
        await eventually(lambda: shown.desk.floor.book.positions)
        await compared(shown)
        assert await found(shown) == [Decimal(2), Decimal(1)]


async def test_ignored_orders_say_so_even_when_nothing_else_is_open() -> None:
    async with scene() as shown:
        await a_stray(shown)
        await shown.desk.execute(OLIVIA, IgnoreOrder(THEIRS), CommandId("tg:1"))
        told = await shown.desk.execute(OLIVIA, CancelAll(), CommandId("tg:2"))
        assert not isinstance(told, Refused)
        assert told.fates == ()
        assert "1 ignored order" in told.notes[0]
        assert shown.exchange.cancels == []
