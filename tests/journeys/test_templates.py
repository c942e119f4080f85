"""Orders kept under a name: saved, used, sent away as a file and brought back."""

import pytest

from tests.journeys.people import House, Ledger

pytestmark = pytest.mark.asyncio(loop_scope="module")

DAMAGED = b'{"genesis_templates": 1, "templates": [{"name": "x"}]}'


async def test_a_template_is_kept_used_and_deleted(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    await trader.asks("/template save dip buy tBTCUSD $200 limit 20000 post", "Kept as dip")
    listed = await trader.asks("/template", "dip", "/buy tBTCUSD $200 limit 20000 post")
    await trader.taps(listed, "Use dip")
    card = await trader.hears("Buy 0.01 BTC, limit 20,000", "Expires in", after=listed.id)
    await trader.taps(card, "Confirm buy")
    await trader.sees(card, "Working")
    assert await ledger.one()
    await trader.asks("/template delete dip", "Deleted", "/buy tBTCUSD $200")
    await trader.asks("/template use dip", "dip")


async def test_a_file_travels_there_and_back(house: House, ledger: Ledger) -> None:
    trader, other = await house.trader(), await house.trader()
    await trader.asks("/template save top sell tBTCUSD 10% limit 40000 oco 20000", "Kept as top")
    exported = await trader.asks("/template export", "genesis_templates", "top")
    await trader.asks("/template delete top", "Deleted")
    asked = await other.asks("/template import", "Reply to this message")
    said = await house.stage.reply(asked, exported.text, other.id)
    await other.hears("1 template kept: top", after=said)
    file = exported.text.encode()
    sent = await house.stage.hand("t.json", file, "/template import", other.id)
    await other.hears("1 template kept: top", "Replaced", after=sent)
    sent = await house.stage.hand("t.json", file, user=other.id, reply_to_message_id=asked.id)
    await other.hears("1 template kept: top", after=sent)
    card = await trader.asks("/template use top", "limit 40,000 or stop 20,000")
    await trader.taps(card, "Cancel")
    assert await ledger.untouched()


async def test_a_damaged_file_changes_nothing(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    sent = await house.stage.hand("t.json", DAMAGED, "/template import", trader.id)
    await trader.hears("Not imported", "Entry 1", after=sent)
    sent = await house.stage.hand("t.json", b"x" * 300_000, "/template import", trader.id)
    await trader.hears("Not imported", "300000 bytes", after=sent)


async def test_many_templates_come_as_a_file(house: House, ledger: Ledger) -> None:
    trader = await house.trader()
    one = '{"name":"n%d","symbol":"tBTCUSD","side":"buy","size":"0.01"}'
    many = ",".join(one % number for number in range(60))
    body = f'{{"genesis_templates":1,"templates":[{many}]}}'.encode()
    sent = await house.stage.hand("t.json", body, "/template import", trader.id)
    await trader.hears("60 templates kept", after=sent)
    await trader.asks("/template export", "templates")
    listed = await trader.asks("/template list", "page 1 of")
    assert listed.buttons[-2:] == ("Refresh", "Next")
