"""Orders that change while things happen to them, and orders that go in pairs."""

import random
from decimal import Decimal

import aiohttp

from engine.bitfinex.exchange import BitfinexExchange
from engine.model.account import Wallet
from engine.model.approval import ApprovedChange
from engine.model.change import OrderChange
from engine.model.order import OrderStatus, OrderType, Side
from engine.model.report import FillReport, OrderReport
from engine.simulator.server import Simulator
from tests.contract.exchange.venue import (
    Venue,
    approved,
    config_of,
    fresh_cid,
    order_of,
    resting,
)
from tests.unit.bitfinex.doubles import FastClock


def filled(venue: Venue, cid: int) -> Decimal:
    """What the trades of an order add up to."""
    trades = {
        report.fill.trade_id: report.fill.amount
        for report in venue.told.reports
        if isinstance(report, FillReport) and report.cid == cid
    }
    return sum(trades.values(), Decimal(0))


async def test_a_fill_that_overtakes_a_change_of_size_is_not_bought_twice(venue: Venue) -> None:
    order = resting(29000)
    report = await venue.place(order)
    await venue.control("price", symbol="tBTCUSD", price=29000, volume="0.04")
    partly = await venue.until(order, OrderStatus.PARTLY_FILLED)
    known = order_of(report)
    assert known.remaining > partly.remaining
    change = OrderChange(amount=Decimal("0.15"))
    await venue.exchange.amend(ApprovedChange(order=known, change=change))
    wanted = partly.remaining + Decimal("0.05")
    await venue.until_told(lambda _: venue.last(order).remaining == wanted)
    await venue.control("price", symbol="tBTCUSD", price=28900)
    await venue.until(order, OrderStatus.FILLED)
    await venue.until_told(lambda _: filled(venue, order.key) == Decimal("0.15"))


async def test_one_trade_of_an_oco_cancels_the_other(venue: Venue) -> None:
    for price, survivor_is_stop in ((31100, True), (28900, False)):
        await venue.control("price", symbol="tBTCUSD", price=30000)
        partner = fresh_cid()
        order = venue.order(
            OrderType.LIMIT,
            Side.SELL,
            partner,
            price=Decimal(31000),
            oco_stop=Decimal(29000),
        )
        await venue.place(order)
        await venue.until_told(lambda _, partner=partner: bool(venue.of_cid(partner)))  # type: ignore[misc]  # bound now
        await venue.control("price", symbol="tBTCUSD", price=price)
        done, gone = (order.key, partner) if survivor_is_stop else (partner, order.key)

        def status(cid: int) -> OrderStatus:
            return venue.of_cid(cid)[-1].status

        await venue.until_told(lambda _, done=done: status(done) is OrderStatus.FILLED)  # type: ignore[misc]  # bound now
        await venue.until_told(lambda _, gone=gone: status(gone) is OrderStatus.CANCELLED)  # type: ignore[misc]  # bound now
        assert filled(venue, done) == order.terms.amount
        assert filled(venue, gone) == 0


async def test_a_triggered_stop_limit_can_still_be_changed(venue: Venue) -> None:
    order = approved(OrderType.STOP_LIMIT, trigger=Decimal(31000), price=Decimal(30500))
    await venue.place(order)
    await venue.control("price", symbol="tBTCUSD", price=31100)

    def is_limit() -> bool:
        return venue.last(order).terms.type is OrderType.LIMIT

    await venue.until_told(lambda _: is_limit())
    assert venue.last(order).terms.price == 30500
    change = OrderChange(price=Decimal(32000))
    known = order_of(venue.last(order))
    await venue.exchange.amend(ApprovedChange(order=known, change=change))
    await venue.until(order, OrderStatus.FILLED)


async def test_a_reduce_only_oco_guards_a_position(venue: Venue) -> None:
    entry = approved(OrderType.MARKET, Side.BUY, "0.1", wallet=Wallet.MARGIN)
    await venue.place(entry, OrderStatus.FILLED)
    partner = fresh_cid()
    exits = venue.order(
        OrderType.LIMIT,
        Side.SELL,
        partner,
        amount=Decimal("0.1"),
        price=Decimal(31000),
        oco_stop=Decimal(29000),
        wallet=Wallet.MARGIN,
        reduce_only=True,
    )
    await venue.place(exits)
    await venue.control("price", symbol="tBTCUSD", price=28900)

    def stopped() -> bool:
        reports = venue.of_cid(partner)
        return bool(reports) and reports[-1].status is OrderStatus.FILLED

    await venue.until_told(lambda _: stopped())
    await venue.until(exits, OrderStatus.CANCELLED)
    assert (await venue.exchange.account()).positions == ()


async def test_a_cancel_gets_through_without_the_socket(simulator: Simulator) -> None:
    async with BitfinexExchange(
        config_of(simulator), clock=FastClock(20), chance=random.Random(1)
    ) as unlinked:
        (report,) = await unlinked.requests.submit(resting())
        await unlinked.cancel([order_of(report)])
        several = [await unlinked.requests.submit(resting(20000 + n)) for n in range(3)]
        wanted = [order_of(one, with_id=n > 0) for n, (one,) in enumerate(several)]
        await unlinked.cancel(wanted)
        assert await unlinked.records.active_orders() == ()
        closed = await unlinked.records.order_history()
        assert [order.status for order in closed] == [OrderStatus.CANCELLED] * 4


async def test_a_cancel_whose_nonce_was_overtaken_is_asked_again(simulator: Simulator) -> None:
    async with (
        BitfinexExchange(
            config_of(simulator), clock=FastClock(20), chance=random.Random(1)
        ) as unlinked,
        aiohttp.ClientSession() as http,
    ):
        (report,) = await unlinked.requests.submit(resting())
        fault = {"kind": "nonce_small", "count": 1, "where": "order/cancel"}
        await http.post(f"{simulator.url}/control/fault", json=fault)
        await unlinked.cancel([order_of(report)])
        assert await unlinked.records.active_orders() == ()


async def test_flags_of_an_open_order_can_be_changed(venue: Venue) -> None:
    order = resting()
    report = await venue.place(order)
    change = OrderChange(hidden=True)
    await venue.exchange.amend(ApprovedChange(order=order_of(report), change=change))
    await venue.until_told(lambda _: venue.last(order).terms.hidden)
    assert isinstance(venue.last(order), OrderReport)
    assert venue.last(order).terms.price == order.terms.price
