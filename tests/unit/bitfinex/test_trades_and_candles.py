"""Everybody's trades and candles over the public socket."""

from collections.abc import Mapping

import pytest

from engine.bitfinex.channels import feed_of
from engine.model.errors import InvalidInput
from engine.model.feed import FeedKind, MarketFeed
from engine.model.report import (
    CandleChange,
    CandlesSnapshot,
    MarketLinkLost,
    NothingNew,
    TradesSnapshot,
    TradeTick,
    WatchRefused,
)
from engine.model.symbol import Symbol
from tests.unit.bitfinex.doubles import (
    BTC,
    INFO,
    FastClock,
    Peer,
    config,
    eventually,
    playing,
    running_market,
)

TRADES = MarketFeed(FeedKind.TRADES, BTC)
MINUTES = MarketFeed(FeedKind.CANDLES, BTC, "1m")
PAPER = Symbol("tTESTBTC:TESTUSD")


async def confirm(peer: Peer, number: int) -> Mapping[str, object]:
    """Confirm the next channel."""
    asked = await peer.heard()
    await peer.tell(asked | {"event": "subscribed", "chanId": number})
    return asked


async def test_trades_are_told_as_they_come() -> None:
    async def trade(peer: Peer) -> None:
        await peer.tell(INFO)
        await confirm(peer, 7)
        await peer.tell("[7,[[2,1700000000200,-0.5,101],[1,1700000000100,0.5,100]]]")
        await peer.tell('[7,"te",[3,1700000000300,1,102]]', '[7,"tu",[3,1700000000300,1,102,9]]')
        await peer.tell('[7,"hb"]', '[7,"te",[null]]', '[7,"xx",[4,1,1,1]]', "[7,[[4,5,6,7]]]")
        await peer.stay()

    async with playing(trade) as stage, running_market(config(ws=stage.url)) as (market, told):
        await market.follow_trades(BTC)
        await market.follow_trades(BTC)
        await eventually(lambda: len(told.market) == 5)
        assert stage.received == [{"event": "subscribe", "channel": "trades", "symbol": BTC}]
        third = TradeTick(BTC, 3, 1700000000300, 1, 102)
        assert told.market == [
            TradesSnapshot(
                symbol=BTC,
                trades=(
                    TradeTick(BTC, 2, 1700000000200, -0.5, 101),
                    TradeTick(BTC, 1, 1700000000100, 0.5, 100),
                ),
            ),
            third,
            third,
            NothingNew(feed=TRADES),
            TradeTick(BTC, 4, 5, 6, 7),
        ]
        assert market.unreadable_frames == 2


async def test_candles_are_told_as_they_change() -> None:
    async def draw(peer: Peer) -> None:
        await peer.tell(INFO)
        await confirm(peer, 7)
        await peer.tell("[7,[[120000,1,2,3,0.5,9],[60000,1,1,1,1,1]]]", '[7,"hb"]')
        await peer.tell("[7,[120000,1,2.5,3,0.5,10,77]]", "[7,[-5,1,1,1,1,1]]", "[7,[1e300]]")
        await peer.stay()

    async with playing(draw) as stage, running_market(config(ws=stage.url)) as (market, told):
        await market.follow_candles(BTC, "1m")
        await eventually(lambda: len(told.market) == 3)
        assert stage.received == [
            {"event": "subscribe", "channel": "candles", "key": "trade:1m:tBTCUSD"}
        ]
        bars = ((120000.0, 1.0, 2.0, 3.0, 0.5, 9.0), (60000.0, 1.0, 1.0, 1.0, 1.0, 1.0))
        assert told.market == [
            CandlesSnapshot(symbol=BTC, timeframe="1m", bars=bars),
            NothingNew(feed=MINUTES),
            CandleChange(BTC, "1m", (120000.0, 1.0, 2.5, 3.0, 0.5, 10.0)),
        ]
        await eventually(lambda: market.unreadable_frames == 2)


