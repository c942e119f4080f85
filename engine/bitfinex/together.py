"""Run loops side by side, and fail with the first true failure."""

import asyncio
from collections.abc import Coroutine


async def together(*loops: Coroutine[None, None, None]) -> None:
    """All of them until one fails or the caller is cancelled; the failure comes unwrapped."""
    try:
        async with asyncio.TaskGroup() as tasks:
            for loop in loops:
                tasks.create_task(loop)
    except BaseExceptionGroup as group:
        first: BaseException = group
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from group
