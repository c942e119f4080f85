"""Wrong words: each is named in a sentence that shows what works, and nothing is sent."""

import pytest

from tests.journeys.people import House, Ledger
from tests.stage import GROUP

pytestmark = pytest.mark.asyncio(loop_scope="module")

WRONG = (
    ("/buy tBTCUSF 0.01", ("tBTCUSF", "tBTCUSD")),
    ("/price tNOPEUSD", ("tNOPEUSD",)),
    ("/orders tBTCUSF", ("tBTCUSF", "tBTCUSD")),
    ("/buy tBTCUSD 1e999", ("“1e999”", "/buy tBTCUSD")),
    ("/buy tBTCUSD NaN", ("“NaN”", "/buy tBTCUSD")),
    ("/buy tBTCUSD inf", ("“inf”", "/buy tBTCUSD")),
    ("/buy tBTCUSD -1", ("“-1”", "/buy tBTCUSD")),
    ("/buy tBTCUSD 0", ("“0”", "/buy tBTCUSD")),
    ("/buy tBTCUSD 0.123456789", ("“0.123456789”", "8", "/buy tBTCUSD 0.12345678")),
    ("/buy tBTCUSD 0.01 limit 30000.1", ("30000.1", "5 significant digits", "Use 30000")),
    ("/buy tBTCUSD 0.01 limit 0", ("“0”", "/buy tBTCUSD 0.01 limit")),
    ("/buy tBTCUSD 0.01 limit", ("price", "/buy tBTCUSD 0.01 limit")),
    ("/buy tBTCUSD 0.01 stop", ("price", "/buy tBTCUSD 0.01 stop")),
    ("/buy tBTCUSD 0.01 stoplimit 35000", ("limit price", "/buy tBTCUSD 0.01 stoplimit 35000")),
    ("/buy tBTCUSD 0.01 lmit 30000", ("“lmit”", "/buy tBTCUSD 0.01 limit 30000")),
    ("/buy tBTCUSD 0.01 limit 30000 31000", ("“31000”", "/buy tBTCUSD 0.01 limit 30000")),
    ("/buy 0.01 tBTCUSD", ("“0.01”", "/buy tBTCUSD 0.01")),
    ("/buy tBTCUSD 150%", ("“150%”", "/buy tBTCUSD")),
    ("/buy tBTCUSD 0.00001", ("minimum", "BTC")),
    ("/buy tBTCUSD 1000", ("Not sent", "USD is free", "/balance")),
    ("/sell tBTCUSD 3", ("Not sent", "only 2 BTC is free")),
    ("/buy tBTCUSD 0.01 stop 20000", ("fire at once", "above the market")),
    ("/buy tBTCUSD 0.01 reduce", ("margin",)),
    ("/sell tBTCUSD 0.01 margin reduce", ("no tBTCUSD position",)),
    ("/buy t\u0412TCUSD 0.01", ("“t\u0412TCUSD”", "/buy tBTCUSD 0.01")),
    ("/buy tBTCUSD 0.\u041e1", ("“0.\u041e1”", "/buy tBTCUSD 0.01")),
    ("/bu\u0443 tBTCUSD 0.01", ("“/bu\u0443”", "/buy")),
    ("/buy <b>tBTCUSD</b> 0.01", ("“<b>tBTCUSD</b>”", "/buy tBTCUSD 0.01")),
    ("/buy tBTCUSD 0.01 <script>&amp;", ("“<script>&amp;”",)),
    ("/cancel", ("order number or a symbol", "/cancel tBTCUSD")),
    ("/cancel 999", ("no order 999", "/orders")),
    ("/cancel all", ("/cancelall",)),
    ("/close", ("/close tBTCUSD",)),
    ("/close tBTCUSD 0.5", ("“0.5”", "/close tBTCUSD 50%")),
    ("/byu tBTCUSD 0.01", ("/byu", "/buy")),
    ("/frobnicate", ("/frobnicate", "/help")),
    ("buy me a bitcoin", ("commands", "/help")),
    ("🚀🚀🚀", ("commands", "/help")),
    ("/", ("/help",)),
)


@pytest.mark.parametrize(("line", "words"), WRONG, ids=[line for line, _ in WRONG])
async def test_wrong_word_is_named_and_mended(
    house: House, ledger: Ledger, line: str, words: tuple[str, ...]
) -> None:
    trader = await house.trader()
    told = await trader.asks(line, *words)
    assert told.buttons == ()
    assert len(told.text) < 500
    assert await ledger.untouched()


async def test_message_of_ten_thousand_letters(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    await trader.asks("/buy tBTCUSD " + "9" * 10_000, "at most 500 characters", "/buy tBTCUSD 0.01")
    await trader.asks("/status", "Open for trading")
    assert await ledger.untouched()


async def test_long_reason_never_keeps_trading_open(house: House, ledger: Ledger) -> None:
    admin = await house.admin()
    await admin.asks("/pause " + "because " * 1000, "Trading is paused", "because")
    await admin.resumes()


async def test_edited_message_changes_nothing(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    card = await trader.asks("/buy tBTCUSD 0.01", "Expires in")
    said = card.id - 1
    await house.stage.edit(said, "/buy tBTCUSD 1", trader.id)
    await trader.hears("Editing a message changes nothing", after=card.id)
    assert "Buy 0.01 BTC" in (await trader.reads(card)).text
    assert await ledger.untouched()


async def test_command_for_another_bot_is_not_ours(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    said = await house.stage.say("/status@some_other_bot", trader.id)
    answer = await trader.asks("/status@genesis_demo_bot", "Open for trading")
    heard = [m.id for m in await house.stage.messages(trader.id, said) if m.from_bot]
    assert heard == [answer.id]


async def test_wrong_word_in_a_group_is_answered_there(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    said = await house.stage.say("/price tBTCUSF", trader.id, GROUP)
    await house.stage.hears("tBTCUSF", "tBTCUSD", after=said, chat=GROUP)
    assert await ledger.untouched()
