"""Loops side by side: a failure is told, and leaves the caller uncancelled."""

import asyncio

import pytest

from engine.bitfinex.together import together


async def fails() -> None:
    await asyncio.sleep(0)
    raise ValueError("broken")


async def stays() -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("first", [True, False])
async def test_a_failure_comes_unwrapped_and_is_no_cancellation(first: bool) -> None:
    with pytest.raises(ValueError, match="broken"):
        await (together(fails(), stays()) if first else together(stays(), fails()))
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
