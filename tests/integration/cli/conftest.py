from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest

from tests.contract.journal.migrated import database_template
from tests.integration.cli.terminal import Terminal, terminal
from tests.journeys.people import QUICK
from tests.stage import Stage, scenery

__all__ = ["database_template"]


@pytest.fixture(scope="session")
def genesis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """Where `genesis ...` is typed."""
    with terminal(tmp_path_factory.mktemp("terminal")) as made:
        yield made


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """An exchange, a Telegram and a database to point a service at."""
    async with scenery(database_url, tmp_path, QUICK) as stage:
        yield stage


@pytest.fixture
def home(tmp_path: Path) -> Mapping[str, str]:
    """An environment with nothing set."""
    return {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
