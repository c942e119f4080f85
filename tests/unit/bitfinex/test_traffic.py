"""Breakers: what opens them, what they hold back, and how they close by themselves."""

import asyncio
from http import HTTPStatus

import pytest

from engine.bitfinex.traffic import Traffic
from engine.model.endpoint import EndpointType, Rates
from engine.model.errors import (
    CircuitOpen,
    ExchangeRefused,
    ExchangeUnreachable,
    LinkDown,
    RateLimited,
)
from engine.model.report import TransportBreakerReport
from tests.unit.bitfinex.doubles import SteppedClock

READ, SUBMIT, CANCEL = "auth/r/wallets", "auth/w/order/submit", "auth/w/order/cancel"
ACCOUNT, TRADING = EndpointType.PRIVATE_ACCOUNT, EndpointType.PRIVATE_TRADING
UNAVAILABLE = f"HTTP {HTTPStatus.SERVICE_UNAVAILABLE}"


class Stage:
    """Traffic whose clock moves by hand, and what it told."""

    def __init__(self, rates: Rates | None = None) -> None:
        self.clock = SteppedClock(0)
        self.traffic = Traffic(self.clock, rates)
        self.told: list[TransportBreakerReport] = []
        self.traffic.tell(self.told.append)

    async def call(
        self, path: str = READ, error: Exception | None = None, *, urgent: bool = False
    ) -> None:
        async with self.traffic.turn("host", path, urgent=urgent):
            if error is not None:
                raise error

    async def fail(self, path: str = READ, times: int = 5, *, urgent: bool = False) -> None:
        for _ in range(times):
            with pytest.raises(ExchangeUnreachable):
                await self.call(path, ExchangeUnreachable(UNAVAILABLE), urgent=urgent)

    async def held_back(self, path: str = READ) -> None:
        with pytest.raises(CircuitOpen, match=UNAVAILABLE):
            await self.call(path)


async def test_failures_in_a_row_open_it_and_a_good_probe_closes_it() -> None:
    stage = Stage()
    await stage.fail()
    await stage.held_back()
    assert stage.traffic.is_open(ACCOUNT)
    await stage.clock.sleep(6)
    await stage.call()
    await stage.call()
    assert not stage.traffic.is_open(ACCOUNT)
    assert [report.open for report in stage.told] == [True, False]
    assert stage.told[0] == TransportBreakerReport(
        endpoint_type=ACCOUNT, open=True, reason=UNAVAILABLE
    )


async def test_what_it_holds_back_was_certainly_not_sent_and_took_no_place() -> None:
    stage = Stage()
    await stage.fail()
    tokens = stage.traffic.limits.tokens(ACCOUNT)
    for _ in range(100):
        with pytest.raises(LinkDown):
            await stage.call()
    assert stage.traffic.limits.tokens(ACCOUNT) == tokens


async def test_failures_far_apart_open_nothing() -> None:
    stage = Stage()
    for _ in range(20):
        await stage.fail(times=1)
        await stage.clock.sleep(16)
    assert stage.told == []


async def test_refusals_are_answers() -> None:
    stage = Stage()
    for _ in range(20):
        with pytest.raises(ExchangeRefused):
            await stage.call(READ, ExchangeRefused("Order not found."))
    assert stage.told == []


async def test_a_rest_grows_while_probes_fail() -> None:
    stage = Stage()
    await stage.fail()
    for rest in (5, 10, 20, 40, 60, 60):
        await stage.clock.sleep(rest - 1)
        await stage.held_back()
        await stage.clock.sleep(2)
        await stage.fail(times=1)
        await stage.held_back()
    assert [report.open for report in stage.told] == [True]


async def test_only_one_probes_at_a_time() -> None:
    stage = Stage()
    await stage.fail()
    await stage.clock.sleep(6)
    async with stage.traffic.turn("host", READ):
        await stage.held_back()
    await stage.call()


async def test_a_probe_that_is_given_up_leaves_the_way_to_another() -> None:
    stage = Stage()
    await stage.fail()
    await stage.clock.sleep(6)
    with pytest.raises(asyncio.CancelledError):
        async with stage.traffic.turn("host", READ):
            raise asyncio.CancelledError
    assert stage.traffic.is_open(ACCOUNT)
    await stage.call()
    assert not stage.traffic.is_open(ACCOUNT)


async def test_an_open_breaker_of_reads_holds_no_write_back() -> None:
    stage = Stage()
    await stage.fail(READ)
    await stage.call(SUBMIT)
    await stage.call(CANCEL, urgent=True)
    await stage.held_back(READ)


async def test_cancels_pass_an_open_breaker_and_close_it_when_they_succeed() -> None:
    stage = Stage()
    await stage.fail(SUBMIT)
    await stage.held_back(SUBMIT)
    await stage.fail(CANCEL, urgent=True)
    await stage.held_back(SUBMIT)
    await stage.call(CANCEL, urgent=True)
    await stage.call(SUBMIT)
    assert not stage.traffic.is_open(TRADING)


async def test_a_rate_limit_opens_it_at_once_for_as_long_as_was_asked() -> None:
    stage = Stage()
    stage.traffic.limits.block("host", 120)
    with pytest.raises(RateLimited):
        await stage.call(CANCEL, RateLimited(), urgent=True)
    assert stage.traffic.is_open(TRADING)
    await stage.clock.sleep(119)
    with pytest.raises(RateLimited):
        await stage.call(SUBMIT)
    await stage.clock.sleep(2)
    await stage.call(SUBMIT)
    assert not stage.traffic.is_open(TRADING)


async def test_waiting_too_long_at_our_own_limit_is_no_failure_of_the_exchange() -> None:
    stage = Stage(Rates(per_minute=dict.fromkeys(EndpointType, 1)))
    await stage.call()
    for _ in range(10):
        with pytest.raises(RateLimited, match="waiting"):
            await stage.call()
    assert stage.told == []


async def test_who_listens_later_hears_of_what_is_open() -> None:
    stage = Stage()
    await stage.fail()
    later: list[TransportBreakerReport] = []
    stage.traffic.tell(later.append)
    assert [report.open for report in later] == [True]


async def test_connects_to_one_host_are_counted_together() -> None:
    stage = Stage()
    private = stage.traffic.connects("wss://api.example/ws/2", 5, 15)
    public = stage.traffic.connects("wss://api.example/ws/2", 20, 60)
    assert private is public
    times = []
    for _ in range(30):
        await public.turn()
        times.append(stage.clock.now().timestamp())
    for first, sixth in zip(times, times[5:], strict=False):
        assert sixth - first >= 15
    for first, beyond in zip(times, times[20:], strict=False):
        assert beyond - first >= 60


async def test_a_host_that_blocks_us_is_left_alone_by_all_its_links() -> None:
    stage = Stage()
    connects = stage.traffic.connects("wss://api.example/ws/2", 5, 15)
    connects.block()
    await connects.turn()
    assert stage.clock.slept == [60]
