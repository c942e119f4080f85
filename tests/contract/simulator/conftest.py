"""A running simulator whose markets only move when told to."""

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from engine.simulator.config import SimulatorConfig
from engine.simulator.server import running
from tests.contract.simulator.client import Wire

QUIET = SimulatorConfig(
    feed_paused=True,
    walk_history_minutes=300,
    tick_interval=0.01,
    symbols=("tBTCUSD", "tETHUSD", "tETHBTC", "tTESTBTC:TESTUSD"),
)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def config(request: pytest.FixtureRequest) -> SimulatorConfig:
    """The quiet simulator, with what an indirect parameter changes."""
    changes = getattr(request, "param", {})
    return replace(QUIET, **changes)


@pytest.fixture
async def wire(wire_without_spot: Wire) -> Wire:
    await wire_without_spot.control("price", symbol="tBTCUSD", price="30000")
    return wire_without_spot


@pytest.fixture
async def wire_without_spot(
    config: SimulatorConfig, session: aiohttp.ClientSession
) -> AsyncIterator[Wire]:
    """Whatever symbols the configuration names, at whatever price."""
    async with running(config) as simulator:
        opened = Wire(simulator, session)
        yield opened
        await opened.close()
