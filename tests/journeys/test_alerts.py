"""Pushed alerts: what happens at the exchange is told to who asked and to the desk."""

import asyncio

import pytest

from tests.journeys import elsewhere
from tests.journeys.people import House, Ledger
from tests.stage import OLIVIA, Message

# What belongs to one moment is told together, and a moment is soon over for who hurries.
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.real_time]


async def newest(house: House) -> int:
    """The last message in the desk's chat."""
    return max((m.id for m in await house.stage.messages(OLIVIA)), default=0)


async def desk_hears(house: House, *words: str, after: int) -> Message:
    return await house.stage.hears(*words, after=after, chat=OLIVIA)


async def test_fill_of_a_resting_order(house: House, ledger: Ledger) -> None:
    trader, before = await house.trader(), await newest(house)
    card = await trader.places("/buy tBTCUSD 0.011 limit 20000")
    await house.stage.control("price", symbol="tBTCUSD", price="19900")
    told = await trader.hears("Bought 0.011 BTC at 20,000", "fee", "is filled", after=card.id)
    await desk_hears(house, "Bought 0.011 BTC", f"Placed by Person {trader.id}", after=before)
    assert [m for m in await trader.heard() if "Bought" in m] == [told.text]


async def test_fills_of_a_moment_are_told_together(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    card = await trader.places("/buy tBTCUSD 1 limit 20000")
    trade = {"symbol": "tBTCUSD", "price": "20000", "volume": "0.2"}
    await asyncio.gather(*(house.stage.control("price", **trade) for _ in range(3)))
    told = await trader.hears("Bought 0.6 BTC", after=card.id)
    assert "3 fills" in told.text
    assert "0.4 BTC still open" in told.text
    await house.stage.control("price", symbol="tBTCUSD", price="19900")
    await trader.hears("Bought 0.4 BTC", "is filled", after=told.id)


async def test_cancel_from_elsewhere(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    card = await trader.places("/buy tBTCUSD 0.012 limit 20000")
    await elsewhere.cancel(house.stage, (await ledger.one())[0])
    await trader.hears("Buy 0.012 BTC", "Cancelled", after=card.id)
    await trader.asks("/orders", "No open orders")


async def test_order_made_elsewhere(house: House, ledger: Ledger) -> None:
    viewer, before = await house.viewer(), await newest(house)
    await elsewhere.place(house.stage, "0.013", "20000")
    await desk_hears(house, "made elsewhere", "Buy 0.013 BTC, limit 20,000", after=before)
    await viewer.asks("/orders", "1 open order", "0.013 BTC")
    await elsewhere.cancel_everything(house.stage)
    await desk_hears(house, "Buy 0.013 BTC", "Cancelled", "Made elsewhere", after=before)


async def test_rejection_in_the_exchanges_words(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    card = await trader.asks("/buy tBTCUSD 50 limit 20000 margin", "Expires in")
    assert await trader.taps(card, "Confirm buy") == "Rejected."
    dead = await trader.sees(card, "Rejected:", "not enough")
    assert dead.buttons == ()
    await trader.hears("Buy 50 BTC", "Rejected:", "not enough", after=card.id)


async def test_pause_and_resume_by_name(house: House, ledger: Ledger) -> None:
    admin, before = await house.admin(), await newest(house)
    await admin.asks("/pause <b>fire</b>", "paused")
    await desk_hears(house, "Trading paused", f"Person {admin.id}", "<b>fire</b>", after=before)
    await admin.resumes()
    await desk_hears(house, "Trading resumed", f"Person {admin.id}", after=before)


async def test_position_opened_and_closed(house: House, ledger: Ledger) -> None:
    trader, before = await house.trader(), await newest(house)
    card = await trader.asks("/sell tBTCUSD 0.3 margin", "margin wallet", "Expires in")
    await trader.taps(card, "Confirm sell")
    opened = await desk_hears(house, "Position opened", "short 0.3 BTC", after=before)
    card = await trader.asks("/close tBTCUSD", "Buy 0.3 BTC", "reduce-only", "Expires in")
    await trader.taps(card, "Confirm buy")
    await desk_hears(house, "Position closed", "tBTCUSD", "P/L", after=opened.id)


async def test_a_flood_is_one_digest_and_long_lists_have_pages(
    house: House, ledger: Ledger
) -> None:
    trader, before = await house.trader(), await newest(house)
    for i in range(10, 70):
        await elsewhere.place(house.stage, f"0.0{i}", "20000")
    await desk_hears(house, "things happened", "/orders", after=before)
    listed = await trader.asks("/orders", "60 open orders, page 1 of 12")
    assert listed.buttons[10:] == ("Refresh", "Next")
    await trader.taps(listed, "Next")
    second = await trader.sees(listed, "60 open orders, page 2 of 12")
    assert not set(second.buttons[:10]) & set(listed.buttons[:10])
    assert await trader.taps(second, "Refresh") == ""
    await trader.taps(second, "Back")
    await trader.sees(listed, "page 1 of 12")
    await trader.taps(listed, "l:orders:99:", stale=True)
    last = await trader.sees(listed, "page 12 of 12")
    card = await trader.asks("/cancelall", "Cancel 60 open orders?", "and 48 more", "Expires in")
    await trader.taps(card, "Cancel 60 orders")
    await trader.sees(card, "Cancelled", "and 48 more, none of them open any more")
    assert (await house.stage.exchange())["orders"] == []
    await trader.taps(last, "Refresh")
    await trader.sees(last, "No open orders")
    told = [m for m in await house.stage.messages(OLIVIA, before) if m.from_bot]
    assert len(told) < 20
