"""Fixtures that every tier may use."""

import gc
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

pytest_plugins = ["tests.postgres", "tests.matrix.summary"]

LONGEST_FIRST = ("matrix", "journeys", "integration", "property", "architecture", "contract")
"""What is long begins early, so that no worker is left with it in the end."""

_TURNS: Mapping[str, int] = {room: turn for turn, room in enumerate(LONGEST_FIRST)}
_HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    """The order is ours, and Ctrl-C is heard: a shell has what it starts in the background ignore
    it, and so would our children."""
    config.option.loadscopereorder = False
    gc.disable()  # until everything is imported: nothing of it is garbage
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """What is imported stays, so nobody needs to look at it again and again."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Room by room, in the order they are handed out to the workers."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    return _TURNS.get(item.path.relative_to(_HERE).parts[0], len(_TURNS))
