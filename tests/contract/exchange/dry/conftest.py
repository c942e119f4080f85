"""The account on paper, whose market is the public side of the simulator."""

import random
from collections.abc import AsyncIterator
from decimal import Decimal

import aiohttp
import pytest

from engine.bitfinex.exchange import BitfinexExchange
from engine.bitfinex.market import BitfinexMarketData
from engine.market.facade import MarketDataFacade
from engine.model.account import Wallet
from engine.model.report import LinkUp
from engine.paper.config import PaperConfig
from engine.paper.exchange import PaperExchange
from engine.paper.overheard import Overheard
from engine.paper.store import MemoryPaperStore
from engine.simulator.server import running
from tests.contract.exchange.conftest import CONFIG
from tests.contract.exchange.venue import Account, Venue, config_of
from tests.unit.bitfinex.doubles import BTC, FastClock, background

PURSE = {
    (Wallet.EXCHANGE, "USD"): Decimal(100_000),
    (Wallet.EXCHANGE, "BTC"): Decimal(2),
    (Wallet.MARGIN, "USD"): Decimal(50_000),
}


@pytest.fixture
async def venue() -> AsyncIterator[Venue]:
    """Nobody uses `records` and `requests` here: they speak to the exchange itself."""
    clock, chance = FastClock(20), random.Random(3)
    async with running(CONFIG) as simulator:
        config = config_of(simulator)
        async with (
            BitfinexExchange(config, clock=clock, chance=chance) as unused,
            BitfinexMarketData(config, clock=clock, chance=chance) as source,
            aiohttp.ClientSession() as session,
        ):
            overheard = Overheard(source)
            market = MarketDataFacade(overheard, clock)
            exchange = PaperExchange(
                market=market,
                store=MemoryPaperStore(),
                config=PaperConfig(balances=PURSE),
                clock=clock,
            )
            overheard.listen(exchange.hear)
            found = Venue(
                simulator=simulator,
                exchange=exchange,
                market=source,
                records=unused.records,
                requests=unused.requests,
                session=session,
            )
            await found.control("price", symbol=BTC, price=30000)
            async with background(exchange.run(found.told.absorb)), background(market.run()):
                await found.until_told(lambda told: told.count(LinkUp) == 1)
                await market.watch(BTC)
                yield found


@pytest.fixture
async def account(venue: Venue) -> Account:
    """The same."""
    return venue
