"""Waiting for a condition, never for a time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tests.hurried import patient

T = TypeVar("T")


async def eventually(look: Callable[[], T], patience: float = 10.0) -> T:
    """What `look` gives as soon as it gives something true."""

    async def ask() -> T:
        return look()

    return await eventually_asked(ask, patience)


async def eventually_asked(ask: Callable[[], Awaitable[T]], patience: float = 10.0) -> T:
    """The same for a question that is awaited."""
    seen: T | None = None
    try:
        async with asyncio.timeout(patient(patience)):
            while not (seen := await ask()):  # noqa: ASYNC110 - nobody rings for the outside world
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"never came true; last seen: {seen!r}") from None
    return seen
