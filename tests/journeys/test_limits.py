"""Limits are looked at by all and set by admins, by words and by buttons; they hold at once."""

import pytest

from tests.journeys.people import House, Ledger, Person
from tests.stage import Message

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _confirmed(admin: Person, card: Message) -> Message:
    await admin.taps(card, "Confirm change")
    return await admin.sees(card, "Changed")


async def _settle(admin: Person, words: str) -> None:
    await _confirmed(admin, await admin.asks(f"/limits {words}", "Change this limit?"))


async def test_a_limit_is_set_by_buttons_and_holds(house: House, ledger: Ledger) -> None:
    admin, trader = await house.admin(), await house.trader()
    panel = await admin.asks("/limits", "Limits in force", "Price band")
    await admin.taps(panel, "Orders")
    await admin.sees(panel, "Limits: orders", "What they mean")
    await admin.taps(panel, "Order size")
    await admin.sees(panel, "Worth of one order", "/limits max_order_notional")
    await admin.taps(panel, "100")
    card = await admin.sees(panel, "Order size: off → 100")
    done = await _confirmed(admin, card)
    assert "Limits" in done.buttons
    await trader.asks("/buy tBTCUSD 0.01", "Not sent", "100")
    await admin.taps(done, "Limits")
    await admin.sees(done, "Order size", "100*", "set in the chat")
    await _settle(admin, "max order notional settings")
    await trader.asks("/buy tBTCUSD 0.01", "Expires in")
    assert await ledger.untouched()


async def test_a_card_that_lies_open_obeys_the_new_limit(house: House, ledger: Ledger) -> None:
    admin, trader = await house.admin(), await house.trader()
    card = await trader.asks("/buy tBTCUSD 0.01", "Risk: all", "Expires in")
    await _settle(admin, "denied symbols tBTCUSD")
    await trader.taps(card, "Confirm buy")
    await trader.sees(card, "Not sent", "tBTCUSD")
    assert await ledger.untouched()
    await _settle(admin, "denied symbols off")
    await _settle(admin, "denied symbols settings")


async def test_a_card_does_not_undo_what_somebody_set_meanwhile(house: House) -> None:
    slow, quick = await house.admin(), await house.admin()
    card = await slow.asks("/limits max trades 50", "Trades a day: off → 50")
    await _settle(quick, "max trades 5")
    await slow.taps(card, "Confirm change")
    await slow.sees(card, "Trades a day was set to 5 by somebody meanwhile", "/limits max_trades")
    await slow.asks("/limits max_trades_per_day", "Now: 5")
    await _settle(quick, "max trades settings")


async def test_only_an_admin_sets_limits(house: House) -> None:
    trader, viewer = await house.trader(), await house.viewer()
    await trader.asks("/limits max trades 3", "needs the role admin")
    shown = await viewer.asks("/limits max_trades_per_day", "Trades a day", "Now: off")
    assert shown.buttons == ("Back",)
    await viewer.asks("/risk", "Today")


async def test_a_wrong_word_teaches(house: House) -> None:
    admin = await house.admin()
    await admin.asks("/limits dayly los 5", "/limits max_daily_loss_percent 5")
    asked = await admin.asks("/limits drawdown", "reply to this message")
    said = await house.stage.reply(asked, "12.5", admin.id)
    card = await admin.hears("Drawdown: off → 12.5 %", after=said)
    await admin.taps(card, card.buttons[1])
    await admin.sees(card, "Nothing was changed")


async def test_risk_switched_off_is_loud(house: House, ledger: Ledger) -> None:
    admin, trader = await house.admin(), await house.trader()
    card = await admin.asks("/limits enabled off", "NOTHING is asked any more")
    await _confirmed(admin, card)
    for command in ("/risk", "/status", "/limits", "/buy tBTCUSD 0.01", "/limits guards"):
        said = await trader.asks(command, "RISK IS SWITCHED OFF")
        assert said.text.startswith("RISK IS SWITCHED OFF"), command
    await _settle(admin, "enabled settings")
    calm = await trader.asks("/risk", "Open for entries")
    assert "SWITCHED OFF" not in calm.text
    assert await ledger.untouched()
