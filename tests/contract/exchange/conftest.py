"""The simulator, a paper account where there is one, and our clients at their doors."""

import os
from collections.abc import AsyncIterator

import pytest

from engine.simulator.config import SimulatorConfig
from engine.simulator.server import Simulator, running
from tests.contract.exchange.venue import Account, Venue, on_paper, simulated

CONFIG = SimulatorConfig(
    symbols=("tBTCUSD", "tETHUSD", "tTESTBTC:TESTUSD"),
    feed_paused=True,
    tick_interval=0.01,
    walk_history_minutes=60,
)


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    """An exchange whose price stands at 30,000 until a test moves it."""
    async with running(CONFIG) as found:
        yield found


@pytest.fixture
async def venue(simulator: Simulator) -> AsyncIterator[Venue]:
    """Both ports connected."""
    async with simulated(simulator) as found:
        yield found


@pytest.fixture(params=["simulator", "paper"])
async def account(request: pytest.FixtureRequest) -> AsyncIterator[Account]:
    """An account at the simulator, and one on paper where the environment names its key."""
    if request.param == "simulator":
        async with running(CONFIG) as found, simulated(found) as venue:
            yield venue
        return
    key, secret = os.environ.get("GENESIS_PAPER_KEY"), os.environ.get("GENESIS_PAPER_SECRET")
    if not key or not secret:
        pytest.skip("GENESIS_PAPER_KEY and GENESIS_PAPER_SECRET name no paper account")
    async with on_paper(key, secret) as paper:
        yield paper
