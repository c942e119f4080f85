"""Services, exchange and chat idle as briefly as the tests themselves."""

from collections.abc import Mapping

from tests.hurried import ACCOMPANIED, LoopFactory


def pytest_asyncio_loop_factories() -> Mapping[str, LoopFactory]:
    """The loop of every test here."""
    return {"brisk": ACCOMPANIED}
