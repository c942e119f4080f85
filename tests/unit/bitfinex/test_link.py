"""What can happen to a link, and how it comes back."""

import asyncio
import random
from http import HTTPStatus

from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from engine.bitfinex.exchange import BitfinexExchange
from engine.model.report import (
    LinkLost,
    LinkUp,
    OrderReport,
)
from tests.unit.bitfinex.doubles import (
    AUTH_OK,
    INFO,
    SNAPSHOTS,
    FastClock,
    Peer,
    Told,
    config,
    drop_when_in,
    eventually,
    lost,
    playing,
    running_exchange,
    say_nothing,
    welcome,
)
from tests.unit.bitfinex.recorded import ours

FRAMES = {str(sample["name"]): str(sample["raw"]) for sample in ours("account_frames.json")}
NONCE_SMALL = {"event": "auth", "status": "FAILED", "chanId": 0, "code": 10114, "msg": "nonce"}
KEY_REFUSED = {
    "event": "auth",
    "status": "FAILED",
    "chanId": 0,
    "code": 10100,
    "msg": "apikey: invalid",
}


async def test_an_exchange_that_is_not_there_is_told_once() -> None:
    async with running_exchange(config(), clock=FastClock(1000)) as (_, told):
        await eventually(lambda: told.count(LinkLost) == 1)
        await asyncio.sleep(0.1)
        assert lost(told) == ["The exchange cannot be reached: no connection."]


async def test_immediate_drops_are_never_answered_with_a_storm() -> None:
    clock = FastClock(100)
    times = []

    async def drop(peer: Peer) -> None:
        times.append(clock.now())
        await peer.let_in()
        await peer.socket.close()

    async with playing(drop) as stage, running_exchange(config(ws=stage.url), clock=clock):
        await eventually(lambda: len(times) >= 12)
        for first, sixth in zip(times, times[5:], strict=False):
            assert (sixth - first).total_seconds() > 13


async def test_a_small_nonce_is_answered_with_a_larger_one_on_the_same_socket() -> None:
    async def refuse_once(peer: Peer) -> None:
        await peer.tell(INFO)
        first = await peer.heard()
        await peer.tell(NONCE_SMALL)
        second = await peer.heard()
        assert int(str(second["authNonce"])) > int(str(first["authNonce"]))
        await peer.tell(AUTH_OK, *SNAPSHOTS)
        await peer.stay()

    async with playing(refuse_once) as stage, running_exchange(config(ws=stage.url)) as (_, told):
        await eventually(lambda: told.count(LinkUp) == 1)
        assert stage.connects == 1
        assert lost(told) == []


async def test_a_refused_key_is_told_and_tried_again_slowly() -> None:
    clock = FastClock(200)
    times = []

    async def refuse(peer: Peer) -> None:
        times.append(clock.now())
        await peer.tell(INFO)
        await peer.heard()
        await peer.tell(KEY_REFUSED)
        await peer.stay()

    async with (
        playing(refuse, refuse, welcome) as stage,
        running_exchange(config(ws=stage.url), clock=clock) as (_, told),
    ):
        await eventually(lambda: told.count(LinkUp) == 1)
        assert (times[1] - times[0]).total_seconds() >= 60
        assert lost(told) == ["The exchange does not accept the API key: apikey: invalid."]


async def test_a_key_without_the_right_to_read_orders_is_said_so() -> None:
    async def half(peer: Peer) -> None:
        await peer.tell(INFO)
        await peer.heard()
        await peer.tell(AUTH_OK | {"caps": {"orders": {"read": 0, "write": 0}}})
        await peer.stay()

    async with playing(half) as stage, running_exchange(config(ws=stage.url)) as (_, told):
        await eventually(lambda: told.count(LinkLost) == 1)
        assert lost(told) == ["The API key may not read orders and wallets."]


async def test_a_silent_socket_is_left_for_a_new_one() -> None:
    async def fall_silent(peer: Peer) -> None:
        await peer.let_in()
        await peer.heard()
        await peer.socket.wait_closed()

    async with (
        playing(fall_silent, welcome) as stage,
        running_exchange(config(ws=stage.url), clock=FastClock(400)) as (_, told),
    ):
        await eventually(lambda: told.count(LinkUp) == 2)
        assert lost(told) == ["No word from the exchange for 30 seconds."]
        assert stage.received[1] == {"event": "ping", "cid": 1}


async def test_heartbeats_keep_a_quiet_link() -> None:
    async def tick(peer: Peer) -> None:
        await peer.let_in()
        for _ in range(40):
            await peer.tell([0, "hb"])
            await asyncio.sleep(0.01)
        await peer.tell(FRAMES["order accepted, 32 fields"])
        await peer.stay()

    async with (
        playing(tick) as stage,
        running_exchange(config(ws=stage.url), clock=FastClock(300)) as (_, told),
    ):
        await eventually(lambda: told.count(OrderReport) == 1)
        assert lost(told) == []


async def test_an_exchange_that_never_comes_to_the_point_is_left() -> None:
    async with (
        playing(say_nothing, welcome) as stage,
        running_exchange(config(ws=stage.url), clock=FastClock(400)) as (_, told),
    ):
        await eventually(lambda: told.count(LinkUp) == 1)
        assert told.count(LinkLost) == 1


async def test_a_stop_is_followed_by_a_reconnect() -> None:
    async def stop(peer: Peer) -> None:
        await peer.let_in()
        await peer.tell({"event": "info", "code": 20051, "msg": "Stopping"})
        await peer.stay()

    async with (
        playing(stop, welcome) as stage,
        running_exchange(config(ws=stage.url)) as (_, told),
    ):
        await eventually(lambda: told.count(LinkUp) == 2)
        assert lost(told) == ["The exchange asked us to reconnect."]


async def test_another_version_is_not_spoken_to() -> None:
    async def ahead(peer: Peer) -> None:
        await peer.tell(INFO | {"version": 3})
        await peer.stay()

    async with playing(ahead) as stage, running_exchange(config(ws=stage.url)) as (_, told):
        await eventually(lambda: told.count(LinkLost) == 1)
        assert stage.received == []


async def test_a_refused_handshake_is_tried_again_slowly() -> None:
    clock = FastClock(200)
    times = []

    def too_many(connection: ServerConnection, request: Request) -> Response:
        times.append(clock.now())
        return connection.respond(HTTPStatus.TOO_MANY_REQUESTS, "too many")

    async def nobody(socket: ServerConnection) -> None:
        await socket.wait_closed()

    async with serve(nobody, "127.0.0.1", 0, process_request=too_many) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        url = f"ws://127.0.0.1:{port}/ws/2"
        async with running_exchange(config(ws=url), clock=clock) as (_, told):
            await eventually(lambda: len(times) == 3)
            assert lost(told) == ["The exchange refused the connection (HTTP 429)."]
            assert (times[1] - times[0]).total_seconds() >= 60


async def test_a_cancellation_is_never_lost_in_a_loss() -> None:
    chance = random.Random(5)
    async with playing(drop_when_in) as stage:
        for _ in range(80):
            exchange = BitfinexExchange(config(ws=stage.url), clock=FastClock(), chance=chance)
            running = asyncio.ensure_future(exchange.run(Told().absorb))
            await asyncio.sleep(chance.random() * 0.012)
            running.cancel()
            done, _ = await asyncio.wait([running], timeout=3)
            assert done
            assert running.cancelled()
