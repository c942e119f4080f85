"""The account on paper by itself: its port, and its market's silences."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.market.facade import MarketDataFacade
from engine.model.errors import ExchangeRefused, JournalDamaged, LinkDown
from engine.model.order import OrderStatus, OrderType
from engine.model.report import LinkUp, OrderReport
from engine.paper.config import PaperConfig
from engine.paper.exchange import PaperExchange
from engine.paper.overheard import Overheard
from engine.paper.store import MemoryPaperStore
from engine.ports import Exchange
from tests.contract.exchange.venue import approved
from tests.integration.paper.scene import ScriptedMarket
from tests.unit.bitfinex.doubles import FastClock, Told, background, eventually
from tests.unit.paper.scripted import PURSE

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def an_account(market: ScriptedMarket, store: MemoryPaperStore) -> PaperExchange:
    clock = FastClock(20)
    overheard = Overheard(market)
    facade = MarketDataFacade(overheard, clock, stale_after=1)
    config = PaperConfig(balances=PURSE)
    exchange = PaperExchange(market=facade, store=store, config=config, clock=clock)
    overheard.listen(exchange.hear)
    return exchange


@asynccontextmanager
async def running(market: ScriptedMarket) -> AsyncIterator[tuple[PaperExchange, Told]]:
    told, exchange = Told(), an_account(market, MemoryPaperStore())
    async with background(exchange.run(told.absorb)):
        await eventually(lambda: told.count(LinkUp) == 1)
        yield exchange, told


def statuses(told: Told) -> list[OrderStatus]:
    return [report.status for report in told.reports if isinstance(report, OrderReport)]


async def test_before_it_runs_there_is_no_link() -> None:
    exchange: Exchange = an_account(ScriptedMarket(), MemoryPaperStore())
    with pytest.raises(LinkDown):
        await exchange.submit(approved(OrderType.MARKET))
    with pytest.raises(LinkDown):
        await exchange.cancel([])
    for question in (exchange.account(), exchange.trades(LONG_AGO)):
        with pytest.raises(LinkDown):
            await question


async def test_without_a_market_an_order_is_turned_away_for_certain() -> None:
    market = ScriptedMarket()
    async with running(market) as (exchange, _):
        market.answers = False
        with pytest.raises(ExchangeRefused, match="no live market in tBTCUSD"):
            await exchange.submit(approved(OrderType.MARKET))
        assert (await exchange.closed_orders(LONG_AGO)).orders == ()


async def test_a_silent_stream_is_made_up_for_by_asking() -> None:
    market = ScriptedMarket()
    async with running(market) as (exchange, told):
        await exchange.submit(approved(OrderType.LIMIT, price=Decimal(90)))
        await eventually(lambda: statuses(told) == [OrderStatus.WORKING])
        market.goes([(87, 1)], [(89, 5)], aloud=False)
        await eventually(lambda: OrderStatus.FILLED in statuses(told))


async def test_an_account_that_cannot_be_read_is_said() -> None:
    store = MemoryPaperStore()
    store.documents["account"] = b"{}"
    with pytest.raises(JournalDamaged, match="paper account cannot be read"):
        await an_account(ScriptedMarket(), store).run(Told().absorb)
