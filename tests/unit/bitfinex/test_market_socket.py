"""The public sockets against scripted exchanges."""

import asyncio

from engine.bitfinex.market import BitfinexMarketData
from engine.model.market import Ticker
from engine.model.report import BookChange, BookSnapshot, MarketLinkLost
from engine.model.symbol import Symbol
from tests.unit.bitfinex.doubles import (
    BTC,
    INFO,
    FastClock,
    Peer,
    Stage,
    config,
    eventually,
    playing,
    running_market,
)

TICKER = [10, 1.5, 11, 2.5, 1, 0.1, 10.5, 1000, 12, 9]
BOOK = [[10, 1, 2], [11, 1, -3]]


class Floor:
    """One socket's channels, numbered as they are asked for."""

    def __init__(self, peer: Peer, first: int = 100, limit: int = 99) -> None:
        self.peer = peer
        self._next = first
        self._limit = first + limit

    async def answer(self) -> dict[str, object]:
        """Take one request and confirm it with a snapshot."""
        asked = await self.peer.heard()
        if asked["event"] == "ping":
            await self.peer.tell({"event": "pong", "cid": asked["cid"], "ts": 1})
        if asked["event"] != "subscribe":
            return asked
        if self._next >= self._limit:
            await self.peer.tell(asked | {"event": "error", "code": 10305, "msg": "limit"})
            return asked
        number, self._next = self._next, self._next + 1
        await self.peer.tell(asked | {"event": "subscribed", "chanId": number})
        await self.peer.tell([number, TICKER if asked["channel"] == "ticker" else BOOK])
        return asked

    async def serve(self) -> None:
        """Answer for ever."""
        while True:
            await self.answer()


async def serve(peer: Peer) -> None:
    await peer.tell(INFO)
    await Floor(peer).serve()


def subscribed(stage: Stage) -> list[tuple[object, object]]:
    return [
        (message["channel"], message["symbol"])
        for message in stage.received
        if isinstance(message, dict) and message["event"] == "subscribe"
    ]


async def test_a_watched_symbol_is_heard() -> None:
    async def trade(peer: Peer) -> None:
        await peer.tell(INFO)
        floor = Floor(peer)
        await floor.answer()
        await floor.answer()
        await peer.tell([100, "hb"], [101, "hb"], [101, [10, 0, 1]], [77, [1, 2, 3]], "[101]")
        await peer.tell([101, [12, 4, -1.5]], [100, [*TICKER, None, "later"], 9, 8])
        await floor.serve()

    async with playing(trade) as stage, running_market(config(ws=stage.url)) as (market, told):
        await market.watch(BTC)
        await market.watch(BTC)
        await eventually(lambda: told.count(Ticker) == 2)
        assert told.market[1:4] == [
            BookSnapshot(symbol=BTC, rows=((10.0, 1, 2.0), (11.0, 1, -3.0))),
            BookChange(BTC, 10.0, 0, 1.0),
            BookChange(BTC, 12.0, 4, -1.5),
        ]
        first = told.market[0]
        assert isinstance(first, Ticker)
        assert (first.symbol, first.bid, first.ask, first.last) == (BTC, 10, 11, 10.5)
        assert (first.change, first.volume, first.high, first.low) == (0.1, 1000, 12, 9)
        assert subscribed(stage) == [("ticker", BTC), ("book", BTC)]
        book = stage.received[1]
        assert isinstance(book, dict)
        assert (book["prec"], book["freq"], book["len"]) == ("P0", "F0", "25")


async def test_nothing_is_opened_before_something_is_watched() -> None:
    async with playing(serve) as stage, running_market(config(ws=stage.url)) as (market, told):
        await asyncio.sleep(0.05)
        assert stage.connects == 0
        await market.watch(BTC)
        await eventually(lambda: told.count(BookSnapshot) == 1)


async def test_after_a_drop_everything_is_subscribed_again() -> None:
    async def drop(peer: Peer) -> None:
        await peer.tell(INFO)
        floor = Floor(peer)
        await floor.answer()
        await floor.answer()
        await peer.socket.close()

    async with (
        playing(drop, serve) as stage,
        running_market(config(ws=stage.url)) as (market, told),
    ):
        await market.watch(BTC)
        await eventually(lambda: told.count(BookSnapshot) == 2)
        assert told.count(MarketLinkLost) == 1
        assert subscribed(stage) == [("ticker", BTC), ("book", BTC)] * 2


async def test_an_exchange_that_is_not_there_is_told_once() -> None:
    async with running_market(config(), clock=FastClock(1000)) as (market, told):
        await market.watch(BTC)
        await eventually(lambda: told.count(MarketLinkLost) == 1)
        await asyncio.sleep(0.1)
        assert told.count(MarketLinkLost) == 1


async def test_a_request_without_an_answer_is_repeated() -> None:
    async def deaf_at_first(peer: Peer) -> None:
        await peer.tell(INFO)
        await peer.heard()
        await peer.heard()
        await Floor(peer).serve()

    async with (
        playing(deaf_at_first) as stage,
        running_market(config(ws=stage.url)) as (market, told),
    ):
        await market.watch(BTC)
        await eventually(lambda: told.count(BookSnapshot) == 1 and told.count(Ticker) == 1)
        assert stage.connects == 1
        assert len(subscribed(stage)) == 4


