"""Run loops side by side, and fail with the first true failure."""

import asyncio
from collections.abc import Coroutine


async def together(*loops: Coroutine[None, None, None]) -> None:
    """All of them until one fails or the caller is cancelled; the failure comes unwrapped."""
    *others, last = loops
    try:
        async with asyncio.TaskGroup() as tasks:
            for loop in others:
                tasks.create_task(loop)
            # Not as a task: a group whose body is over leaves its owner marked as cancelled
            # when a task fails (Python 3.11).
            await last
    except BaseExceptionGroup as group:
        first: BaseException = group
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from group
