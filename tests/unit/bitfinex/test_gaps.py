"""What is missing or does not add up is known, said, and fetched anew."""

import asyncio
import random
from http import HTTPStatus

from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from engine.bitfinex.exchange import BitfinexExchange
from engine.bitfinex.market import BitfinexMarketData
from engine.bitfinex.traffic import Traffic
from engine.model.market import Ticker
from engine.model.report import (
    BookChange,
    BookLost,
    BookSnapshot,
    LinkUp,
    MarketLinkLost,
    WatchRefused,
)
from engine.model.symbol import Symbol
from tests.unit.bitfinex.doubles import (
    AUTH_OK,
    BTC,
    INFO,
    FastClock,
    Peer,
    Told,
    background,
    config,
    eventually,
    lost,
    playing,
    running_exchange,
    running_market,
    welcome,
)

SEQ_ALL, CHECKSUM = 65536, 131072
TICKER = "[10,1.5,11,2.5,1,0.1,10.5,1000,12,9]"
BOOK = "[[6000,1,1],[5900,1,2],[6100,1,-3],[6200,1,-4]]"
FIGURE = 1756193398


async def agree(peer: Peer) -> None:
    """Greet, and agree to number frames once they are asked for."""
    await peer.tell(INFO)
    await eventually(lambda: bool(peer.flags))
    await peer.tell({"event": "conf", "status": "OK", "flags": peer.flags})


async def numbered_account(peer: Peer) -> None:
    hearing = asyncio.ensure_future(peer.heard())
    await agree(peer)
    await hearing
    await peer.tell(AUTH_OK, '[0,"ps",[],1,0]', '[0,"ws",[],2,0]', '[0,"os",[],3,0]')


async def test_a_gap_in_the_account_s_frames_is_a_lost_link() -> None:
    flags = []

    async def skip(peer: Peer) -> None:
        await numbered_account(peer)
        flags.append(peer.flags)
        await peer.tell('[0,"hb",4]', '[0,"n",[null,"x",null,null,null,null,"S",""],5,0]')
        await peer.tell('[0,"wu",["exchange","USD",5,0,5],6,1]', '[0,"hb",9]')
        await peer.stay()

    async with (
        playing(skip, welcome) as stage,
        running_exchange(config(ws=stage.url)) as (exchange, told),
    ):
        await eventually(lambda: told.count(LinkUp) == 2)
        assert lost(told) == ["Frames of the exchange are missing: 2 after number 6."]
        assert flags == [SEQ_ALL]
        assert exchange.reconnects == 1


async def subscribed(peer: Peer, first: int = 100) -> dict[int, object]:
    """Confirm a ticker and a book with their snapshots; the kinds by number."""
    channels: dict[int, object] = {}
    for number in (first, first + 1):
        asked = await peer.heard()
        await peer.tell(asked | {"event": "subscribed", "chanId": number})
        channels[number] = asked["channel"]
    return channels


async def numbered_market(peer: Peer) -> None:
    asking = asyncio.ensure_future(subscribed(peer))
    await agree(peer)
    await asking
    await peer.tell(f"[100,{TICKER},1]", f"[101,{BOOK},2]")


async def serve_market(peer: Peer) -> None:
    await numbered_market(peer)
    await peer.stay()


async def test_a_gap_in_the_market_s_frames_is_a_lost_socket() -> None:
    flags = []

    async def skip(peer: Peer) -> None:
        await numbered_market(peer)
        flags.append(peer.flags)
        await peer.tell("[101,[5900,0,1],3]", "[101,[5800,1,1],5]")
        await peer.stay()

    async with (
        playing(skip, serve_market) as stage,
        running_market(config(ws=stage.url)) as (market, told),
    ):
        await market.watch(BTC)
        await eventually(lambda: told.count(BookSnapshot) == 2)
        (gone,) = [report for report in told.market if isinstance(report, MarketLinkLost)]
        assert gone.reason == "Frames of the exchange are missing: 1 after number 3."
        assert gone.symbols == {BTC}
        assert told.count(BookChange) == 1
        assert flags == [SEQ_ALL | CHECKSUM]
        assert market.reconnects == 1


