"""Nobody waits for what happens outside: patience is short."""

from collections.abc import Mapping

from tests.hurried import QUICK, LoopFactory


def pytest_asyncio_loop_factories() -> Mapping[str, LoopFactory]:
    """The loop of every test here."""
    return {"quick": QUICK}
