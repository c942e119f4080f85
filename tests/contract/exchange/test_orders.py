"""Orders through the port: placed, filled, cancelled, refused."""

from decimal import Decimal

import pytest

from engine.model.account import Wallet
from engine.model.order import OrderStatus, OrderType, Side
from engine.model.report import (
    BalancesReport,
    CancelRefused,
    FillReport,
    PositionsReport,
    SubmissionNoted,
    SubmissionRefused,
)
from tests.contract.exchange.venue import (
    Venue,
    approved,
    order_of,
    resting,
    unknown_order,
)

ONE = Decimal(1)


def fills(venue: Venue, cid: int) -> list[FillReport]:
    return [
        report
        for report in venue.told.reports
        if isinstance(report, FillReport) and report.cid == cid
    ]


async def test_the_account_is_told_before_the_link_is_up(venue: Venue) -> None:
    assert set(venue.told.kinds()[:4]) >= {
        "PositionsReport",
        "BalancesReport",
        "OrdersSnapshot",
        "LinkUp",
    }
    wallets = next(r for r in venue.told.reports if isinstance(r, BalancesReport) and r.whole)
    assert ("USD", Decimal(100_000)) in [(b.currency, b.total) for b in wallets.balances]


async def test_a_resting_order_works_and_can_be_cancelled(venue: Venue) -> None:
    order = resting()
    report = await venue.place(order)
    assert report.terms == order.terms
    assert venue.told.count(SubmissionNoted) == 1
    picture = await venue.exchange.account()
    assert [found.order_id for found in picture.orders] == [report.order_id]
    await venue.exchange.cancel([order_of(report)])
    closed = await venue.until(order, OrderStatus.CANCELLED)
    assert closed.remaining == order.terms.amount
    assert (await venue.exchange.account()).orders == ()


async def test_a_market_order_fills_and_its_fee_is_settled(venue: Venue) -> None:
    order = approved(OrderType.MARKET, amount="0.01")
    report = await venue.place(order, OrderStatus.FILLED)
    assert report.remaining == 0
    assert report.average is not None
    await venue.until_told(lambda _: len(fills(venue, order.key)) >= 2)
    first, settled = fills(venue, order.key)[0], fills(venue, order.key)[-1]
    assert first.fill.fee is None
    assert settled.fill.fee == -order.terms.amount * Decimal("0.002")
    assert settled.fill.fee_currency == "BTC"
    assert settled.fill.order_id == report.order_id
    assert settled.fill.side is Side.BUY
    assert not settled.fill.maker


async def test_balances_follow_with_what_is_available(venue: Venue) -> None:
    await venue.place(approved(OrderType.MARKET, Side.SELL, "0.5"), OrderStatus.FILLED)

    def btc() -> list[tuple[Decimal, Decimal | None]]:
        return [
            (balance.total, balance.available)
            for report in venue.told.reports
            if isinstance(report, BalancesReport)
            for balance in report.balances
            if (balance.wallet, balance.currency) == (Wallet.EXCHANGE, "BTC")
        ]

    await venue.until_told(lambda _: btc()[-1] == (Decimal("1.5"), Decimal("1.5")))


async def test_the_price_comes_to_a_resting_order(venue: Venue) -> None:
    order = resting(29000)
    await venue.place(order)
    await venue.control("price", symbol="tBTCUSD", price=28900)
    await venue.until(order, OrderStatus.FILLED)
    await venue.until_told(lambda _: len(fills(venue, order.key)) >= 2)
    settled = fills(venue, order.key)[-1]
    assert settled.fill.maker
    assert settled.fill.fee == -order.terms.amount * Decimal("0.001")


async def test_a_partial_fill_and_the_cancel_of_the_rest(venue: Venue) -> None:
    order = resting(29000)
    await venue.place(order)
    await venue.control("price", symbol="tBTCUSD", price=29000, volume="0.04")
    report = await venue.until(order, OrderStatus.PARTLY_FILLED)
    assert report.terms.amount == order.terms.amount
    assert 0 < report.remaining < order.terms.amount
    await venue.exchange.cancel([order_of(report)])
    closed = await venue.until(order, OrderStatus.CANCELLED)
    assert closed.remaining == report.remaining


@pytest.mark.parametrize(
    ("kind", "prices"),
    [
        (OrderType.LIMIT, {"price": Decimal(25000)}),
        (OrderType.STOP, {"trigger": Decimal(35000)}),
        (OrderType.STOP_LIMIT, {"trigger": Decimal(35000), "price": Decimal(35500)}),
        (OrderType.TRAILING_STOP, {"trail": Decimal(1500)}),
    ],
    ids=str,
)
@pytest.mark.parametrize("wallet", [Wallet.EXCHANGE, Wallet.MARGIN])
async def test_every_resting_type_comes_back_as_it_was_meant(
    venue: Venue, kind: OrderType, prices: dict[str, Decimal], wallet: Wallet
) -> None:
    order = approved(kind, Side.BUY, "0.05", wallet=wallet, **prices)
    assert (await venue.place(order)).terms == order.terms


