"""The simulator, and our clients at its door."""

import random
from collections.abc import AsyncIterator

import aiohttp
import pytest

from engine.bitfinex.exchange import BitfinexExchange
from engine.bitfinex.market import BitfinexMarketData
from engine.model.report import LinkUp
from engine.simulator.config import SimulatorConfig
from engine.simulator.server import Simulator, running
from tests.contract.exchange.venue import Venue, config_of
from tests.unit.bitfinex.doubles import BTC, FastClock, background


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    """An exchange whose price stands at 30,000 until a test moves it."""
    config = SimulatorConfig(
        symbols=("tBTCUSD", "tETHUSD", "tTESTBTC:TESTUSD"),
        feed_paused=True,
        tick_interval=0.01,
        walk_history_minutes=60,
    )
    async with running(config) as found:
        yield found


@pytest.fixture
async def venue(simulator: Simulator) -> AsyncIterator[Venue]:
    """Both ports connected."""
    config, clock = config_of(simulator), FastClock(20)
    async with (
        BitfinexExchange(config, clock=clock, chance=random.Random(3)) as exchange,
        BitfinexMarketData(config, clock=clock, chance=random.Random(3)) as market,
        aiohttp.ClientSession() as session,
    ):
        found = Venue(simulator, exchange, market, session)
        await found.control("price", symbol=BTC, price=30000)
        async with (
            background(exchange.run(found.told.absorb)),
            background(market.run(found.told.hear)),
        ):
            await found.until_told(lambda told: told.count(LinkUp) == 1)
            yield found
