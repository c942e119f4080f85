"""A change of an open order: reviewed, journalled before it leaves, and its fate told."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from engine.book import Book
from engine.discrepancies import unaccounted
from engine.memory_journal import MemoryJournal
from engine.model.change import OrderChange
from engine.model.command import AmendOrder, Decline, PauseTrading
from engine.model.errors import ExchangeUnreachable, LinkDown
from engine.model.event import AmendFailed, AmendRequested, OrderChanged
from engine.model.ids import CommandId, OrderId, TradeId
from engine.model.order import Fill, Order, OrderStatus, OrderTerms
from engine.model.query import PreviewAmend
from engine.model.report import AmendRefused, FillReport
from engine.model.result import AmendPreview, OrderTicket, Refused
from tests.eventually import eventually
from tests.hurried import now
from tests.integration.desk.scripted import TERMS, Scene, ScriptedExchange, report, scene
from tests.trading_house import OLIVIA

DEARER = OrderChange(price=Decimal(29000))
LARGER = OrderChange(amount=Decimal(3))
WISH = CommandId("card:amend")


def amending(
    shown: Scene, order: Order, change: OrderChange, wish: CommandId = WISH
) -> "asyncio.Task[OrderTicket | Refused]":
    return asyncio.create_task(shown.desk.execute(OLIVIA, AmendOrder(order.key, change), wish))


async def asked(shown: Scene, order: Order, change: OrderChange) -> "asyncio.Task[object]":
    """The wish under way, the frame gone."""
    wish = amending(shown, order, change)
    await eventually(lambda: shown.exchange.changes)
    return wish


def changed(order: Order, terms: OrderTerms, remaining: str = "1") -> Order:
    return replace(order, terms=terms, remaining=Decimal(remaining))


async def test_a_change_is_journalled_then_sent_then_answered() -> None:
    async with scene() as shown:
        order = await shown.working()
        wish = await asked(shown, order, LARGER)
        assert [type(e) for e in await shown.events()][-1] is AmendRequested
        assert [c.change for c in shown.exchange.changes] == [LARGER]
        larger = replace(order.terms, amount=Decimal(3))
        shown.exchange.say(report(changed(order, larger), remaining="3"))
        ticket = await wish
        assert isinstance(ticket, OrderTicket)
        assert ticket.order.terms.amount == 3
        assert len(await shown.told(OrderChanged)) == 1
        again = await amending(shown, order, LARGER)
        assert isinstance(again, OrderTicket)
        assert again.repeated
        assert len(shown.exchange.changes) == 1


async def test_what_has_filled_stays_filled_when_the_size_changes() -> None:
    async with scene() as shown:
        order = await shown.working()
        partly = report(order, status=OrderStatus.PARTLY_FILLED, remaining="0.6")
        shown.exchange.say(partly)
        await eventually(lambda: shown.status(order.key) is OrderStatus.PARTLY_FILLED)
        wish = await asked(shown, order, LARGER)
        # Some rows show the first amount no more, only what is left.
        shown.exchange.say(
            replace(
                partly,
                terms=replace(order.terms, amount=Decimal("2.6")),
                remaining=Decimal("2.6"),
                updated_at=now(),
            )
        )
        ticket = await wish
        assert isinstance(ticket, OrderTicket)
        assert ticket.order.terms.amount == 3
        assert ticket.order.filled == Decimal("0.4")


async def test_a_refused_change_is_told_once_and_the_order_stands() -> None:
    async with scene() as shown:
        order = await shown.working()
        wish = await asked(shown, order, DEARER)
        refused = AmendRefused(order_id=OrderId(111), reason="price:\x00 invalid")
        shown.exchange.say(refused, refused)
        answer = await wish
        assert isinstance(answer, Refused)
        assert "price: invalid" in answer.reasons[0].sentence
        assert len(await shown.told(AmendFailed)) == 1
        assert shown.status(order.key) is OrderStatus.WORKING
        again = await amending(shown, order, DEARER)
        assert isinstance(again, Refused)
        assert len(shown.exchange.changes) == 1


@pytest.mark.parametrize("done", [True, False])
async def test_the_fate_of_a_change_whose_answer_is_lost_is_found(done: bool) -> None:
    async with scene() as shown:
        order = await shown.working()
        wish = await asked(shown, order, DEARER)
        cheaper = replace(order.terms, price=Decimal(29000))
        stands = report(replace(order, terms=cheaper) if done else order)
        shown.exchange.active = (stands,)
        shown.exchange.reconnect()
        answer = await wish
        assert isinstance(answer, OrderTicket if done else Refused)
        await eventually(shown.open)
        shown.exchange.reconnect()
        await eventually(lambda: shown.exchange.looks >= 3)
        failures = [e for e in await shown.events() if isinstance(e, AmendFailed)]
        assert len(failures) == (0 if done else 1)


async def test_a_change_nobody_answers_is_no_change_made() -> None:
    async with scene() as shown:
        order = await shown.working()
        shown.exchange.active = ()
        shown.exchange.refusal = ExchangeUnreachable()
        hold = asyncio.Event()

        async def held() -> None:
            await hold.wait()

        shown.exchange.during_look = held
        wish = amending(shown, order, DEARER)
        with pytest.raises(ExchangeUnreachable, match="not answered"):
            await wish
        shown.exchange.active = (report(order),)
        hold.set()
        assert "as it was" in (await shown.told(AmendFailed))[0].reason


async def test_a_change_that_cannot_leave_changes_nothing() -> None:
    async with scene() as shown:
        order = await shown.working()
        shown.exchange.refusal = LinkDown()
        answer = await amending(shown, order, DEARER)
        assert isinstance(answer, Refused)
        assert "nothing was sent" in answer.reasons[0].sentence
        assert len(await shown.told(AmendFailed)) == 1


async def test_an_order_that_is_closed_is_not_changed() -> None:
    async with scene() as shown:
        order = await shown.working()
        shown.exchange.say(report(order, status=OrderStatus.FILLED, remaining="0"))
        await eventually(lambda: shown.status(order.key) is OrderStatus.FILLED)
        answer = await amending(shown, order, DEARER)
        assert isinstance(answer, Refused)
        assert "filled already" in answer.reasons[0].sentence
        seen = await shown.desk.ask(OLIVIA, PreviewAmend(111, DEARER))
        assert isinstance(seen, Refused)
        assert shown.exchange.changes == []


async def test_an_order_that_closes_over_the_change_is_told_so() -> None:
    async with scene() as shown:
        order = await shown.working()
        wish = await asked(shown, order, DEARER)
        shown.exchange.say(report(order, status=OrderStatus.FILLED, remaining="0"))
        answer = await wish
        assert isinstance(answer, Refused)
        assert answer.reasons[0].code == "order_closed"


async def test_more_is_reviewed_and_less_always_passes() -> None:
    async with scene() as shown:
        order = await shown.working()
        await shown.desk.execute(OLIVIA, PauseTrading("news"), CommandId("tg:pause"))
        more = await shown.desk.ask(OLIVIA, PreviewAmend(111, LARGER))
        assert isinstance(more, Refused)
        assert [reason.code for reason in more.reasons] == ["trading_paused"]
        less = await shown.desk.ask(
            OLIVIA, PreviewAmend(order.key, OrderChange(amount=Decimal("0.5")))
        )
        assert isinstance(less, AmendPreview)
        assert less.cost == Decimal("0.5") * 30000
        refused = await amending(shown, order, LARGER)
        assert isinstance(refused, Refused)
        assert shown.exchange.changes == []


async def test_the_money_an_order_holds_pays_for_its_change() -> None:
    async with scene() as shown:
        terms = replace(TERMS, amount=Decimal(33), price=Decimal(29999))
        await shown.working(terms=terms)
        fits = await shown.desk.ask(OLIVIA, PreviewAmend(111, OrderChange(price=Decimal(30000))))
        assert isinstance(fits, AmendPreview), fits
        beyond = await shown.desk.ask(OLIVIA, PreviewAmend(111, OrderChange(amount=Decimal(34))))
        assert isinstance(beyond, Refused)
        assert beyond.reasons[0].code == "not_enough_funds"


async def test_a_dismissed_change_changes_nothing() -> None:
    async with scene() as shown:
        order = await shown.working()
        await shown.desk.execute(OLIVIA, Decline("no"), WISH)
        assert isinstance(await amending(shown, order, DEARER), Refused)
        assert shown.exchange.changes == []


async def test_a_change_in_flight_is_remembered_by_the_next_run() -> None:
    """A difference on its way to the exchange must not meet another."""
    journal = MemoryJournal()
    async with scene(journal) as shown:
        order = await shown.working()
        wish = await asked(shown, order, LARGER)
        wish.cancel()
        await asyncio.gather(wish, return_exceptions=True)
    assert Book.of(await journal.remember()).amending.keys() == {order.key}
    async with scene(journal, ScriptedExchange(active=(report(order),))) as shown:
        (failed,) = await shown.told(AmendFailed)
        assert failed.key == order.key
        assert shown.desk.floor.book.amending == {}
        assert shown.exchange.changes == []


async def test_a_size_that_arrived_while_nobody_listened_is_known_for_what_it_is() -> None:
    """A part has traded: without the wish, what remains would be read as traded too."""
    journal = MemoryJournal()
    smaller = OrderChange(amount=Decimal("0.6"))
    async with scene(journal) as shown:
        order = await shown.working()
        shown.exchange.say(report(order, status=OrderStatus.PARTLY_FILLED, remaining="0.7"))
        shown.exchange.say(trade(order, "0.3"))
        await eventually(lambda: shown.desk.floor.book.traded)
        wish = await asked(shown, order, smaller)
        wish.cancel()
        await asyncio.gather(wish, return_exceptions=True)
    shrunk = report(order, status=OrderStatus.PARTLY_FILLED, remaining="0.3")
    exchange = ScriptedExchange(active=(replace(shrunk, resized=True),))
    async with scene(journal, exchange) as shown:
        known = shown.desk.known(order.key)
        assert known is not None
        assert (known.terms.amount, known.filled) == (Decimal("0.6"), Decimal("0.3"))
        assert not [e for e in await shown.events() if isinstance(e, AmendFailed)]


async def test_an_order_made_smaller_by_hand_before_it_traded_has_not_traded() -> None:
    async with scene() as shown:
        order = await shown.working()
        smaller = replace(order.terms, amount=Decimal("0.4"))
        by_hand = replace(report(order), terms=smaller, remaining=Decimal("0.4"), resized=True)
        shown.exchange.say(by_hand)
        (known,) = [e.order for e in await shown.told(OrderChanged)]
        assert (known.terms.amount, known.filled) == (Decimal("0.4"), Decimal(0))


async def test_an_order_made_smaller_by_hand_after_it_traded_is_set_right() -> None:
    """Its row cannot tell: what it has traded is known once two looks show no other trade."""
    async with scene() as shown:
        order = await shown.working()
        shown.exchange.say(report(order, status=OrderStatus.PARTLY_FILLED, remaining="0.7"))
        shown.exchange.say(trade(order, "0.3"))
        await eventually(lambda: shown.desk.floor.book.traded)
        shrunk = replace(
            report(order, status=OrderStatus.PARTLY_FILLED, remaining="0.2"), resized=True
        )
        shown.exchange.active = (shrunk,)
        shown.exchange.say(shrunk)

        def is_right() -> bool:
            known = shown.desk.known(order.key)
            return known is not None and known.filled == Decimal("0.3")

        await eventually(lambda: unaccounted(shown.desk.floor.book))
        await eventually(is_right, patience=20)
        known = shown.desk.known(order.key)
        assert known is not None
        assert known.terms.amount == Decimal("0.5")
        assert unaccounted(shown.desk.floor.book) == {}


def trade(order: Order, amount: str) -> FillReport:
    assert order.order_id is not None
    return FillReport(
        fill=Fill(
            trade_id=TradeId(900),
            order_id=order.order_id,
            symbol=order.terms.symbol,
            side=order.terms.side,
            amount=Decimal(amount),
            price=Decimal(30000),
            maker=True,
            at=now(),
        ),
        cid=order.key,
    )
