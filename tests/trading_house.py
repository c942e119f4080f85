"""A desk with a real client, a real simulated exchange and a journal in memory."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal

import aiohttp

from engine.bitfinex.auth import Secret
from engine.bitfinex.config import BitfinexConfig
from engine.bitfinex.exchange import BitfinexExchange
from engine.bitfinex.market import BitfinexMarketData
from engine.desk import Desk
from engine.market.facade import MarketDataFacade
from engine.memory_journal import MemoryJournal
from engine.model.actor import Actor, Role
from engine.model.draft import BaseSize, OrderDraft
from engine.model.event import Event
from engine.model.ids import CommandId
from engine.model.order import Side
from engine.people.factors import USUAL, Needs
from engine.ports import Journal
from engine.risk.state import RiskPolicy
from engine.simulator.config import SimulatorConfig
from engine.simulator.server import Simulator, running
from tests.eventually import eventually
from tests.hurried import LoopClock

OLIVIA = Actor(actor_id="tg:1001", name="Olivia", role=Role.ADMIN)
VERA = Actor(actor_id="tg:3003", name="Vera", role=Role.VIEWER)
CALM = SimulatorConfig(feed_paused=True, seed=7, walk_history_minutes=60)


@dataclass
class House:
    """The desk and its surroundings."""

    desk: Desk
    journal: Journal
    simulator: Simulator
    http: aiohttp.ClientSession
    wishes: int = 0

    def wish(self) -> CommandId:
        """A new command id."""
        self.wishes += 1
        return CommandId(f"test:{self.wishes}")

    async def control(self, what: str, **body: object) -> Mapping[str, object]:
        """Pull a string of the simulator."""
        async with self.http.post(f"{self.simulator.url}/control/{what}", json=body) as answer:
            assert answer.status == 200, await answer.text()
            told: Mapping[str, object] = await answer.json()
            return told

    async def state(self) -> Mapping[str, object]:
        """What the simulator knows."""
        async with self.http.get(f"{self.simulator.url}/control/state") as answer:
            told: Mapping[str, object] = await answer.json()
            return told

    async def events(self) -> list[Event]:
        """Everything in the journal."""
        return [entry.event for entry in await self.journal.read(0, 10_000)]

    def open(self) -> bool:
        """Whether orders can be sent."""
        return self.desk.floor.closed_because() is None


@asynccontextmanager
async def desk_at(
    simulator: Simulator,
    journal: Journal,
    http: aiohttp.ClientSession,
    may_act: Callable[[], bool] = lambda: True,
    *,
    dms: bool = False,
    needs: Needs = USUAL,
    founders: Mapping[str, Role] | None = None,
    currency: str = "USD",
    guard_pace: float = 1.0,
) -> AsyncIterator[House]:
    """A desk that trades at this exchange and writes this journal, while it may act."""
    clock = LoopClock()
    config = replace(client_config(simulator), dms=dms)
    chance = random.Random(1)
    async with (
        BitfinexExchange(
            config, clock=clock, chance=chance, may_send=may_act, may_cancel=may_act
        ) as exchange,
        BitfinexMarketData(config, clock=clock, chance=chance) as source,
    ):
        market = MarketDataFacade(source, clock)
        desk = Desk(
            journal=journal,
            exchange=exchange,
            market=market,
            clock=clock,
            may_act=may_act,
            needs=needs,
            founders=founders,
            policy=RiskPolicy(currency=currency),
            guard_pace=guard_pace,
        )
        await desk.open("test")
        house = House(desk, journal, simulator, http)
        tasks = [asyncio.create_task(desk.run()), asyncio.create_task(market.run())]
        try:
            await eventually(house.open)
            yield house
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def trading_house(config: SimulatorConfig = CALM) -> AsyncIterator[House]:
    """Everything, from an empty journal on."""
    async with (
        running(config) as simulator,
        aiohttp.ClientSession() as http,
        desk_at(simulator, MemoryJournal(), http) as house,
    ):
        yield house


def client_config(simulator: Simulator) -> BitfinexConfig:
    """Where the simulator is and who we are there."""
    key, secret = next(iter(simulator.config.keys.items()))
    return BitfinexConfig(
        api_key=key,
        api_secret=Secret(secret),
        ws_api_key=key,
        ws_api_secret=Secret(secret),
        rest_url=simulator.rest_url,
        public_rest_url=simulator.rest_url,
        ws_auth_url=simulator.ws_url,
        ws_public_url=simulator.ws_url,
    )


A_LITTLE = BaseSize(Decimal("0.01"))
MARKET_BUY = OrderDraft(symbol="tBTCUSD", side=Side.BUY, size=A_LITTLE)
