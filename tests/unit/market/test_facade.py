"""What the facade keeps of the stream, and what it forgets when the stream is lost."""

from datetime import UTC, datetime

from engine.clock import ManualClock
from engine.market.facade import MarketDataFacade
from engine.model.feed import FeedKind, MarketFeed
from engine.model.market import Ticker
from engine.model.report import BookLost, BookSnapshot, MarketLinkLost, WatchRefused
from engine.model.symbol import Symbol
from tests.integration.desk.scripted import QuietMarket

BTC, ETH = Symbol("tBTCUSD"), Symbol("tETHUSD")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def ticker(symbol: Symbol) -> Ticker:
    return Ticker(
        symbol=symbol,
        bid=10.0,
        bid_size=1.0,
        ask=11.0,
        ask_size=1.0,
        last=10.5,
        change=0.0,
        volume=1.0,
        high=12.0,
        low=9.0,
        at=NOW,
    )


def feeds(symbol: Symbol) -> frozenset[MarketFeed]:
    return frozenset(MarketFeed(kind, symbol) for kind in FeedKind)


async def hearing() -> MarketDataFacade:
    """Both symbols are heard of live."""
    market = MarketDataFacade(QuietMarket(), ManualClock(NOW))
    for symbol in (BTC, ETH):
        await market.watch(symbol)
        rows = ((10.0, 1, 2.0), (11.0, 1, -3.0))
        market.hear([ticker(symbol), BookSnapshot(symbol=symbol, rows=rows)])
    return market


async def is_live(market: MarketDataFacade, symbol: Symbol) -> tuple[bool, bool]:
    """Whether the ticker and the book come from the stream."""
    _, live = await market.ticker(symbol)
    return live, bool((await market.book(symbol)).bids)


async def test_only_what_was_heard_over_the_lost_socket_is_forgotten() -> None:
    market = await hearing()
    market.hear([MarketLinkLost(reason="cut", feeds=feeds(BTC))])
    assert await is_live(market, BTC) == (False, False)
    assert await is_live(market, ETH) == (True, True)
    assert market.hears
    market.hear([MarketLinkLost(reason="cut", feeds=feeds(ETH))])
    assert not market.hears


async def test_a_book_that_did_not_add_up_is_asked_for_by_rest() -> None:
    market = await hearing()
    market.hear([BookLost(symbol=BTC, reason="its check figure is another")])
    assert await is_live(market, BTC) == (True, False)
    assert await is_live(market, ETH) == (True, True)


async def test_a_symbol_the_exchange_will_not_tell_of_is_not_followed() -> None:
    market = await hearing()
    market.hear([WatchRefused(symbol=ETH, reason="symbol: invalid")])
    assert market.watched == (BTC,)
