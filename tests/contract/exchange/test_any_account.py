"""What must hold at any venue: small orders far from the market, changed, cancelled, recorded."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from engine.model.account import Wallet
from engine.model.approval import ApprovedChange
from engine.model.change import OrderChange
from engine.model.errors import ExchangeRefused
from engine.model.operation import Cancellation, Outcome
from engine.model.order import OrderStatus, OrderType, Side
from engine.model.records import Span
from engine.model.report import (
    AmendRefused,
    CancelRefused,
    OrderReport,
    SubmissionNoted,
    SubmissionRefused,
)
from engine.model.symbol import Symbol
from tests.contract.exchange.venue import Account, fresh_cid, order_of, unknown_order

# where a resting order's prices are, as shares of the last price, to buy and to sell
RESTING = {
    OrderType.LIMIT: ({"price": "0.5"}, {"price": "2"}),
    OrderType.STOP: ({"trigger": "2"}, {"trigger": "0.5"}),
    OrderType.STOP_LIMIT: (
        {"trigger": "2", "price": "2.1"},
        {"trigger": "0.5", "price": "0.4"},
    ),
    OrderType.TRAILING_STOP: ({"trail": "0.5"}, {"trail": "0.5"}),
}


async def until_amended(account: Account, report: OrderReport, change: OrderChange) -> OrderReport:
    """Ask for a change and wait for what it makes of the order."""
    before = len(account.told.reports)
    await account.exchange.amend(ApprovedChange(order=order_of(report), change=change))

    def news() -> list[OrderReport]:
        return [
            told
            for told in account.told.reports[before:]
            if isinstance(told, OrderReport) and told.order_id == report.order_id
        ]

    await account.until_told(lambda _: bool(news()))
    return news()[-1]


@pytest.mark.parametrize("kind", RESTING, ids=str)
@pytest.mark.parametrize("side", list(Side))
async def test_every_resting_type_comes_back_as_it_was_meant(
    account: Account, kind: OrderType, side: Side
) -> None:
    shares = RESTING[kind][side is Side.SELL]
    prices = {name: await account.price(share) for name, share in shares.items()}
    for wallet in account.wallets:
        order = account.order(kind, side, None, wallet=wallet, **prices)
        report = await account.place(order)
        assert report.terms == order.terms
        await account.exchange.cancel([order_of(report)])
        closed = await account.until(order, OrderStatus.CANCELLED)
        assert closed.remaining == order.terms.amount


@pytest.mark.parametrize("kind", [OrderType.FOK, OrderType.IOC], ids=str)
async def test_in_vain_means_ended(account: Account, kind: OrderType) -> None:
    order = account.order(kind, price=await account.price("0.5"))
    report = await account.place(order, OrderStatus.CANCELLED)
    assert report.remaining == order.terms.amount
    assert report.terms.type is kind


@pytest.mark.parametrize("flag", ["hidden", "post_only"])
async def test_flags_come_back(account: Account, flag: str) -> None:
    order = await account.far(Side.BUY, **{flag: True})
    assert (await account.place(order)).terms == order.terms


async def test_a_group_and_an_end_come_back(account: Account) -> None:
    end = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    order = await account.far(group=77, good_until=end)
    report = await account.place(order)
    assert (report.terms.group, report.terms.good_until) == (77, end)


async def test_an_amended_price(account: Account) -> None:
    report = await account.place(await account.far())
    price = await account.price("0.6")
    assert report.terms.price is not None
    after = await until_amended(account, report, OrderChange(price=price))
    assert after.terms.price == price
    assert after.terms.amount == report.terms.amount
    assert after.status is OrderStatus.WORKING


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("share", ["2", "0.5"])
async def test_an_amended_size(account: Account, side: Side, share: str) -> None:
    report = await account.place(await account.far(side, amount=account.size * 2))
    size = account.size * 2 * Decimal(share)
    after = await until_amended(account, report, OrderChange(amount=size))
    assert after.terms.side is side
    assert (after.terms.amount, after.remaining) == (size, size)


async def test_an_amended_stop(account: Account) -> None:
    trigger, price = await account.price("2"), await account.price("2.1")
    report = await account.place(account.order(OrderType.STOP_LIMIT, trigger=trigger, price=price))
    trigger, price = await account.price("2.2"), await account.price("2.3")
    after = await until_amended(account, report, OrderChange(trigger=trigger, price=price))
    assert (after.terms.trigger, after.terms.price) == (trigger, price)


async def test_a_change_of_what_is_not_there_is_refused(account: Account) -> None:
    change = OrderChange(price=await account.price("0.5"))
    await account.exchange.amend(ApprovedChange(order=unknown_order(123), change=change))
    await account.until_told(lambda told: told.count(AmendRefused) == 1)


async def test_a_cancel_by_cid_alone(account: Account) -> None:
    order = await account.far()
    report = await account.place(order)
    await account.exchange.cancel([order_of(report, with_id=False)])
    await account.until(order, OrderStatus.CANCELLED)


async def test_a_cancel_of_what_is_not_there_is_refused(account: Account) -> None:
    await account.exchange.cancel([unknown_order(123)])
    await account.until_told(lambda told: told.count(CancelRefused) == 1)


async def test_many_at_once(account: Account) -> None:
    orders = [await account.far() for _ in range(4)]
    reports = [await account.place(order) for order in orders]
    wanted = [order_of(report, with_id=n % 2 == 0) for n, report in enumerate(reports)]
    await account.exchange.cancel(wanted)
    for order in orders:
        await account.until(order, OrderStatus.CANCELLED)


async def test_an_oco_is_two_orders_and_ends_as_two(account: Account) -> None:
    partner = fresh_cid()
    order = account.order(
        OrderType.LIMIT,
        Side.SELL,
        partner=partner,
        price=await account.price("2"),
        oco_stop=await account.price("0.5"),
    )
    limit = await account.place(order)
    await account.until_told(lambda _: bool(account.of_cid(partner)))
    stop = account.of_cid(partner)[-1]
    assert stop.parent_id == limit.order_id
    assert stop.terms.type is OrderType.STOP
    assert stop.terms.trigger == order.terms.oco_stop
    assert stop.terms.side is Side.SELL
    assert account.told.count(SubmissionNoted) in (1, 2)
    # whether one leg's cancel ends the other is not documented: both are cancelled
    await account.exchange.cancel([order_of(limit), order_of(stop)])
    await account.until(order, OrderStatus.CANCELLED)
    await account.until_told(lambda _: account.of_cid(partner)[-1].status is OrderStatus.CANCELLED)


async def test_an_order_that_is_too_small_is_refused_by_name(account: Account) -> None:
    order = await account.far(amount=Decimal("0.00000001"))
    await account.exchange.submit(order)
    await account.until_told(lambda told: told.count(SubmissionRefused) == 1)
    refused = next(r for r in account.told.reports if isinstance(r, SubmissionRefused))
    assert refused.cid == order.key
    assert "minimum size" in refused.reason


async def test_by_call_and_answer(account: Account) -> None:
    order = await account.far()
    (taken,) = await account.requests.submit(order)
    assert (taken.cid, taken.terms) == (order.key, order.terms)
    price = await account.price("0.6")
    change = ApprovedChange(order=order_of(taken), change=OrderChange(price=price))
    (amended,) = await account.requests.amend(change)
    assert amended.order_id == taken.order_id
    (active,) = await account.records.active_orders(ids=[taken.order_id])
    assert active.terms.price == price
    await account.requests.cancel([order_of(taken)])
    await account.until(order, OrderStatus.CANCELLED)
    with pytest.raises(ExchangeRefused):
        await account.requests.cancel([unknown_order(123)])


async def test_several_by_one_call(account: Account) -> None:
    first, second = await account.far(), await account.far()
    bad = await account.far(amount=Decimal("0.00000001"))
    placed = await account.requests.carry_out([first, bad, second])
    outcomes = [answer.outcome for answer in placed]
    assert outcomes == [Outcome.ACCEPTED, Outcome.REFUSED, Outcome.ACCEPTED]
    assert "minimum size" in placed[1].words
    orders = tuple(order_of(answer.orders[0]) for answer in (placed[0], placed[2]))
    (gone,) = await account.requests.carry_out([Cancellation(orders=orders)])
    assert gone.outcome is Outcome.ACCEPTED
    for order in (first, second):
        await account.until(order, OrderStatus.CANCELLED)


async def test_the_records_of_orders(account: Account) -> None:
    order = await account.far()
    report = await account.place(order)
    for active in (
        await account.records.active_orders(),
        await account.records.active_orders(account.symbol),
        await account.records.active_orders(ids=[report.order_id]),
    ):
        assert report.order_id in [told.order_id for told in active]
    assert await account.records.active_orders(Symbol("tETHUSD")) == ()
    await account.exchange.cancel([order_of(report)])
    await account.until(order, OrderStatus.CANCELLED)
    for closed in (
        await account.records.order_history(span=Span(limit=5)),
        await account.records.order_history(account.symbol, Span(limit=5)),
    ):
        assert report.order_id in [told.order_id for told in closed]
    assert await account.records.order_trades(account.symbol, report.order_id) == ()


async def test_the_records_of_the_account(account: Account) -> None:
    records = account.records
    held = await records.wallets()
    assert Wallet.EXCHANGE in {wallet.wallet for wallet in held}
    assert all(wallet.available is not None for wallet in held)
    scopes = {permission.scope: permission for permission in await records.permissions()}
    assert scopes["orders"].write
    assert (await records.account_info()).user_id > 0
    summary = await records.summary()
    assert Decimal(-1) < summary.maker <= summary.taker < Decimal(1)
    assert len(await records.ledgers(span=Span(limit=5))) <= 5
    assert len(await records.movements(span=Span(limit=5))) <= 5
    assert len(await records.trade_history(account.symbol, Span(limit=5))) <= 5
    for positions in (
        await records.positions(),
        await records.position_history(Span(limit=5)),
        await records.position_snapshot(Span(limit=5)),
        await records.position_audit(span=Span(limit=5)),
    ):
        assert all(position.symbol.startswith("t") for position in positions)
    assert (await records.margin_base()).balance is not None


async def test_the_market_by_rest(account: Account) -> None:
    market, symbol = account.market, account.symbol
    assert await market.operative()
    tickers = await market.tickers([symbol])
    assert tickers[symbol].last > 0
    for precision in ("P0", "P1", "P2", "P3", "P4"):
        book = await market.book(symbol, precision)
        assert book.bids[0].price < book.asks[0].price
    raw = await market.raw_book(symbol)
    assert raw.bids[0].price < raw.asks[0].price
    last = await market.last_candle(symbol, "1m")
    assert last is not None
    back = await market.candle_history(symbol, "1m", Span(limit=40))
    assert [candle.at for candle in back] == sorted({candle.at for candle in back})
    forth = await market.candle_history(
        symbol, "1m", Span(start=back[0].at, limit=10), forward=True
    )
    assert [candle.at for candle in forth] == [candle.at for candle in back[:10]]
    trades = await market.market_trades(symbol, Span(limit=10))
    assert len(trades) <= 10
    assert symbol[1:] in await market.get_configs_symbols()
    assert (await market.get_currency_symbol_map())["UST"] == "USDt"
    assert symbol in await market.pair_infos()
