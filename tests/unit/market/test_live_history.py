"""What the cache keeps of trades and candles, and when it is asked for by REST instead."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from engine.clock import ManualClock
from engine.market import candles as candles_module
from engine.market import trades as trades_module
from engine.market.facade import FOLLOWED_AT_MOST, MarketDataFacade
from engine.model.feed import FeedKind, MarketFeed
from engine.model.market import Candle
from engine.model.market_records import MarketTrade
from engine.model.order import Side
from engine.model.records import Span
from engine.model.report import (
    Bar,
    BookChange,
    BookSnapshot,
    CandleChange,
    CandlesSnapshot,
    MarketLinkLost,
    NothingNew,
    TradesSnapshot,
    TradeTick,
)
from engine.model.symbol import Symbol
from tests.integration.desk.scripted import QuietMarket

BTC, ETH = Symbol("tBTCUSD"), Symbol("tETHUSD")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = 60_000.0
TRADES = MarketFeed(FeedKind.TRADES, BTC)
MINUTES = MarketFeed(FeedKind.CANDLES, BTC, "1m")


@dataclass
class Archive(QuietMarket):
    """A market that answers by REST, and notes what is followed."""

    followed: list[object] = field(default_factory=list)

    async def follow_trades(self, symbol: Symbol) -> None:
        self.followed.append(symbol)

    async def follow_candles(self, symbol: Symbol, timeframe: str) -> None:
        self.followed.append((symbol, timeframe))

    async def candles(self, symbol: Symbol, timeframe: str, limit: int) -> Sequence[Candle]:
        return [
            Candle(at=at(number * MINUTE), open=0, close=0, high=0, low=0, volume=0)
            for number in range(limit)
        ]

    async def market_trades(self, symbol: Symbol, span: Span) -> Sequence[MarketTrade]:
        return [
            MarketTrade(
                trade_id=number,
                symbol=symbol,
                at=at(number),
                side=Side.SELL,
                amount=7,
                price=7,
            )
            for number in range(span.limit, 0, -1)
        ]


def at(millis: float) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=millis)


def bar(number: int, close: float = 1.0) -> Bar:
    return (number * MINUTE, 1.0, close, 2.0, 0.5, 3.0)


def tick(number: int, amount: float = 1.0) -> TradeTick:
    return TradeTick(BTC, number, number, amount, 100.0)


def house() -> tuple[MarketDataFacade, Archive, ManualClock]:
    archive, clock = Archive(), ManualClock(NOW)
    market = MarketDataFacade(archive, clock)
    market.hear([TradesSnapshot(symbol=BTC, trades=(tick(12), tick(11, -2.0)))])
    market.hear([CandlesSnapshot(symbol=BTC, timeframe="1m", bars=(bar(12), bar(11)))])
    return market, archive, clock


async def ids(market: MarketDataFacade, limit: int) -> list[int]:
    return [trade.trade_id for trade in await market.trades(BTC, limit)]


async def closes(market: MarketDataFacade, limit: int) -> list[float]:
    return [candle.close for candle in await market.candles(BTC, "1m", limit)]


async def test_a_trade_told_twice_is_one_trade() -> None:
    market, _, _ = house()
    market.hear([tick(13), tick(13), tick(11, -2.0)])
    trades = await market.trades(BTC, 3)
    assert [trade.trade_id for trade in trades] == [13, 12, 11]
    assert trades[2].side is Side.SELL
    assert (trades[2].amount, trades[2].at) == (2.0, at(11))
    assert (market.live_answers, market.asked_answers) == (1, 0)


async def test_a_late_trade_is_put_in_its_place() -> None:
    market, _, _ = house()
    market.hear([tick(15), tick(14)])
    assert await ids(market, 4) == [15, 14, 12, 11]


async def test_a_candle_is_replaced_appended_or_put_in_its_place() -> None:
    market, _, _ = house()
    market.hear([CandleChange(BTC, "1m", bar(12, 5.0)), CandleChange(BTC, "1m", bar(14, 7.0))])
    market.hear([CandleChange(BTC, "1m", bar(13, 6.0)), CandleChange(BTC, "5m", bar(99))])
    assert await closes(market, 4) == [1.0, 5.0, 6.0, 7.0]
    candles = await market.candles(BTC, "1m", 2)
    assert [candle.at for candle in candles] == [at(13 * MINUTE), at(14 * MINUTE)]
    assert (candles[1].open, candles[1].high, candles[1].low) == (1.0, 2.0, 0.5)
    assert (market.live_answers, market.asked_answers) == (2, 0)


async def test_too_few_are_asked_for_and_then_known() -> None:
    market, archive, _ = house()
    assert len(await market.trades(BTC, 10)) == 10
    assert len(await market.candles(BTC, "1m", 10)) == 10
    assert market.asked_answers == 2
    assert await ids(market, 4) == [12, 11, 10, 9]
    assert await closes(market, 4) == [0, 0, 1.0, 1.0]
    assert (market.live_answers, archive.followed) == (2, [BTC, (BTC, "1m")])


async def test_silence_makes_stale_and_a_sign_of_life_does_not() -> None:
    market, _, clock = house()
    clock.advance(20)
    market.hear([NothingNew(feed=TRADES), NothingNew(feed=MINUTES)])
    clock.advance(20)
    await ids(market, 2)
    await closes(market, 2)
    assert (market.live_answers, market.asked_answers) == (2, 0)
    clock.advance(20)
    assert await ids(market, 2) == [2, 1]
    assert await closes(market, 2) == [0, 0]
    assert (market.live_answers, market.asked_answers) == (2, 2)


async def test_one_symbol_s_word_does_not_keep_another_fresh() -> None:
    market, _, clock = house()
    clock.advance(40)
    market.hear([TradesSnapshot(symbol=ETH, trades=())])
    market.hear([NothingNew(feed=MarketFeed(FeedKind.TRADES, ETH))])
    await ids(market, 2)
    assert (market.live_answers, market.asked_answers) == (0, 1)


async def test_only_lost_feeds_are_forgotten_and_changes_wait_for_a_snapshot() -> None:
    market, _, _ = house()
    market.hear([BookSnapshot(symbol=BTC, rows=((10.0, 1, 2.0), (11.0, 1, -3.0)))])
    book = MarketFeed(FeedKind.BOOK, BTC)
    market.hear([MarketLinkLost(reason="cut", feeds=frozenset({book, TRADES}))])
    market.hear([BookChange(BTC, 9.0, 1, 1.0), tick(13), tick(14)])
    assert not (await market.book(BTC)).bids
    assert await ids(market, 2) == [2, 1]
    assert await closes(market, 2) == [1.0, 1.0]


async def test_however_much_is_told_no_more_than_the_newest_is_kept() -> None:
    market, _, _ = house()
    market.hear([tick(number) for number in range(13, 5_000)])
    market.hear([CandleChange(BTC, "1m", bar(number)) for number in range(13, 9_000)])
    kept = trades_module.KEPT
    assert (await ids(market, kept))[:: kept - 1] == [4_999, 5_000 - kept]
    bars = await market.candles(BTC, "1m", candles_module.KEPT)
    assert len(bars) == candles_module.KEPT
    assert bars[-1].at == at(8_999 * MINUTE)
    assert market.asked_answers == 0
    await market.candles(BTC, "1m", candles_module.KEPT + 1)
    assert market.asked_answers == 1


async def test_not_more_is_followed_than_sockets_can_carry() -> None:
    market, archive, _ = house()
    for number in range(FOLLOWED_AT_MOST + 5):
        await market.follow_candles(Symbol(f"tA{number}:USD"), "1m")
    await market.follow_trades(BTC)
    assert len(archive.followed) == FOLLOWED_AT_MOST
