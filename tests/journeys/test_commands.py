"""Every command, as an operator says it: what is seen, and what reaches the exchange."""

import pytest

from tests.journeys import elsewhere
from tests.journeys.people import (
    AMOUNT,
    AUX_LIMIT,
    FLAGS,
    HIDDEN,
    ORIGINAL,
    PRICE,
    STATUS,
    SYMBOL,
    TYPE,
    House,
    Ledger,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

RESTING = (
    ("/buy tBTCUSD 0.01 limit 20000", "Buy 0.01 BTC, limit 20,000", 0.01, "EXCHANGE LIMIT", 20000),
    ("/buy BTCUSD 0.01 @20000", "Buy 0.01 BTC, limit 20,000", 0.01, "EXCHANGE LIMIT", 20000),
    ("/buy tBTCUSD $250 limit 20000", "Buy 0.0125 BTC", 0.0125, "EXCHANGE LIMIT", 20000),
    ("/buy tBTCUSD 250usd limit 20000", "Buy 0.0125 BTC", 0.0125, "EXCHANGE LIMIT", 20000),
    ("/sell tBTCUSD 25% limit 40000", "Sell 0.5 BTC, limit 40,000", -0.5, "EXCHANGE LIMIT", 40000),
    ("/buy tBTCUSD 0.01 stop 35000", "Buy 0.01 BTC, stop 35,000", 0.01, "EXCHANGE STOP", 35000),
    ("/sell tBTCUSD 0.01 stop 25000", "Sell 0.01 BTC, stop 25,000", -0.01, "EXCHANGE STOP", 25000),
    (
        "/sell tBTCUSD 0.01 stoplimit 25000 24900",
        "stop 25,000, limit 24,900",
        -0.01,
        "EXCHANGE STOP LIMIT",
        25000,
    ),
    ("/buy tBTCUSD 0.01 limit 20000 margin", "margin wallet", 0.01, "LIMIT", 20000),
)


async def test_start_greets_by_name_and_role(house: House) -> None:
    trader = await house.trader()
    await trader.asks("/start", f"Person {trader.id}", "trader", "/buy tBTCUSD 0.01", "/help")


async def test_help_shows_each_role_what_it_may_say(house: House) -> None:
    viewer, admin = await house.viewer(), await house.admin()
    seen = await viewer.asks("/help", "/price", "/balance", "/orders")
    assert "/buy" not in seen.text
    assert "/resume" not in seen.text
    first = await admin.asks("/help", "/buy", "page 1 of 2")
    await admin.taps(first, "Next")
    second = await admin.sees(first, "/resume", "page 2 of 2")
    for name in ("start", "status", "positions", "sell", "cancel", "cancelall", "close", "pause"):
        assert f"/{name}" in first.text + second.text
    for name in ("bracket", "brackets", "template", "amend", "order", "strays"):
        assert f"/{name} " in (first.text + second.text).replace("\n", " ")


async def test_status_refreshes_in_place(house: House) -> None:
    viewer = await house.viewer()
    panel = await viewer.asks("/status", "Open for trading", "Exchange link: up since")
    assert await viewer.taps(panel, "Refresh") == ""
    await viewer.sees(panel, "Open for trading")


async def test_price_of_a_symbol_and_by_picker(house: House, ledger: Ledger) -> None:
    viewer = await house.viewer()
    await viewer.asks("/price tETHUSD", "tETHUSD", "Bid", "ask", "24 h", "Volume")
    picker = await viewer.asks("/price", "Which symbol?")
    assert picker.buttons == ("tBTCUSD", "tETHUSD")
    await viewer.taps(picker, "tBTCUSD")
    priced = await viewer.sees(picker, "tBTCUSD", "Bid")
    await house.stage.control("price", symbol="tBTCUSD", price="31000")
    await viewer.taps(priced, "Refresh")
    await viewer.sees(priced, "31,0")


async def test_balance_shows_wallets_and_their_worth(house: House, ledger: Ledger) -> None:
    viewer = await house.viewer()
    panel = await viewer.asks("/balance", "Exchange wallet", "100,000.00 USD", "2 BTC", "Together")
    await viewer.taps(panel, "Refresh")


@pytest.mark.parametrize(("line", "shown", "amount", "kind", "price"), RESTING)
async def test_order_goes_out_as_the_card_said(
    house: House, ledger: Ledger, line: str, shown: str, amount: float, kind: str, price: int
) -> None:
    trader = await house.trader()
    card = await trader.asks(line, shown, "Fee", "Market now", "after")
    assert await ledger.untouched()
    await trader.taps(card, card.buttons[0])
    working = await trader.sees(card, "Working", shown)
    row = await ledger.one()
    assert (row[SYMBOL], row[ORIGINAL], row[TYPE], row[PRICE]) == ("tBTCUSD", amount, kind, price)
    assert row[STATUS] == "ACTIVE"
    await trader.taps(working, "Cancel order")
    asked = await trader.hears("Cancel this order?", after=card.id)
    await trader.taps(asked, "Cancel order")
    await trader.sees(asked, "Cancelled")
    gone = await ledger.one()
    assert gone[STATUS] == "CANCELED"
    assert gone[AMOUNT] == amount


async def test_stop_limit_carries_both_prices(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    await trader.places("/sell tBTCUSD 0.01 stoplimit 25000 24900")
    assert (await ledger.one())[AUX_LIMIT] == 24900


async def test_hidden_order_is_in_no_public_book(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    await trader.places("/buy tBTCUSD 0.01 limit 20000 hidden")
    flags = (await ledger.one())[FLAGS]
    assert isinstance(flags, int)
    assert flags & HIDDEN


async def test_post_only_order_never_takes(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    card = await trader.asks("/buy tBTCUSD 0.01 limit 31000 post", "post-only", "Expires in")
    await trader.taps(card, "Confirm buy")
    await trader.sees(card, "Cancelled", "POSTONLY")
    assert (await ledger.one())[AMOUNT] == 0.01
    await trader.hears("Buy 0.01 BTC", "Cancelled", after=card.id)


async def test_market_sell_of_a_part_fills_once(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    card = await trader.asks("/sell tBTCUSD 10%", "Sell 0.2 BTC, market", "Proceeds", "Slippage")
    assert card.buttons == ("Confirm sell", "Cancel")
    await trader.taps(card, "Confirm sell")
    await trader.sees(card, "Filled", "0.2 BTC")
    await trader.hears("Sold 0.2 BTC", "fee", after=card.id)
    assert (await ledger.one())[ORIGINAL] == -0.2


async def test_buy_by_pickers_leads_to_a_card(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    panel = await trader.asks("/buy", "Buy what?")
    await trader.taps(panel, "tBTCUSD")
    amounts = await trader.sees(panel, "Buy how much tBTCUSD?")
    await trader.taps(amounts, "$500")
    card = await trader.sees(panel, "Buy 0.0", "Expires in")
    assert await ledger.untouched()
    await trader.taps(card, "Confirm buy")
    await trader.sees(card, "Filled")
    assert await ledger.one()


async def test_orders_of_one_symbol_each_with_its_button(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    await trader.places("/buy tBTCUSD 0.01 limit 20000")
    await trader.places("/buy tETHUSD 0.5 limit 1000")
    both = await trader.asks("/orders", "2 open orders", "0.01 BTC", "0.5 ETH")
    assert both.buttons == ("Cancel 1", "Amend 1", "Cancel 2", "Amend 2", "Refresh")
    assert both.text.index("1. Buy 0.5 ETH") < both.text.index("2. Buy 0.01 BTC")
    one = await trader.asks("/orders tETHUSD", "1 open order", "0.5 ETH")
    assert "BTC" not in one.text
    await elsewhere.cancel_everything(house.stage)
    await trader.taps(both, "Refresh")
    await trader.sees(both, "No open orders")


async def test_cancel_by_number_and_by_symbol(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    await trader.places("/buy tBTCUSD 0.01 limit 20000")
    number = (await ledger.one())[0]
    kept = await trader.asks(f"/cancel {number}", "Cancel this order?", str(number))
    assert kept.buttons == ("Cancel order", "Keep")
    assert await trader.taps(kept, "Keep") == "Kept."
    await trader.sees(kept, "Kept. Nothing was cancelled.")
    card = await trader.asks(f"/cancel {number}", "Cancel this order?", str(number))
    await trader.taps(card, "Cancel order")
    await trader.sees(card, "Cancelled")
    await trader.asks(f"/cancel {number}", "Nothing to cancel", "Cancelled")
    await trader.places("/buy tBTCUSD 0.01 limit 20000")
    card = await trader.asks("/cancel btcusd", "Cancel 1 open order in tBTCUSD?")
    await trader.taps(card, "Cancel 1 order")
    await trader.sees(card, "Cancelled")
    assert [row[STATUS] for row in await ledger.orders()] == ["CANCELED", "CANCELED"]


async def test_cancel_all_with_and_without_a_symbol(house: House, ledger: Ledger) -> None:
    trader, other = await house.trader(), await house.trader()
    await trader.asks("/cancelall", "nothing to cancel")
    await trader.places("/buy tBTCUSD 0.01 limit 20000")
    await trader.places("/buy tETHUSD 0.5 limit 1000")
    card = await trader.asks("/cancelall tETHUSD", "Cancel 1 open order in tETHUSD?")
    await trader.taps(card, "Cancel 1 order")
    await trader.sees(card, "Cancelled")
    await other.places("/buy tETHUSD 0.6 limit 1000")
    card = await other.asks("/cancelall", "Cancel 2 open orders?", "0.01 BTC", "0.6 ETH")
    await other.taps(card, "Cancel 2 orders")
    await other.sees(card, "Buy 0.01 BTC, limit 20,000: Cancelled", "Buy 0.6 ETH")
    assert {row[STATUS] for row in await ledger.orders()} == {"CANCELED"}


async def test_position_closed_by_half_and_wholly(house: House, ledger: Ledger) -> None:
    trader, other = await house.trader(), await house.trader()
    await trader.asks("/positions", "No open margin positions", "/balance")
    await trader.asks("/close tBTCUSD", "no open margin position", "/positions")
    card = await trader.asks("/buy tBTCUSD 0.4 margin", "Buy 0.4 BTC", "Position after")
    await trader.taps(card, "Confirm buy")
    await trader.sees(card, "Filled")
    panel = await trader.asks("/positions", "long 0.4 BTC", "P/L")
    assert panel.buttons == ("Close BTC", "Half of BTC", "Refresh")
    await trader.taps(panel, "Half of BTC")
    half = await trader.hears("Sell 0.2 BTC, market", "reduce-only", after=panel.id)
    await trader.taps(half, "Confirm sell")
    await trader.sees(half, "Filled")
    half = await other.asks("/close tBTCUSD 50%", "Sell 0.1 BTC", "reduce-only")
    await other.taps(half, "Confirm sell")
    await other.sees(half, "Filled")
    rest = await other.asks("/close tBTCUSD", "Sell 0.1 BTC", "Position after: 0 BTC")
    await other.taps(rest, "Confirm sell")
    await other.sees(rest, "Filled")
    assert [row[ORIGINAL] for row in await ledger.orders()] == [0.4, -0.2, -0.1, -0.1]
    await other.asks("/positions", "No open margin positions")


async def test_pause_stops_new_exposure_until_resumed(house: House, ledger: Ledger) -> None:
    trader, admin = await house.trader(), await house.admin()
    await trader.asks("/pause news at <noon>", "Trading is paused", "news at <noon>", "/resume")
    await admin.asks("/status", "Trading is paused")
    await trader.asks("/buy tBTCUSD 0.01", "Not sent", "paused", "news at <noon>")
    await trader.asks("/resume", "admin")
    await admin.resumes()
    await admin.asks("/resume", "not paused")
    await trader.asks("/buy tBTCUSD 0.01", "Expires in")
    assert await ledger.untouched()
