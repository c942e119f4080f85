"""Limits and pauses."""

import asyncio
import random
from itertools import pairwise

import pytest

from engine.bitfinex.limits import Limits, TokenBucket
from engine.bitfinex.outbox import Outbox
from engine.bitfinex.pace import Connects, Pace, Retry
from engine.model.endpoint import EndpointType, Rates
from engine.model.errors import RateLimited
from tests.unit.bitfinex.doubles import SteppedClock


async def test_a_bucket_lets_a_burst_through_and_then_drips() -> None:
    clock = SteppedClock(0)
    bucket = TokenBucket(clock, 60, burst=3)
    for _ in range(3):
        await bucket.take()
    assert clock.slept == []
    await bucket.take()
    assert clock.slept == [pytest.approx(1)]


async def test_a_bucket_serves_in_order_and_refuses_a_queue_without_end() -> None:
    bucket = TokenBucket(SteppedClock(0), 60, burst=1)
    await bucket.take()
    waiting = [asyncio.ensure_future(TokenBucket.take(bucket)) for _ in range(3)]
    await asyncio.gather(*waiting)
    stuck = TokenBucket(SteppedClock(0), 1, burst=1)
    await stuck.take()
    with pytest.raises(RateLimited):
        await stuck.take()


async def test_a_bucket_refuses_who_has_less_patience_than_the_queue_is_long() -> None:
    bucket = TokenBucket(SteppedClock(0), 60, burst=1)
    await bucket.take()
    with pytest.raises(RateLimited):
        await bucket.take(patience=0.5)
    await bucket.take(urgent=True, patience=0.5)


async def test_a_bucket_survives_a_clock_that_steps_back() -> None:
    clock = SteppedClock(100, 100, 0, 0)
    bucket = TokenBucket(clock, 60, burst=2)
    await bucket.take()
    await bucket.take()
    assert bucket.tokens >= 0


async def test_a_bucket_never_lets_more_through_in_any_minute() -> None:
    clock = SteppedClock(0)
    bucket = TokenBucket.within(clock, 30)
    times = []
    for _ in range(100):
        await bucket.take()
        times.append(clock.now().timestamp())
    for first, beyond in zip(times, times[30:], strict=False):
        assert beyond - first >= 60


async def test_endpoints_have_buckets_of_their_own() -> None:
    clock = SteppedClock(0)
    limits = Limits(clock)
    for _ in range(5):
        async with limits.turn("host", "platform/status"):
            pass
    assert clock.slept == []
    async with limits.turn("host", "book/tETHUSD/P0"):
        assert clock.slept == []
    async with limits.turn("host", "platform/status"):
        assert clock.slept != []


async def test_a_blocked_host_is_left_alone_until_the_pause_is_over() -> None:
    clock = SteppedClock(0)
    limits = Limits(clock)
    limits.block("host", 60)
    with pytest.raises(RateLimited, match="60 s"):
        async with limits.turn("host", "conf/x"):
            pass
    async with limits.turn("another", "conf/x"), limits.turn("host", "auth/w/x", urgent=True):
        pass
    await clock.sleep(61)
    async with limits.turn("host", "conf/x"):
        assert limits.blocked_for("host") == 0


async def test_what_is_urgent_waits_for_no_bucket() -> None:
    clock = SteppedClock(0)
    limits = Limits(clock, Rates(per_minute=dict.fromkeys(EndpointType, 1)))
    async with limits.turn("host", "auth/w/order/submit"):
        pass
    async with limits.turn("host", "auth/w/order/cancel", urgent=True):
        assert clock.slept == []
    assert limits.tokens(EndpointType.PRIVATE_TRADING) == 0
    assert limits.utilization(EndpointType.PRIVATE_TRADING) == 100
    assert limits.utilization(EndpointType.PUBLIC_MARKET) == 0


async def test_connects_stay_within_the_window() -> None:
    clock = SteppedClock(0)
    connects = Connects(clock)
    connects.allow(5, 15)
    pace = Pace(clock, random.Random(1), connects)
    times = []
    for _ in range(40):
        await pace.turn()
        times.append(clock.now().timestamp())
        await pace.rest(Retry.AT_ONCE, served=True)
    for first, sixth in zip(times, times[5:], strict=False):
        assert sixth - first >= 15


async def test_pauses_grow_with_failures_and_are_forgiven_after_service() -> None:
    clock = SteppedClock(0)
    pace = Pace(clock, random.Random(1), Connects(clock))
    for _ in range(12):
        await pace.rest(Retry.SOON, served=False)
    grown = clock.slept
    assert grown[0] < 1
    assert 15 <= grown[-1] <= 30
    assert sum(a > b for a, b in pairwise(grown[:5])) <= 2
    await pace.rest(Retry.SOON, served=True)
    assert clock.slept[-1] <= 0.4
    await pace.rest(Retry.SLOWLY, served=True)
    assert clock.slept[-1] >= 60


async def test_the_outbox_hands_over_everything_in_order() -> None:
    outbox: Outbox[int] = Outbox()
    outbox.extend(())
    outbox.put(1)
    outbox.extend([2, 3])
    assert await outbox.take() == [1, 2, 3]
    later = asyncio.ensure_future(outbox.take())
    await asyncio.sleep(0)
    assert not later.done()
    outbox.put(4)
    assert await later == [4]
    assert len(outbox) == 0
