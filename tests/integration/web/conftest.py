"""A side app on a free port of this machine, and someone who asks it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.integration.web.desk import Desk


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with aiohttp.ClientSession() as client:
        made = Desk(client)
        yield made
        await made.close()
