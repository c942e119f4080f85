"""Records of what happened: trades, ledgers, positions, margin."""

from datetime import timedelta
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.order import OrderStatus, OrderType, Side
from engine.model.records import Span
from tests.contract.exchange.venue import Venue, approved, order_of, resting


async def bought(venue: Venue, times: int) -> None:
    for _ in range(times):
        await venue.place(approved(OrderType.MARKET, amount="0.01"), OrderStatus.FILLED)


async def test_trades_by_symbol_by_span_and_by_order(venue: Venue) -> None:
    order = approved(OrderType.MARKET, Side.SELL, "0.02")
    report = await venue.place(order, OrderStatus.FILLED)
    await bought(venue, 30)
    everything = await venue.records.trade_history(span=Span(limit=1000))
    assert len(everything) >= 31
    assert [trade.fill.at for trade in everything] == sorted(
        (trade.fill.at for trade in everything), reverse=True
    )
    assert await venue.records.trade_history(venue.symbol, Span(limit=10)) == everything[:10]
    middle = everything[15].fill.at
    late = await venue.records.trade_history(span=Span(start=middle, limit=1000))
    assert late == tuple(trade for trade in everything if trade.fill.at >= middle)
    early = await venue.records.trade_history(span=Span(end=middle, limit=1000))
    assert early == tuple(trade for trade in everything if trade.fill.at <= middle)
    own = await venue.records.order_trades(venue.symbol, report.order_id)
    assert sum(trade.fill.amount for trade in own) == Decimal("0.02")
    assert all(trade.fill.fee is not None for trade in own)


async def test_history_of_orders_over_pages(venue: Venue) -> None:
    await bought(venue, 40)
    order = resting()
    report = await venue.place(order)
    await venue.exchange.cancel([order_of(report)])
    await venue.until(order, OrderStatus.CANCELLED)
    found = await venue.records.order_history(span=Span(limit=1000))
    assert len(found) == len({told.order_id for told in found}) == 41
    assert found[0].order_id == report.order_id
    assert len(await venue.records.order_history(venue.symbol, Span(limit=7))) == 7
    later = report.created_at + timedelta(days=1)
    assert await venue.records.order_history(span=Span(start=later)) == ()


async def test_ledgers_and_wallets_agree(venue: Venue) -> None:
    await bought(venue, 3)
    entries = await venue.records.ledgers("BTC", Span(limit=100))
    assert entries
    assert {entry.currency for entry in entries} == {"BTC"}
    wallets = await venue.records.wallets()
    btc = next(w for w in wallets if (w.wallet, w.currency) == (Wallet.EXCHANGE, "BTC"))
    spot = [entry for entry in entries if entry.wallet == "exchange"]
    assert btc.total in {entry.balance for entry in spot}
    both = await venue.records.ledgers(span=Span(limit=100))
    assert {"BTC", "USD"} <= {entry.currency for entry in both}


async def test_money_from_outside_is_in_the_ledger_and_among_the_movements(venue: Venue) -> None:
    await venue.control("movement", currency="BTC", amount="0.5")
    await venue.control("movement", currency="USD", amount="-1000", fee="2.5")
    await bought(venue, 1)
    entries = await venue.exchange.ledger(None)
    moved = [(entry.currency, entry.amount) for entry in reversed(entries) if entry.moved]
    assert moved == [("BTC", Decimal("0.5")), ("USD", Decimal(-1000)), ("USD", Decimal("-2.5"))]
    assert not all(entry.moved for entry in entries)
    assert await venue.exchange.ledger(entries[-1].at) == entries
    withdrawn, came = await venue.records.movements()
    assert (withdrawn.amount, withdrawn.fees) == (Decimal(-1000), Decimal("-2.5"))
    assert withdrawn.status == "COMPLETED"
    assert (came.currency, came.amount) == ("BTC", Decimal("0.5"))
    assert await venue.records.movements("BTC") == (came,)
    assert len(await venue.records.ledgers("BTC", category=101)) == 1


async def test_a_position_from_open_to_closed(venue: Venue) -> None:
    entry = approved(OrderType.MARKET, Side.BUY, "0.1", wallet=Wallet.MARGIN)
    await venue.place(entry, OrderStatus.FILLED)
    (held,) = await venue.records.positions()
    assert (held.symbol, held.amount, held.active) == (venue.symbol, Decimal("0.1"), True)
    assert held.profit is not None
    assert held.position_id is not None
    room = await venue.records.margin_of(venue.symbol)
    assert room.symbol == venue.symbol
    assert room.buy is not None
    assert venue.symbol in {found.symbol for found in await venue.records.margin_of_all()}
    assert (await venue.records.margin_base()).net > 0
    back = approved(OrderType.MARKET, Side.SELL, "0.1", wallet=Wallet.MARGIN, reduce_only=True)
    await venue.place(back, OrderStatus.FILLED)
    assert await venue.records.positions() == ()
    past = await venue.records.position_history(Span(limit=10))
    assert [found.position_id for found in past] == [held.position_id]
    assert not past[0].active
    audited = await venue.records.position_audit([held.position_id], Span(limit=10))
    assert {found.position_id for found in audited} == {held.position_id}


async def test_a_claimed_position_is_held_in_the_wallet(venue: Venue) -> None:
    entry = approved(OrderType.MARKET, Side.BUY, "0.1", wallet=Wallet.MARGIN)
    await venue.place(entry, OrderStatus.FILLED)
    (held,) = await venue.records.positions()
    assert held.position_id is not None
    claimed = await venue.records.claim(held.position_id)
    assert claimed.position_id == held.position_id
    assert await venue.records.positions() == ()


async def test_fees_are_the_summarys(venue: Venue) -> None:
    summary, fees = await venue.records.summary(), await venue.exchange.fees()
    assert (summary.maker, summary.taker) == (fees.maker, fees.taker)
    assert summary.derivative_taker is not None