async def test_a_symbol_that_does_not_exist_is_given_up() -> None:
    async def refuse(peer: Peer) -> None:
        await peer.tell(INFO)
        for _ in range(2):
            asked = await peer.heard()
            await peer.tell(asked | {"event": "error", "code": 10300, "msg": "symbol: invalid"})
        await Floor(peer).serve()

    async with playing(refuse) as stage, running_market(config(ws=stage.url)) as (market, told):
        await market.watch(Symbol("tNOPE:USD"))
        await eventually(lambda: len(stage.received) == 2)
        await market.watch(BTC)
        await eventually(lambda: told.count(BookSnapshot) == 1)
        assert len(subscribed(stage)) == 4


async def test_a_dup_names_the_channel_that_is_there() -> None:
    async def confused(peer: Peer) -> None:
        await peer.tell(INFO)
        for number in (5, 6):
            asked = await peer.heard()
            await peer.tell(asked | {"event": "error", "code": 10301, "chanId": number})
        await peer.tell([6, BOOK])
        await peer.stay()

    async with playing(confused) as stage, running_market(config(ws=stage.url)) as (market, told):
        await market.watch(BTC)
        await eventually(lambda: told.count(BookSnapshot) == 1)


async def test_many_symbols_are_spread_over_sockets() -> None:
    async with playing(serve) as stage, running_market(config(ws=stage.url)) as (market, told):
        symbols = [Symbol(f"tS{n:02}USD") for n in range(30)]
        for symbol in symbols:
            await market.watch(symbol)
        await eventually(lambda: told.count(BookSnapshot) == 30 and told.count(Ticker) == 30)
        assert stage.connects == 3
        assert {symbol for _, symbol in subscribed(stage)} == set(symbols)


async def test_a_socket_that_takes_fewer_channels_sends_the_rest_elsewhere() -> None:
    async def small(peer: Peer) -> None:
        await peer.tell(INFO)
        await Floor(peer, limit=3).serve()

    async with playing(small) as stage, running_market(config(ws=stage.url)) as (market, told):
        for n in range(3):
            await market.watch(Symbol(f"tS{n:02}USD"))
        await eventually(lambda: told.count(BookSnapshot) == 3 and told.count(Ticker) == 3)
        assert stage.connects == 2


async def test_an_exchange_that_takes_no_channels_is_not_stormed_with_sockets() -> None:
    async def full(peer: Peer) -> None:
        await peer.tell(INFO)
        await Floor(peer, limit=0).serve()

    async with playing(full) as stage, running_market(config(ws=stage.url)) as (market, _):
        await market.watch(BTC)
        await eventually(lambda: len(subscribed(stage)) >= 4)
        assert stage.connects == 2


async def test_a_lost_socket_leaves_the_symbols_of_the_others_alone() -> None:
    drop = asyncio.Event()

    async def droppable(peer: Peer) -> None:
        await peer.tell(INFO)
        serving = asyncio.ensure_future(Floor(peer).serve())
        await drop.wait()
        serving.cancel()
        await peer.socket.close()

    async with (
        playing(serve, droppable, serve) as stage,
        running_market(config(ws=stage.url)) as (market, told),
    ):
        symbols = [Symbol(f"tS{n:02}USD") for n in range(14)]
        for symbol in symbols:
            await market.watch(symbol)
        await eventually(lambda: told.count(BookSnapshot) == 14)
        drop.set()
        await eventually(lambda: told.count(BookSnapshot) == 16)
        (lost,) = [report for report in told.market if isinstance(report, MarketLinkLost)]
        assert lost.symbols == set(symbols[12:])
        lost_at = told.market.index(lost)
        renewed = {
            report.symbol for report in told.market[lost_at:] if isinstance(report, BookSnapshot)
        }
        assert renewed == set(symbols[12:])
        assert market.reconnects == 1


async def test_bursts_are_handed_over_in_groups() -> None:
    async def burst(peer: Peer) -> None:
        await peer.tell(INFO)
        floor = Floor(peer)
        await floor.answer()
        await floor.answer()
        for n in range(5000):
            await peer.tell(f"[101,[{n + 1},1,1]]")
        await floor.serve()

    async with (
        playing(burst) as stage,
        running_market(config(ws=stage.url), FastClock(1)) as (market, told),
    ):
        await market.watch(BTC)
        await eventually(lambda: told.count(BookChange) == 5000, 20)
        prices = [report.price for report in told.market if isinstance(report, BookChange)]
        assert prices == [float(n + 1) for n in range(5000)]
        assert max(told.batches) > 1


async def test_run_can_be_cancelled_and_begun_again() -> None:
    async with playing(serve) as stage:
        async with running_market(config(ws=stage.url)) as (market, told):
            await market.watch(BTC)
            await eventually(lambda: told.count(BookSnapshot) == 1)
        again = asyncio.ensure_future(market.run(told.hear))
        await eventually(lambda: told.count(BookSnapshot) == 2)
        again.cancel()
        (result,) = await asyncio.gather(again, return_exceptions=True)
        assert isinstance(result, asyncio.CancelledError)
        assert isinstance(market, BitfinexMarketData)
