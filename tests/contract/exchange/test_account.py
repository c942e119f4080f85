"""The account by REST through the port, and what goes wrong with REST."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from engine.bitfinex.exchange import BitfinexExchange
from engine.bitfinex.nonces import MemoryNonces
from engine.model.errors import (
    CredentialsRefused,
    ExchangeError,
    ExchangeUnreachable,
    RateLimited,
)
from engine.model.order import OrderStatus, OrderType, Side
from engine.model.report import OrderHistory
from engine.simulator.server import Simulator
from tests.contract.exchange.venue import Venue, approved, config_of, order_of, resting
from tests.unit.bitfinex.doubles import FastClock

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def test_fees(venue: Venue) -> None:
    fees = await venue.exchange.fees()
    assert (fees.maker, fees.taker) == (Decimal("0.001"), Decimal("0.002"))


async def test_the_picture(venue: Venue) -> None:
    before = datetime.now(UTC) - timedelta(minutes=1)
    report = await venue.place(resting())
    picture = await venue.exchange.account()
    assert [order.order_id for order in picture.orders] == [report.order_id]
    usd = next(b for b in picture.balances if (b.wallet, b.currency) == ("exchange", "USD"))
    assert usd.available == usd.total - 2500
    assert picture.taken_at > before


async def test_trades_are_complete_in_order_and_settled(venue: Venue) -> None:
    for n in range(30):
        side = Side.BUY if n % 2 else Side.SELL
        await venue.place(approved(OrderType.MARKET, side, "0.01"), OrderStatus.FILLED)
    trades = await venue.exchange.trades(LONG_AGO)
    ids = [trade.fill.trade_id for trade in trades]
    assert len(ids) == len(set(ids)) >= 30
    assert sum(trade.fill.amount for trade in trades) == Decimal("0.3")
    assert [trade.fill.at for trade in trades] == sorted(trade.fill.at for trade in trades)
    assert all(trade.fill.fee is not None and trade.fill.fee < 0 for trade in trades)
    middle = trades[15].fill.at
    later = await venue.exchange.trades(middle)
    assert [trade.fill.trade_id for trade in later] == [
        trade.fill.trade_id for trade in trades if trade.fill.at >= middle
    ]


async def test_closed_orders_are_complete_and_in_order(venue: Venue) -> None:
    old = resting(20000)
    report = await venue.place(old)
    for _ in range(30):
        await venue.place(approved(OrderType.MARKET, amount="0.01"), OrderStatus.FILLED)
    since = max(found.updated_at for found in venue.reports(old)) + timedelta(milliseconds=1)
    await venue.exchange.cancel([order_of(report)])
    await venue.until(old, OrderStatus.CANCELLED)
    closed = (await venue.exchange.closed_orders(since)).orders
    assert len(closed) == 31
    assert closed[-1].order_id == report.order_id
    assert closed[-1].status is OrderStatus.CANCELLED
    assert [order.updated_at for order in closed] == sorted(order.updated_at for order in closed)
    later = datetime.now(UTC) + timedelta(hours=1)
    assert await venue.exchange.closed_orders(later) == OrderHistory()


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("500", ExchangeError), ("html", ExchangeUnreachable), ("429", RateLimited)],
)
async def test_trouble_has_a_name_and_passes(
    simulator: Simulator, venue: Venue, fault: str, kind: type[ExchangeError]
) -> None:
    await venue.control("fault", kind=fault, where="auth/r/wallets")
    with pytest.raises(kind):
        await venue.exchange.account()
    async with BitfinexExchange(
        config_of(simulator),
        clock=FastClock(),
        chance=random.Random(1),
        nonces=MemoryNonces(lowest=2**52),
    ) as another:
        assert (await another.account()).balances


async def test_a_small_nonce_does_not_trouble_a_read(venue: Venue) -> None:
    await venue.control("fault", kind="nonce_small", where="auth/r/wallets")
    assert (await venue.exchange.account()).balances


async def test_a_lost_answer_is_an_unknown_fate(venue: Venue) -> None:
    await venue.control("fault", kind="lost_answer", where="auth/r/summary")
    with pytest.raises(ExchangeUnreachable):
        await venue.exchange.fees()


async def test_a_wrong_key_is_refused(simulator: Simulator) -> None:
    for key, secret in (("nobody", "demo-secret"), ("demo-key", "wrong")):
        async with BitfinexExchange(
            config_of(simulator, key, secret), clock=FastClock(20), chance=random.Random(1)
        ) as exchange:
            with pytest.raises(CredentialsRefused):
                await exchange.account()
