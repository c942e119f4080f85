"""The private link through the port: drops, silence, maintenance, refused keys."""

import random

import pytest

from engine.bitfinex.exchange import BitfinexExchange
from engine.bitfinex.nonces import MemoryNonces
from engine.model.errors import LinkDown
from engine.model.order import OrderStatus, OrderType
from engine.model.report import (
    LinkLost,
    LinkUp,
    MaintenanceReport,
    OrdersSnapshot,
)
from engine.simulator.server import Simulator
from tests.contract.exchange.venue import Venue, approved, config_of, resting
from tests.unit.bitfinex.doubles import FastClock, Told, background, eventually


async def test_after_a_drop_the_orders_are_told_again(venue: Venue) -> None:
    report = await venue.place(resting())
    await venue.control("drop")
    await venue.until_told(lambda told: told.count(LinkUp) == 2)
    assert venue.told.count(LinkLost) == 1
    snapshot = [r for r in venue.told.reports if isinstance(r, OrdersSnapshot)][-1]
    assert [order.order_id for order in snapshot.orders] == [report.order_id]
    kinds = venue.told.kinds()
    assert kinds.index("LinkLost") < len(kinds) - 1 - kinds[::-1].index("OrdersSnapshot")
    await venue.place(approved(OrderType.MARKET, amount="0.01"), OrderStatus.FILLED)


async def test_many_drops_in_a_row(venue: Venue) -> None:
    for times in range(1, 6):
        await venue.control("drop")
        await venue.until_told(lambda told, times=times: told.count(LinkUp) == times + 1, 10)  # type: ignore[misc]  # bound now
    assert venue.told.count(LinkLost) == 5
    await venue.place(resting())


@pytest.mark.parametrize("fault", ["drop_before_ack", "drop_after_ack"])
async def test_an_order_in_a_drop_is_found_again_and_exists_once(venue: Venue, fault: str) -> None:
    await venue.control("fault", kind=fault, where="on")
    order = resting()
    await venue.exchange.submit(order)
    await venue.until_told(lambda told: told.count(LinkUp) == 2)
    picture = await venue.exchange.account()
    assert [found.cid for found in picture.orders] == [order.key]


async def test_an_order_dropped_before_it_was_read_is_nowhere(venue: Venue) -> None:
    await venue.control("fault", kind="drop_before_processing", where="on")
    await venue.exchange.submit(resting())
    await venue.until_told(lambda told: told.count(LinkUp) == 2)
    assert (await venue.exchange.account()).orders == ()


async def test_a_silent_socket_is_replaced(venue: Venue) -> None:
    await venue.control("drop", silent=True)
    await venue.until_told(lambda told: told.count(LinkUp) == 2, 10)
    reasons = [r.reason for r in venue.told.reports if isinstance(r, LinkLost)]
    assert reasons == ["No word from the exchange for 30 seconds."]


async def test_maintenance_comes_and_goes(venue: Venue) -> None:
    await venue.control("maintenance", on=True)
    await venue.until_told(lambda told: told.count(MaintenanceReport) == 1)
    await venue.control("maintenance", on=False)
    await venue.until_told(lambda told: told.count(LinkUp) == 2)
    said = [r.active for r in venue.told.reports if isinstance(r, MaintenanceReport)]
    assert said == [True, False]
    await venue.place(resting())


async def test_frames_twice_and_out_of_order_still_tell_the_end(venue: Venue) -> None:
    await venue.control("fault", kind="shuffle", count=2)
    await venue.control("fault", kind="duplicate", count=3)
    order = approved(OrderType.MARKET, amount="0.01")
    await venue.exchange.submit(order)
    await venue.until(order, OrderStatus.FILLED)


async def test_a_wrong_key_is_said_so(simulator: Simulator) -> None:
    told = Told()
    async with (
        BitfinexExchange(
            config_of(simulator, secret="wrong"), clock=FastClock(20), chance=random.Random(1)
        ) as exchange,
        background(exchange.run(told.absorb)),
    ):
        await eventually(lambda: told.count(LinkLost) == 1)
        with pytest.raises(LinkDown):
            await exchange.submit(resting())
    (lost,) = [r for r in told.reports if isinstance(r, LinkLost)]
    assert "API key" in lost.reason


async def test_a_small_nonce_is_passed_over(simulator: Simulator) -> None:
    told, clock = Told(), FastClock(20)
    nonces = MemoryNonces(lowest=10**15 * 8)
    async with BitfinexExchange(
        config_of(simulator), clock=clock, chance=random.Random(1), nonces=nonces
    ) as ahead:
        await ahead.fees()
    async with (
        BitfinexExchange(
            config_of(simulator), clock=clock, chance=random.Random(1), nonces=nonces
        ) as exchange,
        background(exchange.run(told.absorb)),
    ):
        await eventually(lambda: told.count(LinkUp) == 1)
    assert told.count(LinkLost) == 0