async def test_a_stop_triggers_and_a_stop_limit_too(venue: Venue) -> None:
    stop = approved(OrderType.STOP, trigger=Decimal(31000))
    limited = approved(OrderType.STOP_LIMIT, trigger=Decimal(31000), price=Decimal(31500))
    await venue.place(stop)
    await venue.place(limited)
    await venue.control("price", symbol="tBTCUSD", price=31001)
    await venue.until(stop, OrderStatus.FILLED)
    report = await venue.until(limited, OrderStatus.FILLED)
    assert report.terms.price == 31500


@pytest.mark.parametrize("kind", [OrderType.FOK, OrderType.IOC], ids=str)
async def test_fok_and_ioc_fill_or_end(venue: Venue, kind: OrderType) -> None:
    good = approved(kind, amount="0.01", price=Decimal(31000))
    await venue.place(good, OrderStatus.FILLED)
    vain = approved(kind, amount="0.01", price=Decimal(25000))
    report = await venue.place(vain, OrderStatus.CANCELLED)
    assert report.remaining == vain.terms.amount


async def test_a_post_only_order_that_would_cross_ends(venue: Venue) -> None:
    order = approved(OrderType.LIMIT, price=Decimal(31000), post_only=True)
    report = await venue.place(order, OrderStatus.CANCELLED)
    assert "POSTONLY" in report.text
    assert report.terms.post_only
    good = approved(OrderType.LIMIT, price=Decimal(25000), post_only=True)
    assert (await venue.place(good)).terms.post_only


async def test_a_hidden_order_is_hidden(venue: Venue) -> None:
    order = approved(OrderType.LIMIT, price=Decimal(25000), hidden=True)
    assert (await venue.place(order)).terms.hidden


async def test_a_margin_position_opens_and_closes(venue: Venue) -> None:
    def held() -> list[Decimal]:
        return [
            position.amount
            for report in venue.told.reports
            if isinstance(report, PositionsReport)
            for position in report.positions
        ]

    await venue.place(
        approved(OrderType.MARKET, Side.SELL, "0.1", wallet=Wallet.MARGIN), OrderStatus.FILLED
    )
    await venue.until_told(lambda _: held()[-1:] == [Decimal("-0.1")])
    (position,) = (await venue.exchange.account()).positions
    assert (position.symbol, position.amount) == ("tBTCUSD", Decimal("-0.1"))
    back = approved(OrderType.MARKET, Side.BUY, "0.1", wallet=Wallet.MARGIN, reduce_only=True)
    await venue.place(back, OrderStatus.FILLED)
    await venue.until_told(lambda _: held()[-1:] == [Decimal(0)])


async def test_a_reduce_only_order_without_a_position_ends(venue: Venue) -> None:
    order = approved(OrderType.MARKET, wallet=Wallet.MARGIN, reduce_only=True)
    report = await venue.place(order, OrderStatus.CANCELLED)
    assert report.text.startswith("RSN_POS")


@pytest.mark.parametrize(
    ("amount", "words"), [("100", "not enough exchange balance"), ("0.0000001", "minimum size")]
)
async def test_an_order_the_exchange_does_not_want(venue: Venue, amount: str, words: str) -> None:
    order = resting(amount=amount)
    await venue.exchange.submit(order)
    await venue.until_told(lambda told: told.count(SubmissionRefused) == 1)
    refused = next(r for r in venue.told.reports if isinstance(r, SubmissionRefused))
    assert refused.cid == order.key
    assert words in refused.reason
    assert (await venue.exchange.account()).orders == ()


async def test_a_cancel_of_what_is_not_there(venue: Venue) -> None:
    await venue.exchange.cancel([unknown_order(123)])
    await venue.until_told(lambda told: told.count(CancelRefused) == 1)
    refused = next(r for r in venue.told.reports if isinstance(r, CancelRefused))
    assert refused.order_id == 123
    assert "not found" in refused.reason


async def test_a_cancel_by_cid_alone(venue: Venue) -> None:
    order = resting()
    report = await venue.place(order)
    await venue.exchange.cancel([order_of(report, with_id=False)])
    await venue.until(order, OrderStatus.CANCELLED)


async def test_many_cancels_at_once_with_and_without_ids(venue: Venue) -> None:
    orders = [resting(20000 + n) for n in range(6)]
    reports = [await venue.place(order) for order in orders]
    wanted = [order_of(report, with_id=n % 3 != 0) for n, report in enumerate(reports)]
    await venue.exchange.cancel(wanted)
    for order in orders:
        await venue.until(order, OrderStatus.CANCELLED)
    assert (await venue.exchange.account()).orders == ()
