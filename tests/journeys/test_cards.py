"""Cards: one person's, for a while, decided exactly once, whoever presses and however often."""

import asyncio

import pytest

from tests.journeys.people import STATUS, House, Ledger, Person
from tests.stage import GROUP, OLIVIA, Message

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def market_card(person: Person) -> Message:
    return await person.asks("/buy tBTCUSD 0.01", "Buy 0.01 BTC", "Expires in 60 s")


async def data_of(person: Person, message: Message, button: str) -> str:
    """What a button says when it is pressed."""
    stage = person.stage
    url = f"{stage.telegram.url}/control/messages"
    async with stage.http.get(url, params={"chat_id": person.id}) as answer:
        told = await answer.json()
    (raw,) = (m for m in told["messages"] if m["message_id"] == message.id)
    rows = raw["reply_markup"]["inline_keyboard"]
    return next(str(b["callback_data"]) for row in rows for b in row if b["text"] == button)


async def test_button_data_is_short_and_says_nothing_of_the_order(house: House) -> None:
    trader = await house.trader()
    card = await market_card(trader)
    data = await data_of(trader, card, "Confirm buy")
    assert len(data.encode()) <= 64
    assert "BTC" not in data
    assert "0.01" not in data


async def test_cancelled_card_is_dead(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    card = await market_card(trader)
    confirm = await data_of(trader, card, "Confirm buy")
    assert await trader.taps(card, "Cancel") == "Card cancelled."
    dead = await trader.sees(card, "Card cancelled", "Nothing was sent")
    assert dead.buttons == ()
    notice = await trader.taps(card, confirm, stale=True)
    assert "closed" in notice
    assert await ledger.untouched()


async def test_two_presses_at_once_make_one_order(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    card = await market_card(trader)
    await asyncio.gather(*(trader.taps(card, "Confirm buy") for _ in range(5)))
    await trader.sees(card, "Filled")
    assert await ledger.one()


async def test_confirm_and_cancel_racing_agree(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    card = await market_card(trader)
    await asyncio.gather(trader.taps(card, "Cancel"), trader.taps(card, "Confirm buy"))
    ended = await trader.sees(card, "\n\n", " sent" if await ledger.untouched() else "Filled")
    assert ended.buttons == ()
    assert len(await ledger.orders()) == ("Filled" in ended.text)


async def test_cancel_confirmed_and_declined_at_once_tells_the_truth(
    house: House, ledger: Ledger
) -> None:
    trader = await house.trader()
    await trader.places("/buy tBTCUSD 0.01 limit 20000")
    card = await trader.asks("/cancelall", "Cancel 1 open order?")
    await asyncio.gather(trader.taps(card, "Keep"), trader.taps(card, "Cancel 1 order"))
    ended = await trader.sees(card, "\n\n", "ed")
    status = (await ledger.one())[STATUS]
    assert ("Cancelled" in ended.text) == (status == "CANCELED"), (ended.text, status)
    assert "asked to cancel" not in ended.text


async def test_press_after_the_outcome_does_nothing(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    card = await market_card(trader)
    confirm = await data_of(trader, card, "Confirm buy")
    await trader.taps(card, "Confirm buy")
    filled = await trader.sees(card, "Filled")
    assert "closed" in await trader.taps(card, confirm, stale=True)
    assert (await trader.reads(card)).text == filled.text
    assert await ledger.one()


async def test_another_operator_cannot_press(house: House, ledger: Ledger) -> None:
    trader, other = await house.trader(), await house.admin()
    card = await market_card(trader)
    notice = await other.taps(card, "Confirm buy", chat_id=trader.id)
    assert "somebody else" in notice
    replayed = await data_of(trader, card, "Confirm buy")
    own = await other.asks("/status", "Open for trading")
    assert "somebody else" in await other.taps(own, replayed, stale=True)
    assert (await trader.reads(card)).buttons == ("Confirm buy", "Cancel")
    assert await ledger.untouched()


async def test_stranger_cannot_press(house: House, ledger: Ledger) -> None:
    trader, stranger = await house.trader(), await house.stranger()
    card = await market_card(trader)
    confirm = await data_of(trader, card, "Confirm buy")
    assert "private" in await stranger.taps(card, "Confirm buy", chat_id=trader.id)
    told = await stranger.asks("/start", str(stranger.id))
    await house.stage.tap(told, confirm, stranger.id, stale=True, wait=0.0)
    await trader.taps(card, "Cancel")
    await trader.sees(card, "Card cancelled")
    assert await ledger.untouched()


async def test_viewer_cannot_trade(house: House, ledger: Ledger) -> None:
    viewer = await house.viewer()
    for line in ("/buy tBTCUSD 0.01", "/sell tBTCUSD 0.01", "/cancelall", "/close tBTCUSD"):
        await viewer.asks(line, "needs the role trader", "you are viewer")
    panel = await viewer.asks("/status", "Open for trading")
    await viewer.taps(panel, "r:buy:tBTCUSD 0.01", stale=True)
    await viewer.sees(panel, "needs the role trader")
    await viewer.asks("/pause", "needs the role trader")
    assert await ledger.untouched()


async def test_forged_presses_are_not_understood(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    panel = await trader.asks("/status", "Open for trading")
    for data in ("c:no-such-card:y", "c:x:buy", "o:abc", "p:tBTCUSD:-5000", "zz", "r:nothing:"):
        notice = await trader.taps(panel, data, stale=True)
        assert notice == "" or "Nothing was done" in notice or "no longer in use" in notice
    assert await ledger.untouched()


async def test_pause_between_card_and_press(house: House, ledger: Ledger) -> None:
    trader, admin = await house.trader(), await house.admin()
    card = await market_card(trader)
    await admin.asks("/pause", "Trading is paused")
    assert await trader.taps(card, "Confirm buy") == "Not sent."
    refused = await trader.sees(card, "Not sent", "paused")
    assert refused.buttons == ()
    await admin.resumes()
    assert await ledger.untouched()


async def test_balance_gone_between_card_and_press(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    card = await trader.asks("/buy tBTCUSD 1 limit 20000", "Buy 1 BTC")
    await house.stage.control("balance", currency="USD", amount="10")
    await trader.asks("/balance", "10.00 USD")
    await trader.taps(card, "Confirm buy")
    await trader.sees(card, "Not sent", "only 10 USD is free")
    assert await ledger.untouched()


async def test_money_moves_in_no_crowd(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    said = await house.stage.say("/buy tBTCUSD 0.01", trader.id, GROUP)
    told = await house.stage.hears("private chat", after=said, chat=GROUP)
    assert told.buttons == ()
    said = await house.stage.say("/price tBTCUSD", trader.id, GROUP)
    await house.stage.hears("Bid", after=said, chat=GROUP)
    assert await ledger.untouched()


async def test_alerts_reach_the_desk_whoever_trades(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    card = await trader.asks("/buy tBTCUSD 0.0123", "Expires in")
    await trader.taps(card, "Confirm buy")
    await house.stage.hears("Bought 0.0123 BTC", chat=OLIVIA)
    await trader.hears("Bought 0.0123 BTC")
    assert await ledger.one()
