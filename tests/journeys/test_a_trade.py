"""One trade, end to end, from the chat."""

from tests.stage import Stage


async def test_market_buy_from_card_to_fill(stage: Stage) -> None:
    card = await stage.asks("/buy tBTCUSD 0.01", "Buy 0.01 BTC", "Cost", "Fee", "Slippage")
    assert card.buttons == ("Confirm buy", "Cancel")
    await stage.tap(card, "Confirm buy")
    done = await stage.becomes(card, "Filled", "0.01 BTC")
    assert done.buttons == ()
    alert = await stage.hears("Bought 0.01 BTC", after=card.id)
    assert alert.id != card.id
    assert len(await stage.orders_at_exchange()) == 1


async def test_limit_order_rests_and_is_cancelled_from_the_chat(stage: Stage) -> None:
    card = await stage.asks("/buy tBTCUSD 0.01 limit 20000 post", "limit 20,000", "post-only")
    await stage.tap(card, "Confirm buy")
    working = await stage.becomes(card, "Working")
    assert working.buttons == ("Cancel order", "Amend")
    listed = await stage.asks("/orders", "1 open order")
    await stage.tap(listed, "Cancel 1")
    asked = await stage.hears("Cancel this order?", after=listed.id)
    await stage.tap(asked, "Cancel order")
    await stage.becomes(asked, "Cancelled")
    await stage.asks("/orders", "No open orders")


async def test_cancelled_card_sends_nothing(stage: Stage) -> None:
    card = await stage.asks("/sell tBTCUSD 25%", "Sell 0.5 BTC")
    await stage.tap(card, "Cancel")
    dead = await stage.becomes(card, "Card cancelled", "Nothing was sent")
    assert dead.buttons == ()
    assert await stage.orders_at_exchange() == []
