"""A clock that runs fast, and exchanges that follow a script on a loopback port."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from engine.bitfinex.auth import Secret
from engine.bitfinex.config import BitfinexConfig
from engine.bitfinex.exchange import BitfinexExchange
from engine.bitfinex.market import BitfinexMarketData
from engine.model.approval import ApprovedOrder
from engine.model.ids import OrderKey
from engine.model.order import OrderTerms, OrderType, Side
from engine.model.report import LinkLost, MarketReport, Report
from engine.model.symbol import Symbol

BTC = Symbol("tBTCUSD")
INFO = {"event": "info", "version": 2, "serverId": "x", "platform": {"status": 1}}
AUTH_OK = {"event": "auth", "status": "OK", "chanId": 0, "userId": 1}
SNAPSHOTS: Sequence[object] = ([0, "ps", []], [0, "ws", []], [0, "os", []])


class FastClock:
    """Real time, `factor` times as fast."""

    def __init__(self, factor: float = 100) -> None:
        self._factor = factor
        self._start = datetime.now(UTC)

    def now(self) -> datetime:
        """Aware UTC."""
        return self._start + (datetime.now(UTC) - self._start) * self._factor

    async def sleep(self, seconds: float) -> None:
        """A fraction of these seconds."""
        await asyncio.sleep(seconds / self._factor)


class SteppedClock:
    """Shows the times it is given, then stays at the last; sleeping moves it on."""

    def __init__(self, *seconds: float) -> None:
        self._times = list(seconds)
        self.slept: list[float] = []

    def now(self) -> datetime:
        """Aware UTC."""
        second = self._times.pop(0) if len(self._times) > 1 else self._times[0]
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second)

    async def sleep(self, seconds: float) -> None:
        """No time at all."""
        self.slept.append(seconds)
        self._times = [self._times[-1] + seconds]
        await asyncio.sleep(0)


class Peer:
    """The exchange's end of one connection."""

    def __init__(self, socket: ServerConnection, received: list[object]) -> None:
        self.socket = socket
        self._received = received
        self.flags = 0

    async def tell(self, *messages: object) -> None:
        """Send these, text as it is and all else as JSON."""
        for message in messages:
            text = message if isinstance(message, str) else json.dumps(message)
            await self.socket.send(text)

    async def heard(self) -> dict[str, object]:
        """The next event of the client but `conf`, whose flags are kept apart."""
        while True:
            message = json.loads(await self.socket.recv())
            if not isinstance(message, dict) or message.get("event") != "conf":
                break
            self.flags = int(message["flags"])
        self._received.append(message)
        return message if isinstance(message, dict) else {"frame": message}

    async def let_in(self) -> None:
        """Greet, take any credentials, and show an empty account."""
        await self.tell(INFO)
        await self.heard()
        await self.tell(AUTH_OK, *SNAPSHOTS)

    async def stay(self) -> None:
        """Listen until the client leaves."""
        while True:
            await self.heard()


Script = Callable[[Peer], Awaitable[None]]


class Stage:
    """A scripted exchange: where it is, and what it heard."""

    def __init__(self) -> None:
        self.url = ""
        self.received: list[object] = []
        self.connects = 0


@asynccontextmanager
async def playing(*scripts: Script) -> AsyncIterator[Stage]:
    """Each connection gets the next script; the last script serves all that follow."""
    stage = Stage()

    async def serve_one(socket: ServerConnection) -> None:
        script = scripts[min(stage.connects, len(scripts) - 1)]
        stage.connects += 1
        try:
            await script(Peer(socket, stage.received))
        except ConnectionClosed:
            return

    async with serve(serve_one, "127.0.0.1", 0, compression=None, close_timeout=0.1) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        stage.url = f"ws://127.0.0.1:{port}/ws/2"
        yield stage


def config(
    *, ws: str = "ws://127.0.0.1:9/ws/2", rest: str = "http://127.0.0.1:9/v2"
) -> BitfinexConfig:
    """A test's configuration."""
    return BitfinexConfig(
        api_key="key1",
        api_secret=Secret("secret1"),
        ws_api_key="key1",
        ws_api_secret=Secret("secret1"),
        rest_url=rest,
        public_rest_url=rest,
        ws_auth_url=ws,
        ws_public_url=ws,
    )


class Told:
    """An `Absorb` and a `Hear` that keep what they are told."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self.market: list[MarketReport] = []
        self.batches: list[int] = []

    async def absorb(self, reports: Sequence[Report]) -> None:
        """Keep account reports."""
        self.batches.append(len(reports))
        self.reports.extend(reports)

    def hear(self, reports: Sequence[MarketReport]) -> None:
        """Keep market reports."""
        self.batches.append(len(reports))
        self.market.extend(reports)

    def kinds(self) -> list[str]:
        """The account reports' names in order."""
        return [type(report).__name__ for report in self.reports]

    def count(self, kind: type[object]) -> int:
        """How many of this kind were told."""
        return sum(isinstance(report, kind) for report in [*self.reports, *self.market])


@asynccontextmanager
async def running_exchange(
    config: BitfinexConfig, told: Told | None = None, clock: FastClock | None = None
) -> AsyncIterator[tuple[BitfinexExchange, Told]]:
    """A client with its link running."""
    told = told or Told()
    clock = clock or FastClock()
    async with (
        BitfinexExchange(config, clock=clock, chance=random.Random(7)) as exchange,
        background(exchange.run(told.absorb)),
    ):
        yield exchange, told


@asynccontextmanager
async def running_market(
    config: BitfinexConfig, clock: FastClock | None = None
) -> AsyncIterator[tuple[BitfinexMarketData, Told]]:
    """A public client with its link running."""
    told, clock = Told(), clock or FastClock()
    async with (
        BitfinexMarketData(config, clock=clock, chance=random.Random(7)) as market,
        background(market.run(told.hear)),
    ):
        yield market, told


@asynccontextmanager
async def background(work: Awaitable[None]) -> AsyncIterator[None]:
    """Run `work` beside the body; its own failure fails the test."""
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        (result,) = await asyncio.gather(task, return_exceptions=True)
    if isinstance(result, Exception):
        raise result


async def eventually(condition: Callable[[], bool], seconds: float = 5) -> None:
    """Return once the condition holds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # any condition, not one of ours
            await asyncio.sleep(0.002)


def limit_order(key: int = 1700000000001, amount: str = "0.1") -> ApprovedOrder:
    """A plain limit order."""
    terms = OrderTerms(
        symbol=BTC,
        side=Side.BUY,
        amount=Decimal(amount),
        type=OrderType.LIMIT,
        price=Decimal(30000),
    )
    return ApprovedOrder(key=OrderKey(key), terms=terms)


async def welcome(peer: Peer) -> None:
    """Let everybody in and listen."""
    await peer.let_in()
    await peer.stay()


async def drop_when_in(peer: Peer) -> None:
    """Let them in, and hang up."""
    await peer.let_in()
    await peer.socket.close()


async def say_nothing(peer: Peer) -> None:
    """Accept the connection, and that is all."""
    await peer.socket.wait_closed()


def lost(told: Told) -> list[str]:
    """The reasons of all losses told."""
    return [report.reason for report in told.reports if isinstance(report, LinkLost)]
