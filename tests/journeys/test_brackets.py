"""An entry with its exits, from the card to what is listed."""

import pytest

from tests.eventually import eventually_asked
from tests.journeys.people import House, Ledger

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    "line",
    [
        "/bracket buy tBTCUSD 0.01 limit 20000 sl 19000 tp 23000 fallback close",
        "/buy tBTCUSD 0.01 limit 20000 tp 23000 sl 19000 fallback close",
    ],
)
async def test_a_bracket_waits_for_its_entry(house: House, ledger: Ledger, line: str) -> None:
    trader = await house.trader()
    card = await trader.asks(
        line, "Buy 0.01 BTC, limit 20,000", "Stop loss: 19,000", "Worst loss", "Take profit: 23,000"
    )
    assert "closed at market" in card.text
    assert await ledger.untouched()
    await trader.taps(card, "Confirm buy")
    await trader.sees(card, "Working", "Exits wait for the entry")
    assert await ledger.one()
    listed = await trader.asks("/brackets", "Filled 0 of 0.01 BTC", "stop loss 19,000")
    assert listed.buttons[0] == "Cancel entry 1"


async def test_a_bracket_card_can_be_turned_down(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    card = await trader.asks("/bracket buy tBTCUSD 0.01 sl 19000", "Take profit: none")
    await trader.taps(card, "Cancel")
    await trader.sees(card, "Card cancelled. Nothing was sent.")
    assert await ledger.untouched()


async def test_exits_on_the_wrong_side_are_named(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    await trader.asks(
        "/bracket buy tBTCUSD 0.01 limit 20000 sl 21000", "“21000” is on the wrong side", "sl 19000"
    )
    assert await ledger.untouched()


async def test_exits_follow_the_entry_and_its_end_is_told(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    card = await trader.asks(
        "/bracket buy tBTCUSD 0.01 sl 29000 tp 33000", "Buy 0.01 BTC, market", "Worst loss"
    )
    await trader.taps(card, "Confirm buy")
    filled = await trader.sees(card, "Filled", "0.01 BTC")
    number = filled.text.partition("Order ")[2].split()[0]

    async def guarded() -> bool:
        listed = await trader.asks("/brackets", "stop loss 29,000")
        return "Exits stand for 0.00998 BTC" in listed.text

    await eventually_asked(guarded)
    listed = await trader.asks("/orders", "2 open orders", "limit 33,000", f"Exit of {number}")
    assert listed.text.count("Exit of") == 2
    await house.stage.control("price", symbol="tBTCUSD", price="33500")
    over = await trader.hears("Bracket over", "Buy 0.01 BTC", after=card.id)
    assert over.buttons == ()
    await trader.asks("/brackets", "No open brackets")
    await trader.asks("/orders", "No open orders")


async def test_everything_cancelled_says_what_nothing_guards_any_more(
    house: House, ledger: Ledger
) -> None:
    trader = await house.trader()
    card = await trader.asks("/bracket buy tBTCUSD 0.01 sl 29000 tp 33000", "Buy 0.01 BTC")
    await trader.taps(card, "Confirm buy")

    async def guarded() -> bool:
        listed = await trader.asks("/brackets", "stop loss 29,000")
        return "Exits stand for 0.00998 BTC" in listed.text

    await eventually_asked(guarded)
    question = await trader.asks(
        "/cancelall",
        "Cancel 2 open orders?",
        "1 bracket let go: nothing will guard 0.00998 BTC",
        "No exits are placed anew",
    )
    await trader.taps(question, "Cancel 2 orders")
    await trader.sees(question, "Cancelled", "1 bracket let go")
    await trader.hears("UNGUARDED", "all orders were cancelled by", after=question.id)
    await trader.asks("/brackets", "No open brackets")
    await trader.asks("/orders", "No open orders")


async def test_a_bracket_can_be_let_go(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    card = await trader.asks("/bracket buy tBTCUSD 0.01 limit 20000 sl 19000", "Buy 0.01 BTC")
    await trader.taps(card, "Confirm buy")
    working = await trader.sees(card, "Working", "Exits wait for the entry")
    number = working.text.partition("Order ")[2].split()[0]

    await trader.asks("/bracket release", "needs an order number", "/bracket release 1")
    question = await trader.asks(f"/bracket release {number}", "Guard it no longer?", number)
    await trader.taps(question, "Let go")
    await trader.sees(question, "Done")

    await trader.hears("Bracket over", "who asked for it")
    await trader.asks("/brackets", "No open brackets")
    assert await ledger.one()
