from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stage import Stage, scenery, service_on


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """A whole running house with an operator at the phone."""
    async with scenery(database_url, tmp_path) as stage, service_on(stage):
        yield stage
