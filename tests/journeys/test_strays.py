"""Orders and positions made elsewhere: a card each, decided once, by whoever may."""

import pytest

from tests.journeys import elsewhere
from tests.journeys.people import House, Ledger
from tests.journeys.test_alerts import desk_hears, newest
from tests.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_order_made_elsewhere_is_adopted(house: House, ledger: Ledger) -> None:
    before, stage = await newest(house), house.stage
    await elsewhere.place(stage, "0.021", "20000")
    asked = await desk_hears(house, "An order made elsewhere", "Buy 0.021 BTC", after=before)
    assert asked.buttons == ("Adopt", "Ignore", "Cancel")
    assert (await stage.tap(asked, "Adopt"))["text"] == "Adopted."
    done = await stage.becomes(asked, "Adopted by Olivia.")
    assert done.buttons == ()
    again = await stage.tap(asked, f"w:o{await _number(stage)}:i", stale=True)
    assert again["text"] == "This is decided already."
    viewer = await house.viewer()
    await viewer.asks("/orders", "Made elsewhere, adopted")
    await viewer.asks("/strays", "Nothing made elsewhere waits")


async def test_what_is_ignored_is_not_cancelled_with_all(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    await elsewhere.place(house.stage, "0.022", "20000")
    listed = await trader.asks("/strays", "1. Buy 0.022 BTC")
    assert listed.buttons == ("Adopt 1", "Ignore 1", "Cancel 1", "Refresh")
    assert await trader.taps(listed, "Ignore 1") == "Left alone."
    await trader.sees(listed, "Nothing made elsewhere waits")
    await trader.places("/buy tBTCUSD 0.01 limit 20000")
    card = await trader.asks("/cancelall", "Cancel", "open order")
    await trader.taps(card, card.buttons[0])
    await trader.sees(card, "Cancelled", "left as is")
    assert await _number(house.stage)


async def test_only_traders_decide(house: House, ledger: Ledger) -> None:
    viewer = await house.viewer()
    await elsewhere.place(house.stage, "0.023", "20000")
    listed = await viewer.asks("/strays", "1. Buy 0.023 BTC")
    assert "needs the role trader" in await viewer.taps(listed, "Adopt 1")
    await viewer.asks("/strays", "1. Buy 0.023 BTC")


async def test_cancelling_it_shows_a_card_first(house: House, ledger: Ledger) -> None:
    before, stage = await newest(house), house.stage
    await elsewhere.place(stage, "0.024", "20000")
    asked = await desk_hears(house, "An order made elsewhere", "0.024", after=before)
    await stage.tap(asked, "Cancel")
    card = await desk_hears(house, "Cancel this order?", "0.024", after=asked.id)
    assert await _number(stage)
    await stage.tap(card, "Cancel order")
    await stage.becomes(card, "Cancelled")
    assert (await stage.tap(asked, "Adopt"))["text"] == "There is nothing left to decide about it."
    await stage.becomes(asked, "nothing left to decide")


async def test_a_position_made_elsewhere_is_asked_about_once(house: House, ledger: Ledger) -> None:
    before, stage = await newest(house), house.stage
    await elsewhere.call(
        stage, "auth/w/order/submit", type="MARKET", symbol="tBTCUSD", amount="0.3"
    )
    asked = await desk_hears(house, "position", "long 0.3 BTC", after=before)
    assert asked.text.count("0.3 BTC") == 1


async def _number(stage: Stage) -> object:
    open_ = (await stage.exchange())["orders"]
    assert isinstance(open_, list)
    return open_[0][0]
