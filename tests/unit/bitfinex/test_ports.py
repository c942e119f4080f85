"""The adapters are what the ports say; a type checker reads these assignments too."""

import random

from engine.bitfinex.exchange import BitfinexExchange
from engine.bitfinex.market import BitfinexMarketData
from engine.ports import Exchange, MarketData
from tests.unit.bitfinex.doubles import FastClock, config


async def test_the_adapters_fit_their_ports() -> None:
    clock, chance = FastClock(), random.Random(1)
    exchange: Exchange = BitfinexExchange(config(), clock=clock, chance=chance)
    market: MarketData = BitfinexMarketData(config(), clock=clock, chance=chance)
    assert isinstance(exchange, BitfinexExchange)
    assert isinstance(market, BitfinexMarketData)