async def test_a_book_that_does_not_add_up_is_asked_for_anew_and_nothing_else() -> None:
    async def differ(peer: Peer) -> None:
        await numbered_market(peer)
        await peer.tell(f'[101,"cs",{FIGURE},3]', "[101,[5800,1,1],4]", f'[101,"cs",{FIGURE},5]')
        await peer.tell("[101,[5700,1,1],6]")
        left, again = await peer.heard(), await peer.heard()
        assert left == {"event": "unsubscribe", "chanId": 101}
        assert again["channel"] == "book"
        await peer.tell(again | {"event": "subscribed", "chanId": 102})
        await peer.tell(f"[102,{BOOK},7]", f'[102,"cs",{FIGURE},8]', f"[100,{TICKER},9]")
        await peer.stay()

    async with (
        playing(differ) as stage,
        running_market(config(ws=stage.url), FastClock(1)) as (market, told),
    ):
        await market.watch(BTC)
        await eventually(lambda: told.count(Ticker) == 2)
        kinds = [type(report) for report in told.market]
        assert kinds == [Ticker, BookSnapshot, BookChange, BookLost, BookSnapshot, Ticker]
        assert market.book_mismatches == 1
        assert (stage.connects, told.count(MarketLinkLost)) == (1, 0)


async def test_a_book_that_never_adds_up_is_asked_for_less_and_less_often() -> None:
    clock, times = FastClock(200), []

    async def live_on(peer: Peer) -> None:
        while True:
            await peer.tell('[100,"hb"]')
            await asyncio.sleep(0.02)

    async def always_differ(peer: Peer) -> None:
        await numbered_market(peer)
        async with background(live_on(peer)):
            await differ(peer)

    async def differ(peer: Peer) -> None:
        for number in range(101, 107):
            await peer.tell(f'[{number},"cs",1]')
            asked = await peer.heard()
            while asked["event"] != "subscribe":
                asked = await peer.heard()
            times.append(clock.now())
            await peer.tell(asked | {"event": "subscribed", "chanId": number + 1})
            await peer.tell(f"[{number + 1},{BOOK}]")
        await peer.stay()

    async with (
        playing(always_differ) as stage,
        running_market(config(ws=stage.url), clock) as (market, told),
    ):
        await market.watch(BTC)
        await eventually(lambda: len(times) == 6)
        assert (times[-1] - times[-2]).total_seconds() > 8
        assert told.count(BookLost) == 6


async def test_a_symbol_that_is_refused_is_told_in_the_exchanges_words() -> None:
    async def refuse(peer: Peer) -> None:
        await peer.tell(INFO)
        while True:
            asked = await peer.heard()
            await peer.tell(asked | {"event": "error", "code": 10300, "msg": "symbol: invalid"})

    async with playing(refuse) as stage, running_market(config(ws=stage.url)) as (market, told):
        await market.watch(Symbol("tNOPE:USD"))
        await eventually(lambda: told.count(WatchRefused) == 2)
        assert told.market[0] == WatchRefused(symbol=Symbol("tNOPE:USD"), reason="symbol: invalid")


async def test_a_host_that_refuses_one_link_is_left_alone_by_all() -> None:
    clock = FastClock(200)
    times = []

    def too_many(connection: ServerConnection, request: Request) -> Response:
        times.append(clock.now())
        return connection.respond(HTTPStatus.TOO_MANY_REQUESTS, "too many")

    async def nobody(socket: ServerConnection) -> None:
        await socket.wait_closed()

    async with serve(nobody, "127.0.0.1", 0, process_request=too_many) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        where, told, traffic = config(ws=f"ws://127.0.0.1:{port}/ws/2"), Told(), Traffic(clock)
        async with (
            BitfinexExchange(
                where, clock=clock, chance=random.Random(1), traffic=traffic
            ) as exchange,
            BitfinexMarketData(
                where, clock=clock, chance=random.Random(2), traffic=traffic
            ) as market,
            background(exchange.run(told.absorb)),
        ):
            await eventually(lambda: len(lost(told)) == 1)
            await market.watch(BTC)
            async with background(market.run(told.hear)):
                await eventually(lambda: len(times) >= 2)
    assert (times[1] - times[0]).total_seconds() > 55
