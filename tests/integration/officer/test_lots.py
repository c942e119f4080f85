"""What our own trades open, close and come to, over restarts and beside the exchange."""

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.clock import ManualClock
from engine.model.account import Wallet
from engine.model.event import LotCorrected, OrderFilled
from engine.model.lot import Lot
from engine.model.order import Side
from engine.model.report import PositionsReport
from engine.model.symbol import Symbol
from engine.ports import Journal
from engine.risk.windows import trading_day
from tests.eventually import eventually
from tests.integration.desk.scripted import BTC, ScriptedExchange
from tests.integration.officer.house import START, Watched, position, watched


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


def today(shown: Watched) -> int:
    return shown.risk.trades.today(trading_day("UTC", shown.clock.now()))


def misjudged(shown: Watched) -> dict[Symbol, Decimal]:
    book = shown.desk.floor.book
    return book.ledger.misjudged(book.positions)


async def test_opening_trades_are_counted_by_the_day_over_a_restart(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock) as shown:
        await shown.trade(Side.BUY, "2", "10000")
        await shown.trade(Side.BUY, "1", "9700")
        await shown.trade(Side.SELL, "1", "10900", fee="-10")
        assert today(shown) == 2
        assert shown.desk.floor.book.ledger.of(Wallet.EXCHANGE, BTC) == Lot(
            wallet=Wallet.EXCHANGE, symbol=BTC, amount=Decimal(2), cost=Decimal(9900)
        )
        fills = [event.fill for event in await shown.told(OrderFilled, 3)]
        assert [fill.opening for fill in fills] == [True, True, False]
        assert fills[2].profit == 1000
        assert fills[2].paid == 9900
    async with watched(journal, clock) as shown:
        assert today(shown) == 2
        assert shown.risk.trades.of(BTC, trading_day("UTC", START)) == 2
        assert shown.desk.floor.book.ledger.of(Wallet.EXCHANGE, BTC).cost == 9900
        (closing,) = shown.risk.closings.over
        assert closing.profit == 990
        assert closing.percent == Decimal(10)
        clock.advance(86_400)
        assert today(shown) == 0


async def test_a_short_that_is_turned_round_closes_and_opens(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock) as shown:
        await shown.trade(Side.SELL, "1", "10000", wallet=Wallet.MARGIN)
        await shown.trade(Side.BUY, "3", "9000", wallet=Wallet.MARGIN)
        assert today(shown) == 2
        first, second = await shown.told(OrderFilled, 2)
        assert first.fill.profit is None
        assert second.fill.profit == 1000
        assert second.fill.opening is True
        lot = shown.desk.floor.book.ledger.of(Wallet.MARGIN, BTC)
        assert lot.amount == 2
        assert lot.cost == 9000


async def test_a_position_made_elsewhere_is_a_lot_at_its_own_price(
    journal: Journal, clock: ManualClock
) -> None:
    held = position("2", "9500")
    exchange = ScriptedExchange(positions=(held,))
    async with watched(journal, clock, exchange=exchange) as shown:
        exchange.say(PositionsReport(positions=(held,)))
        await eventually(lambda: shown.desk.floor.book.positions)
        exchange.reconnect()
        (corrected,) = await shown.told(LotCorrected)
        assert corrected.lot.amount == 2
        assert corrected.lot.cost == 9500
        exchange.positions = (replace(held, amount=Decimal(1)),)
        await shown.trade(Side.SELL, "1", "10000", wallet=Wallet.MARGIN)
        exchange.say(PositionsReport(positions=exchange.positions))
        (filled,) = await shown.told(OrderFilled)
        assert filled.fill.profit == 500
        assert filled.fill.opening is False
        assert not misjudged(shown)
        await shown.told(LotCorrected)
    async with watched(journal, clock, exchange=ScriptedExchange()) as shown:
        assert shown.desk.floor.book.ledger.of(Wallet.MARGIN, BTC).amount in (0, 1)
