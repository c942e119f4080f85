"""The MarketData port."""

from decimal import Decimal

import pytest

from engine.model.errors import ExchangeRefused
from engine.model.market import Ticker
from engine.model.report import (
    BookChange,
    BookSnapshot,
    CandleChange,
    CandlesSnapshot,
    MarketLinkLost,
    TradesSnapshot,
    TradeTick,
)
from engine.model.symbol import Symbol
from tests.contract.exchange.venue import Venue
from tests.unit.bitfinex.doubles import BTC

ETH = Symbol("tETHUSD")


async def test_pairs(venue: Venue) -> None:
    pairs = await venue.market.pairs()
    assert {BTC, ETH, "tTESTBTC:TESTUSD"} <= set(pairs)
    assert Decimal(0) < pairs[BTC].min_size < pairs[BTC].max_size
    assert pairs[BTC].margin


async def test_a_ticker_and_a_book_by_rest(venue: Venue) -> None:
    ticker = await venue.market.ticker(BTC)
    assert ticker.bid < ticker.ask
    assert ticker.low <= ticker.last <= ticker.high
    assert ticker.last == pytest.approx(30000, rel=0.01)
    book = await venue.market.book(BTC)
    assert len(book.bids) == len(book.asks) == 25
    assert book.bids[0].price < book.asks[0].price
    assert all(level.amount > 0 for level in (*book.bids, *book.asks))
    assert [b.price for b in book.bids] == sorted((b.price for b in book.bids), reverse=True)
    assert [a.price for a in book.asks] == sorted(a.price for a in book.asks)


async def test_candles(venue: Venue) -> None:
    candles = await venue.market.candles(BTC, "1m", 50)
    assert 0 < len(candles) <= 50
    assert [candle.at for candle in candles] == sorted(candle.at for candle in candles)
    for candle in candles:
        assert candle.low <= min(candle.open, candle.close)
        assert candle.high >= max(candle.open, candle.close)


async def test_an_unknown_symbol_is_refused(venue: Venue) -> None:
    with pytest.raises(ExchangeRefused):
        await venue.market.ticker(Symbol("tNOPE:USD"))


async def test_watched_symbols_are_heard(venue: Venue) -> None:
    await venue.market.watch(BTC)
    await venue.market.watch(BTC)
    await venue.market.watch(ETH)
    await venue.until_told(lambda told: told.count(BookSnapshot) == 2 and told.count(Ticker) >= 2)
    snapshot = next(r for r in venue.told.market if isinstance(r, BookSnapshot))
    assert snapshot.symbol == BTC
    assert len(snapshot.rows) == 50
    await venue.control("price", symbol=BTC, price=30500)
    await venue.until_told(lambda told: told.count(BookChange) > 0)
    await venue.until_told(
        lambda told: any(
            isinstance(r, Ticker) and r.symbol == BTC and r.last == pytest.approx(30500, rel=0.01)
            for r in told.market
        )
    )


async def test_a_book_kept_from_the_socket_equals_the_one_by_rest(venue: Venue) -> None:
    await venue.market.watch(BTC)
    await venue.until_told(lambda told: told.count(BookSnapshot) == 1)
    for price in (30100, 29900, 30050):
        await venue.control("price", symbol=BTC, price=price)
    book = await venue.market.book(BTC)
    wanted = {level.price: level.amount for level in book.bids} | {
        level.price: -level.amount for level in book.asks
    }

    def kept() -> dict[float, float]:
        levels: dict[float, float] = {}
        for report in venue.told.market:
            if isinstance(report, BookSnapshot):
                levels = {price: amount for price, _, amount in report.rows}
            elif isinstance(report, BookChange) and report.count:
                levels[report.price] = report.amount
            elif isinstance(report, BookChange):
                levels.pop(report.price, None)
        return levels

    await venue.until_told(lambda _: kept() == wanted)


async def test_after_a_drop_the_books_come_anew(venue: Venue) -> None:
    await venue.market.watch(BTC)
    await venue.until_told(lambda told: told.count(BookSnapshot) == 1)
    await venue.control("drop")
    await venue.until_told(lambda told: told.count(BookSnapshot) == 2)
    assert venue.told.count(MarketLinkLost) == 1


async def test_a_symbol_that_is_not_there_does_not_harm_the_others(venue: Venue) -> None:
    await venue.market.watch(Symbol("tNOPE:USD"))
    await venue.market.watch(BTC)
    await venue.until_told(lambda told: told.count(BookSnapshot) == 1)
    assert venue.told.count(MarketLinkLost) == 0


async def test_trades_and_candles_are_heard(venue: Venue) -> None:
    await venue.market.follow_trades(BTC)
    await venue.market.follow_candles(BTC, "1m")
    await venue.until_told(
        lambda told: told.count(TradesSnapshot) == 1 and told.count(CandlesSnapshot) == 1
    )
    drawn = next(r for r in venue.told.market if isinstance(r, CandlesSnapshot))
    by_rest = await venue.market.candles(BTC, "1m", 5)
    opened = {bar[0] / 1000 for bar in drawn.bars}
    assert {candle.at.timestamp() for candle in by_rest[:-1]} <= opened
    await venue.control("price", symbol=BTC, price=30500)
    await venue.until_told(
        lambda told: any(
            isinstance(r, CandleChange) and r.bar[2] == pytest.approx(30500, rel=0.01)
            for r in told.market
        )
    )


async def test_every_trade_is_told_twice_and_after_a_drop_all_begins_anew(venue: Venue) -> None:
    await venue.market.follow_trades(BTC)
    await venue.market.follow_candles(BTC, "1m")
    await venue.until_told(lambda told: told.count(CandlesSnapshot) == 1)
    await venue.control("burst", channel="trades", symbol=BTC, count=20)
    await venue.until_told(lambda told: told.count(TradeTick) >= 20)
    told = [r.trade_id for r in venue.told.market if isinstance(r, TradeTick)]
    assert len(told) == 2 * len(set(told))
    await venue.control("drop")
    await venue.until_told(
        lambda told: told.count(TradesSnapshot) == 2 and told.count(CandlesSnapshot) == 2
    )
    assert venue.told.count(MarketLinkLost) == 1
