"""Orders that are changed where they stand, pairs, times, and an order's whole life."""

import pytest

from tests.journeys.people import AMOUNT, PRICE, STATUS, TYPE, House, Ledger

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_price_is_changed_by_command(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    await trader.places("/buy tBTCUSD 0.01 limit 20000")
    number = (await ledger.one())[0]
    card = await trader.asks(
        f"/amend {number} price 21000 amount 0.02", "Price: 20,000 → 21,000", "0.01 → 0.02 BTC"
    )
    assert (await ledger.one())[PRICE] == 20000
    await trader.taps(card, "Confirm change")
    await trader.sees(card, "Changed: Buy 0.02 BTC, limit 21,000")
    row = await ledger.one()
    assert (row[PRICE], row[AMOUNT], row[STATUS]) == (21000, 0.02, "ACTIVE")


async def test_a_price_is_changed_by_buttons_alone(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    await trader.places("/buy tBTCUSD 0.01 limit 20000")
    listed = await trader.asks("/orders", "1. Buy 0.01 BTC, limit 20,000")
    await trader.taps(listed, "Amend 1")
    panel = await trader.hears("Change this order", after=listed.id)
    await trader.taps(panel, "+1 %: 20,200")
    card = await trader.sees(panel, "Price: 20,000 → 20,200", "Expires in")
    await trader.taps(card, "Keep")
    await trader.sees(card, "Kept. Nothing was changed.")
    assert (await ledger.one())[PRICE] == 20000


async def test_a_price_is_changed_by_reply(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    working = await trader.places("/sell tBTCUSD 0.01 stop 25000")
    await trader.taps(working, "Amend")
    panel = await trader.hears("Choose a new stop", after=working.id)
    said = await house.stage.reply(panel, "25,500", trader.id)
    await trader.hears("could be 25500 or 25.5", "/amend", after=said)
    said = await house.stage.reply(panel, "25500", trader.id)
    card = await trader.hears("Stop: 25,000 → 25,500", after=said)
    await trader.taps(card, "Confirm change")
    await trader.sees(card, "Changed: Sell 0.01 BTC, stop 25,500")
    assert (await ledger.one())[PRICE] == 25500


async def test_a_change_that_cannot_be_is_refused_in_words(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    working = await trader.places("/buy tBTCUSD 0.01 limit 20000")
    number = (await ledger.one())[0]
    await trader.asks(f"/amend {number} trail 500", "Not changed")
    await trader.asks("/amend 12 price 5", "There is no order 12")
    await trader.taps(working, "Cancel order")
    asked = await trader.hears("Cancel this order?", after=working.id)
    await trader.taps(asked, "Cancel order")
    await trader.sees(asked, "Cancelled")
    await trader.asks(f"/amend {number}", "Nothing to change", "Cancelled")


async def test_viewers_change_nothing(house: House, ledger: Ledger) -> None:
    viewer = await house.viewer()
    await viewer.asks("/amend 12 price 5", "needs the role trader")
    await viewer.asks("/bracket buy tBTCUSD 0.01 sl 5", "needs the role trader")
    await viewer.asks("/template list", "needs the role trader")
    assert await ledger.untouched()


async def test_a_pair_is_two_orders_that_name_each_other(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    card = await trader.asks(
        "/sell tBTCUSD 0.01 limit 40000 oco 20000 tif 2h",
        "limit 40,000 or stop 20,000",
        "one cancels the other",
        "until",
    )
    await trader.taps(card, "Confirm sell")
    await trader.sees(card, "Working")
    state = await house.stage.exchange()
    rows = state["orders"]
    assert isinstance(rows, list)
    assert sorted(row[TYPE] for row in rows) == ["EXCHANGE LIMIT", "EXCHANGE STOP"]
    listed = await trader.asks("/orders", "2 open orders")
    for row in rows:
        assert f"Paired with {row[0]}: one cancels the other" in listed.text


async def test_a_life_is_told_from_its_first_day(house: House, ledger: Ledger) -> None:
    trader, viewer = await house.trader(), await house.viewer()
    working = await trader.places("/buy tBTCUSD 0.01 limit 20000")
    number = (await ledger.one())[0]
    open_ = await viewer.asks(f"/order {number}", f"sent by Person {trader.id}", "working at")
    assert open_.buttons == ("Cancel", "Amend", "Refresh")
    await trader.taps(working, "Cancel order")
    asked = await trader.hears("Cancel this order?", after=working.id)
    await trader.taps(asked, "Cancel order")
    await trader.sees(asked, "Cancelled")
    await viewer.taps(open_, "Refresh")
    over = await viewer.sees(open_, f"asked to cancel by Person {trader.id}", "cancelled")
    assert over.buttons == ("Refresh",)
    await viewer.asks("/order 12", "There is no order 12")
