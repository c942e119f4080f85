"""A cancellation that comes while the database is being lost, and what hides it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def cancellation_heard() -> Iterator[None]:
    """Who is cancelled meanwhile is cancelled, whatever SQLAlchemy's pool makes of it.

    It may answer a cancellation with the error of the connection that was just lost. A loop that
    goes on over a lost database would then go on for ever, and its owner wait for it.
    """
    task = asyncio.current_task()
    before = 0 if task is None else task.cancelling()
    try:
        yield
    except Exception as error:
        if task is not None and task.cancelling() > before:
            raise asyncio.CancelledError from error
        raise
    if task is not None and task.cancelling() > before:
        raise asyncio.CancelledError
