from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio
import uvloop

from tests.contract.journal.migrated import database_template
from tests.eventually import eventually_asked
from tests.hurried import ACCOMPANIED, BRISK, LoopFactory
from tests.journeys import elsewhere
from tests.journeys.people import QUICK, STAFF, TRADERS, House, Ledger, Person
from tests.postgres import Databases
from tests.stage import Json, Stage, scenery, service_on
from tests.zygote import Zygote

__all__ = ["database_template"]

PURSE = {"USD": 100_000, "BTC": 2}


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, LoopFactory]:
    """The loop of a test: brisk, and the product's own where it asks for `real_time`."""
    if item.get_closest_marker("real_time"):
        return {"real": uvloop.new_event_loop}
    assert isinstance(item, pytest.Function)
    return {"brisk": ACCOMPANIED if "zygote" in item.fixturenames else BRISK}


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """Services of their own are forked from it, so that none waits for an import."""
    with Zygote() as zygote:
        yield zygote


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """Everything but the service."""
    traders = str(TRADERS[0])
    async with scenery(database_url, tmp_path, QUICK, TELEGRAM_TRADERS=traders) as stage:
        yield stage


@pytest.fixture
async def stage(scene: Stage) -> AsyncIterator[Stage]:
    """A whole running house with an operator at the phone."""
    async with service_on(scene):
        yield scene


@pytest.fixture(scope="module")
def shared_database_url(databases: Databases, database_template: str) -> Iterator[str]:
    name = databases.lend(database_template)
    yield databases.url(name)
    databases.give_back(name, database_template)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(
    shared_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """One house for all tests of a module; each brings its own people."""
    folder = tmp_path_factory.mktemp("house")
    async with (
        scenery(shared_database_url, folder, QUICK, **STAFF) as stage,
        service_on(stage) as service,
    ):
        yield House(stage, service.web_url)


@pytest_asyncio.fixture(loop_scope="module")
async def ledger(house: House) -> Ledger:
    """What the exchange sees during this test; the market begins calm and the purse full."""
    await elsewhere.cancel_everything(house.stage)
    await house.stage.control("price", symbol="tBTCUSD", price="30000")
    state = await house.stage.exchange()
    if not all(_holds(state, currency, amount) for currency, amount in PURSE.items()):
        for currency, amount in PURSE.items():
            await house.stage.control("balance", currency=currency, amount=amount)
        await _purse_known(await house.viewer())
    return await Ledger.opened(house.stage)


def _holds(state: Json, currency: str, amount: int) -> bool:
    wallets = state["wallets"]
    assert isinstance(wallets, list)
    return ["exchange", currency, amount, amount] in ([*row[:3], row[4]] for row in wallets)


async def _purse_known(person: Person) -> None:
    async def known() -> bool:
        said = (await person.asks("/balance", "Together")).text
        return "100,000.00 USD\n" in said and "2 BTC ·" in said and "free" not in said

    await eventually_asked(known)
