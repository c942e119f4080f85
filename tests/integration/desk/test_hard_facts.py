"""What the exchange says that is late, broken or about the time we were away."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from engine.memory_journal import MemoryJournal
from engine.model.account import Balance, Wallet
from engine.model.command import CancelOrders, PlaceOrder
from engine.model.entry import Entry
from engine.model.errors import GenesisError
from engine.model.event import (
    BalanceChanged,
    Event,
    FactSetAside,
    OrderClosed,
    OrderFilled,
    OrderRejected,
)
from engine.model.ids import CommandId, OrderId, TradeId
from engine.model.order import Fill, OrderStatus, OrderType
from engine.model.report import BalancesReport, FillReport, LinkLost, LinkUp, SubmissionRefused
from engine.model.result import OrderTicket, Refused
from tests.eventually import eventually
from tests.hurried import now
from tests.integration.desk.scripted import BTC, TERMS, report, scene
from tests.trading_house import OLIVIA

S = OrderStatus


class PickyJournal(MemoryJournal):
    """A database that will not hold a currency with a NUL in its name."""

    async def append(
        self, events: Sequence[Event], *, claim: CommandId | None = None
    ) -> Sequence[Entry]:
        named = [e.balance.currency for e in events if isinstance(e, BalanceChanged)]
        if any("\x00" in name for name in named):
            raise GenesisError("invalid byte sequence")
        return await super().append(events, claim=claim)


def balance(currency: str) -> Balance:
    return Balance(wallet=Wallet.EXCHANGE, currency=currency, total=Decimal(7))


async def test_a_fact_the_journal_refuses_is_set_aside_and_the_others_kept() -> None:
    async with scene(PickyJournal()) as shown:
        balances = (balance("ETH"), balance("N\x00L"), balance("SOL"))
        shown.exchange.say(BalancesReport(balances=balances))
        aside = await shown.told(FactSetAside)
        assert [event.kind for event in aside] == ["BalanceChanged"]
        assert "N\\x00L" in aside[0].detail
        named = [e.balance.currency for e in await shown.told(BalanceChanged)]
        assert named[-2:] == ["ETH", "SOL"]
        assert shown.desk.floor.set_aside == 1
        assert (await shown.working()).status is S.WORKING


async def test_words_no_journal_could_hold_are_taken_in_without_them() -> None:
    async with scene() as shown:
        order = await shown.working()
        shown.exchange.say(
            replace(report(order, status=S.CANCELLED), text="CAN\x00CELED \ud800" + "x" * 900)
        )
        ended = (await shown.told(OrderClosed))[0].order.reason
        assert ended.startswith("CANCELED x")
        assert len(ended) == 500
        shown.exchange.say(LinkLost(reason="cut\x07"))
        await eventually(lambda: not shown.open())


async def test_what_was_cancelled_while_we_were_away_is_told_as_that() -> None:
    """As a dead-man switch does it; what we had asked for ourselves is told plainly."""
    async with scene() as shown:
        first, second = await shown.working(111), await shown.working(222)
        shown.exchange.say(LinkLost(reason="cut"))
        await eventually(lambda: not shown.open())
        shown.exchange.closed = (
            replace(report(first, status=S.CANCELLED), text="CANCELED"),
            replace(report(second, order_id=222, status=S.CANCELLED), text="CANCELED"),
        )
        cancel = CancelOrders((second.key,))
        wish = asyncio.create_task(shown.desk.execute(OLIVIA, cancel, CommandId("tg:1")))
        await eventually(lambda: shown.exchange.cancels)
        shown.exchange.say(LinkUp())
        await wish
        await eventually(shown.open)
        reasons = {e.order.key: e.order.reason for e in await shown.told(OrderClosed)}
        assert reasons == {
            first.key: "cancelled while the link was down",
            second.key: "CANCELED",
        }


async def test_trades_missed_keep_the_times_they_happened_at() -> None:
    async with scene() as shown:
        order = await shown.working()
        at = now() - timedelta(minutes=3)
        fill = Fill(
            trade_id=TradeId(1),
            order_id=OrderId(111),
            symbol=BTC,
            side=TERMS.side,
            amount=Decimal(1),
            price=Decimal(30000),
            maker=True,
            at=at,
            fee=Decimal("-0.001"),
            fee_currency="BTC",
        )
        shown.exchange.fills = (FillReport(fill=fill, cid=order.key),)
        shown.exchange.closed = (report(order, status=S.FILLED, remaining="0"),)
        shown.exchange.reconnect()
        told = (await shown.told(OrderFilled))[0]
        assert (told.at, told.fill.at) == (at, at)


async def test_money_that_is_about_to_leave_is_not_spent_twice() -> None:
    """Two market buys at once: the second is reviewed while the first is being journalled."""
    buy = replace(TERMS, type=OrderType.MARKET, price=None, amount=Decimal(20))

    class AskingJournal(MemoryJournal):
        asked: list[object] = []

        async def append(
            self, events: Sequence[Event], *, claim: CommandId | None = None
        ) -> Sequence[Entry]:
            if claim == CommandId("card:1") and not self.asked:
                self.asked.append(
                    await shown.desk.execute(OLIVIA, PlaceOrder(buy), CommandId("card:2"))
                )
            return await super().append(events, claim=claim)

    journal = AskingJournal()
    async with scene(journal) as shown:
        ticket = await shown.desk.execute(OLIVIA, PlaceOrder(buy), CommandId("card:1"))
        assert isinstance(ticket, OrderTicket)
        refused = journal.asked[0]
        assert isinstance(refused, Refused)
        assert [reason.code for reason in refused.reasons] == ["not_enough_funds"]
        assert [order.terms.amount for order in shown.exchange.sent] == [20]
        # Still unanswered, it still counts; once it is refused, it does not.
        assert shown.desk.floor.free(Wallet.EXCHANGE, "USD") == 1_000_000 - 20 * 30001
        shown.exchange.say(SubmissionRefused(cid=shown.exchange.sent[0].key, reason="no"))
        await shown.told(OrderRejected)
        assert shown.desk.floor.free(Wallet.EXCHANGE, "USD") == 1_000_000
