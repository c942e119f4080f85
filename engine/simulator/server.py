"""The simulator: an exchange on one port."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from aiohttp import web

from engine.simulator.config import SimulatorConfig
from engine.simulator.control import Control
from engine.simulator.doorway import HANDSHAKE, Doorway, hang_up
from engine.simulator.faults import Faults
from engine.simulator.gatehouse import Gatehouse
from engine.simulator.hub import Hub
from engine.simulator.limits import Window
from engine.simulator.rest import account, orders, positions, transfers
from engine.simulator.rest.answers import too_many
from engine.simulator.rest.caller import Gate
from engine.simulator.rest.public import PublicRest
from engine.simulator.rest.statistics import Statistics
from engine.simulator.socket.session import Session
from engine.simulator.world import World

CONNECT_WINDOW_MS = 15_000
LARGEST_BODY = 1 << 20


class Simulator:
    """Speaks as Bitfinex: REST at `/v2/...`, websocket at `/ws/2`, strings at `/control/...`."""

    def __init__(self, config: SimulatorConfig) -> None:
        self.config = config
        self._port = config.port
        self._stop = AsyncExitStack()

    @property
    def url(self) -> str:
        return f"http://{self.config.host}:{self._port}"

    @property
    def rest_url(self) -> str:
        return f"{self.url}/v2"

    @property
    def ws_url(self) -> str:
        return f"ws://{self.config.host}:{self._port}/ws/2"

    async def start(self) -> None:
        """Open the port; raises `OSError` where it is taken, `ValueError` for bad data files."""
        async with AsyncExitStack() as stack:
            world = World(self.config)
            stack.callback(world.close)
            faults = Faults()
            hub = Hub(world, faults, _later)
            gate = Gatehouse(self.config.host, self.config.port)
            app = _app(world, hub, faults, gate)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            stack.callback(hub.drop)
            await gate.open(runner)
            stack.push_async_callback(gate.leave)
            self._port = gate.port
            pulse = asyncio.create_task(_beat(world, hub), name="simulator pulse")
            pulse.add_done_callback(_complain)
            stack.push_async_callback(_ended, pulse)
            self._stop = stack.pop_all()

    async def stop(self) -> None:
        """Close every socket and the port; the state is saved a last time."""
        await self._stop.aclose()


@asynccontextmanager
async def running(config: SimulatorConfig) -> AsyncIterator[Simulator]:
    """A simulator for the length of a `with`."""
    simulator = Simulator(config)
    await simulator.start()
    try:
        yield simulator
    finally:
        await simulator.stop()


def _app(world: World, hub: Hub, faults: Faults, house: Gatehouse) -> web.Application:
    doorway = Doorway(world, faults)
    app = web.Application(middlewares=[doorway.pass_through], client_max_size=LARGEST_BODY)
    gate = Gate(world, hub, faults)
    app.add_routes(PublicRest(world, hub).routes())
    app.add_routes(Statistics(world).routes())
    app.add_routes(orders.routes(gate))
    app.add_routes(account.routes(gate))
    app.add_routes(positions.routes(gate))
    app.add_routes(transfers.routes(gate))
    app.add_routes(Control(world, hub, faults, house).routes())
    app.add_routes([web.get(HANDSHAKE, Entrance(world, hub, faults).enter)])
    return app


class Entrance:
    """Where websockets come in, as often as the connect limit lets them."""

    def __init__(self, world: World, hub: Hub, faults: Faults) -> None:
        self._world = world
        self._hub = hub
        self._faults = faults
        most = world.config.connect_limit
        self._window = Window(most, CONNECT_WINDOW_MS) if most is not None else None

    async def enter(self, request: web.Request) -> web.StreamResponse:
        if self._window is not None and not self._window.admits(self._world.clock.now()):
            return too_many()
        socket = web.WebSocketResponse(compress=False, max_msg_size=LARGEST_BODY, timeout=1.0)
        await socket.prepare(request)
        abort = partial(hang_up, request)
        await Session(self._world, self._hub, self._faults, socket, abort).serve()
        return socket


async def _beat(world: World, hub: Hub) -> None:
    """Let time pass: ticks, fills, frames, and now and then the feed's place into the file."""
    saved_at = world.clock.now()
    while True:
        await asyncio.sleep(world.config.tick_interval)
        world.advance()
        now = world.clock.now()
        if world.floor.events:
            hub.commit()
        elif now - saved_at >= world.config.place_interval * 1000:
            saved_at = now
            world.save()
        hub.publish()


def _complain(task: asyncio.Task[None]) -> None:
    """A pulse that stops by itself is a fault of the simulator's own: the loop reports it."""
    if not task.cancelled() and (error := task.exception()) is not None:
        report = {"message": "the simulator's pulse has stopped", "exception": error}
        task.get_loop().call_exception_handler(report)


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _later(seconds: float, deed: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_later(seconds, deed)
