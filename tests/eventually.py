"""Waiting for a condition, never for a time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tests.hurried import patient

T = TypeVar("T")

FIRST_PAUSE, LONGEST_PAUSE, GROWTH = 0.01, 0.08, 1.2


async def eventually(look: Callable[[], T], patience: float = 10.0) -> T:
    """What `look` gives as soon as it gives something true."""

    async def ask() -> T:
        return look()

    return await eventually_asked(ask, patience)


async def eventually_asked(ask: Callable[[], Awaitable[T]], patience: float = 10.0) -> T:
    """The same for a question that is awaited."""
    seen: T | None = None
    pause = FIRST_PAUSE
    try:
        async with asyncio.timeout(patient(patience)):
            while not (seen := await ask()):
                await asyncio.sleep(pause)
                pause = min(pause * GROWTH, LONGEST_PAUSE)
    except TimeoutError:
        raise AssertionError(f"never came true; last seen: {seen!r}") from None
    return seen
