"""Folders for these tests: new ones, and ones whose first start is behind them."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.embedded import EmbeddedPostgres

# Too long for a socket's path, with what a shell or a list would split at.
_AWKWARD = "a folder, with 'signs' " + "x" * 100


@pytest.fixture(scope="session")
def used_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One folder for all tests that leave it whole, as a service's is used again and again."""
    folder = tmp_path_factory.mktemp("used") / _AWKWARD
    asyncio.run(_start_and_stop(folder))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def new_folder(tmp_path: Path) -> Iterator[Path]:
    """An empty folder for a first start; removed after the test, for a cluster has 35 MB."""
    folder = tmp_path / _AWKWARD
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def copied_folder(used_folder: Path, new_folder: Path) -> Path:
    """A copy of `used_folder` that a test may damage."""
    shutil.copytree(used_folder, new_folder, dirs_exist_ok=True)
    return new_folder


@pytest.fixture
def word(request: pytest.FixtureRequest) -> str:
    """A text that only this test writes."""
    return str(request.node.name)


async def _start_and_stop(folder: Path) -> None:
    async with EmbeddedPostgres(folder, fsync=False):
        pass