async def test_an_empty_snapshot_is_a_snapshot() -> None:
    async def nothing_yet(peer: Peer) -> None:
        await peer.tell(INFO)
        for number in (7, 8):
            await confirm(peer, number)
            await peer.tell([number, []])
        await peer.stay()

    async with (
        playing(nothing_yet) as stage,
        running_market(config(ws=stage.url)) as (market, told),
    ):
        await market.follow_trades(PAPER)
        await market.follow_candles(PAPER, "1D")
        await eventually(lambda: len(told.market) == 2)
        assert told.market == [
            TradesSnapshot(symbol=PAPER, trades=()),
            CandlesSnapshot(symbol=PAPER, timeframe="1D", bars=()),
        ]


async def test_a_lost_socket_names_its_feeds_and_all_begin_anew() -> None:
    async def drop(peer: Peer) -> None:
        await peer.tell(INFO)
        await confirm(peer, 7)
        await confirm(peer, 8)
        await peer.tell("[7,[]]", "[8,[]]")
        await peer.socket.close()

    async def serve(peer: Peer) -> None:
        await peer.tell(INFO)
        await confirm(peer, 17)
        await confirm(peer, 18)
        await peer.tell("[17,[]]", "[18,[]]")
        await peer.stay()

    async with (
        playing(drop, serve) as stage,
        running_market(config(ws=stage.url)) as (market, told),
    ):
        await market.follow_trades(BTC)
        await market.follow_candles(BTC, "1m")
        await eventually(lambda: told.count(CandlesSnapshot) == 2)
        (lost,) = [report for report in told.market if isinstance(report, MarketLinkLost)]
        assert lost.feeds == {TRADES, MINUTES}
        assert lost.symbols == {BTC}
        assert told.count(TradesSnapshot) == 2


async def test_a_refused_key_is_told_with_its_symbol() -> None:
    async def refuse(peer: Peer) -> None:
        await peer.tell(INFO)
        asked = await peer.heard()
        await peer.tell(asked | {"event": "error", "code": 10300, "msg": "key: invalid"})
        await peer.stay()

    async with playing(refuse) as stage, running_market(config(ws=stage.url)) as (market, told):
        await market.follow_candles(PAPER, "1m")
        await eventually(lambda: told.market == [WatchRefused(symbol=PAPER, reason="key: invalid")])


async def test_a_candle_request_without_an_answer_is_repeated() -> None:
    async def deaf_at_first(peer: Peer) -> None:
        await peer.tell(INFO)
        await peer.heard()
        asked = await confirm(peer, 7)
        assert asked["key"] == "trade:1m:tBTCUSD"
        await peer.tell("[7,[]]")
        await peer.stay()

    async with (
        playing(deaf_at_first) as stage,
        running_market(config(ws=stage.url), FastClock(200)) as (market, told),
    ):
        await market.follow_candles(BTC, "1m")
        await eventually(lambda: told.count(CandlesSnapshot) == 1)


async def test_a_length_nobody_has_is_refused() -> None:
    async with running_market(config()) as (market, _):
        with pytest.raises(InvalidInput, match="no 7m candles"):
            await market.follow_candles(BTC, "7m")


@pytest.mark.parametrize(
    "event",
    [
        {"channel": "candles"},
        {"channel": "candles", "key": 5},
        {"channel": "candles", "key": "trade:1m"},
        {"channel": "candles", "key": "funding:1m:fUSD"},
        {"channel": "trades", "symbol": None},
        {"channel": "status", "key": "deriv:tBTCF0:USTF0"},
    ],
)
def test_an_answer_that_names_no_feed_of_ours_is_none(event: Mapping[str, object]) -> None:
    assert feed_of(event) is None


def test_a_key_with_a_colon_in_its_symbol_is_read() -> None:
    event = {"channel": "candles", "key": f"trade:15m:{PAPER}"}
    assert feed_of(event) == MarketFeed(FeedKind.CANDLES, PAPER, "15m")
