"""A panic in a storm of other calls: it passes ahead of everything in the limiter."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from engine.bitfinex.exchange import BitfinexExchange
from engine.bitfinex.limits import TokenBucket
from engine.model.endpoint import EndpointType
from engine.model.panic import LegState
from engine.model.report import AccountPicture
from tests.eventually import eventually
from tests.integration.panic.house import ON_MARGIN, at_exchange, call, ended, much, order
from tests.trading_house import House, trading_house

IN_THE_STORM = 80


def exchange_of(house: House) -> BitfinexExchange:
    exchange = house.desk._exchange
    assert isinstance(exchange, BitfinexExchange)
    return exchange


async def emptied(bucket: TokenBucket) -> None:
    """Everybody else has taken what there was."""
    while bucket.tokens >= 1:
        await bucket.take()


@asynccontextmanager
async def storm(
    house: House,
) -> AsyncIterator[Sequence["asyncio.Task[AccountPicture | None]"]]:
    """More calls than the limiter lets through, and no order left of those the exchange takes."""
    exchange = exchange_of(house)
    await emptied(exchange._orders)
    wishes = [(exchange.account(), exchange._orders.take()) for _ in range(IN_THE_STORM)]
    calls = [asyncio.create_task(wish) for pair in wishes for wish in pair]
    limits = exchange._traffic.limits
    await eventually(lambda: limits.tokens(EndpointType.PRIVATE_ACCOUNT) < 1)
    try:
        yield calls
    finally:
        for waiting in calls:
            waiting.cancel()
        await asyncio.gather(*calls, return_exceptions=True)


async def test_it_is_over_while_the_others_still_wait() -> None:
    async with trading_house() as house:
        await much(house)
        async with storm(house) as calls:
            await order(house, ON_MARGIN)
            told = [o.reason for o in house.desk.floor.book.orders.values()]
            assert any("Too many calls are waiting" in reason for reason in told)
            await call(house)
            report = await ended(house)
            waiting = sum(not waits.done() for waits in calls)
        assert await at_exchange(house) == ([], [])
        assert {leg.state for leg in report.legs} == {LegState.DONE}
        assert waiting > IN_THE_STORM / 2
