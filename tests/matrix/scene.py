"""One house of the matrix: simulator, strait, journal, and a desk that can be killed."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

import aiohttp

from engine.bitfinex.config import BitfinexConfig
from engine.bitfinex.exchange import BitfinexExchange
from engine.bitfinex.market import BitfinexMarketData
from engine.desk import Desk
from engine.market.facade import MarketDataFacade
from engine.model.approval import ApprovedOrder
from engine.model.command import CancelOrders, PlaceBracket, PlaceOrder
from engine.model.entry import Entry
from engine.model.errors import GenesisError
from engine.model.ids import CommandId
from engine.model.order import Order
from engine.ports import Clock, Journal
from engine.simulator.config import SimulatorConfig
from engine.simulator.server import Simulator, running
from tests.strait import Strait, strait, to_port
from tests.trading_house import OLIVIA, client_config

CONFIG: Final = SimulatorConfig(
    feed_paused=True,
    seed=7,
    walk_history_minutes=60,
    symbols=("tBTCUSD",),
    heartbeat=5.0,
    tick_interval=2.0,
    checksum_interval=1_000.0,
)
PATIENCE: Final = 200.0
LOOK_EVERY: Final = 2.0
Wish = PlaceOrder | PlaceBracket | CancelOrders
Json = Mapping[str, object]


async def nothing() -> None:
    """What happens meanwhile, unless a moment says otherwise."""


class WatchedExchange(BitfinexExchange):
    """The real client; the scene is asked before an order or a cancel leaves."""

    before_submit: Callable[[], Awaitable[None]] = staticmethod(nothing)
    before_cancel: Callable[[], Awaitable[None]] = staticmethod(nothing)

    async def submit(self, order: ApprovedOrder) -> None:
        await self.before_submit()
        await super().submit(order)

    async def cancel(self, orders: Sequence[Order]) -> None:
        await self.before_cancel()
        await super().cancel(orders)


@dataclass
class Scene:
    """What a cell is played with; `answers` are what the operator was told at once."""

    simulator: Simulator
    http: aiohttp.ClientSession
    journal: Journal
    clock: Clock
    wishes: dict[CommandId, Wish] = field(default_factory=dict)
    answers: dict[CommandId, object] = field(default_factory=dict)
    before_submit: Callable[[], Awaitable[None]] = nothing
    before_cancel: Callable[[], Awaitable[None]] = nothing
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    armed: bool = False
    refusing_until: float = 0.0
    lives: int = 0
    way: Strait = field(init=False)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _desk: Desk | None = None

    @property
    def port(self) -> int:
        """Where the simulator listens."""
        return int(self.simulator.url.rsplit(":", 1)[1])

    @property
    def desk(self) -> Desk:
        """The one that lives now."""
        assert self._desk is not None
        return self._desk

    async def start(self) -> None:
        """A new desk on the same journal; what was wished and not answered is wished again."""
        self.lives += 1
        config, chance = self._config(), random.Random(self.lives)
        exchange = WatchedExchange(config, clock=self.clock, chance=chance)
        exchange.before_submit = self._about_to_submit
        exchange.before_cancel = self._about_to_cancel
        source = BitfinexMarketData(config, clock=self.clock, chance=chance)
        self._stack.push_async_callback(exchange.close)
        self._stack.push_async_callback(source.close)
        market = MarketDataFacade(source, self.clock)
        desk = Desk(journal=self.journal, exchange=exchange, market=market, clock=self.clock)
        self._desk = desk
        await desk.open("matrix")
        self._tasks = [asyncio.create_task(desk.run()), asyncio.create_task(market.run())]
        for wish in self.wishes.keys() - self.answers.keys():
            self._go(wish)

    async def kill(self) -> None:
        """The desk is gone at once, without a word to anybody."""
        self.way.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await self._stack.aclose()
        self._desk = None

    def wish(self, name: str, wish: Wish) -> CommandId:
        """Somebody presses; the answer comes into `answers`."""
        command_id = CommandId(name)
        self.wishes[command_id] = wish
        self._go(command_id)
        return command_id

    async def again(self) -> None:
        """Wishes that ended in an error are wished once more, as who reads of one would."""
        failed = [wish for wish, told in self.answers.items() if isinstance(told, GenesisError)]
        for wish in failed:
            await self._carry_out(wish)

    async def open(self) -> None:
        """Wait until orders can be sent."""
        await self.comes(self.is_open)

    def is_open(self) -> bool:
        return self._desk is not None and self._desk.floor.closed_because() is None

    async def comes(self, look: Callable[[], bool]) -> None:
        """Wait for a condition."""
        async with asyncio.timeout(PATIENCE):
            while not look():  # noqa: ASYNC110 - nobody rings for the outside world
                await asyncio.sleep(0.02)

    async def control(self, what: str, body: Json) -> None:
        """Pull a string of the simulator."""
        async with self.http.post(f"{self.simulator.url}/control/{what}", json=body) as answer:
            assert answer.status == 200, await answer.text()

    async def price(self, price: str, volume: str | None = None) -> None:
        """The market trades there."""
        bound = {} if volume is None else {"volume": float(volume)}
        await self.control("price", {"symbol": "tBTCUSD", "price": float(price), **bound})

    def refuse(self, seconds: float) -> None:
        """Let nobody through for a time."""
        loop = asyncio.get_running_loop()
        self.refusing_until = loop.time() + seconds

    async def dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The strait's far side."""
        if asyncio.get_running_loop().time() < self.refusing_until:
            raise ConnectionRefusedError
        return await to_port(self.port)()

    async def state(self) -> Json:
        """What the exchange knows, to the last digit."""
        async with self.http.get(f"{self.simulator.url}/control/state") as answer:
            told: Json = json.loads(await answer.text(), parse_float=Decimal)
            return told

    async def entries(self) -> Sequence[Entry]:
        """The whole journal."""
        return await self.journal.read(0, 10_000)

    async def _about_to_submit(self) -> None:
        await self.before_submit()

    async def _about_to_cancel(self) -> None:
        await self.before_cancel()

    def _go(self, wish: CommandId) -> None:
        self._tasks.append(asyncio.create_task(self._carry_out(wish)))

    async def _carry_out(self, wish: CommandId) -> None:
        try:
            self.answers[wish] = await self.desk.execute(OLIVIA, self.wishes[wish], wish)
        except GenesisError as error:
            self.answers[wish] = error

    def _config(self) -> BitfinexConfig:
        here = f"127.0.0.1:{self.way.port}"
        return replace(
            client_config(self.simulator),
            rest_url=f"http://{here}/v2",
            public_rest_url=f"http://{here}/v2",
            ws_auth_url=f"ws://{here}/ws/2",
            ws_public_url=f"ws://{here}/ws/2",
        )


@asynccontextmanager
async def scene_on(journal: Journal, clock: Clock) -> AsyncIterator[Scene]:
    """A running house, calm at 30,000."""
    async with (
        running(CONFIG) as simulator,
        aiohttp.ClientSession() as http,
        AsyncExitStack() as stack,
    ):
        scene = Scene(simulator, http, journal, clock)
        scene.way = await stack.enter_async_context(strait(scene.dial))
        await scene.price("30000")
        await scene.start()
        try:
            await scene.open()
            yield scene
        finally:
            scene.gate.set()
            await scene.kill()
