"""Strangers: one polite line with their id, then silence; and no door stands open."""

import pytest

from tests.eventually import eventually_asked
from tests.journeys.people import House, Ledger, Person
from tests.stage import GROUP

STRANGERS = "tradingbot_telegram_strangers_total"

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def counted(house: House, least: int) -> None:
    """Return when that many updates of strangers were turned away."""

    async def enough() -> bool:
        return await turned_away(house) >= least

    await eventually_asked(enough)


async def turned_away(house: House) -> int:
    """How many updates of strangers were turned away so far."""
    async with house.stage.http.get(f"{house.web_url}/metrics") as answer:
        figures = await answer.text()
    (line,) = (n for n in figures.splitlines() if n.startswith(STRANGERS))
    return int(float(line.split()[-1]))


async def test_one_line_with_the_id_then_silence(house: House, ledger: Ledger) -> None:
    stranger = await house.stranger()
    so_far = await turned_away(house)
    told = await stranger.asks("/start", "private", str(stranger.id))
    assert told.buttons == ()
    for line in ("/start", "/buy tBTCUSD 0.01", "/status", "let me in", "/pause"):
        await stranger.says(line)
    await counted(house, so_far + 6)
    await settled(house)
    assert await stranger.heard() == [told.text]
    assert await ledger.untouched()


async def test_group_is_not_told_about_strangers(house: House, ledger: Ledger) -> None:
    stranger = await house.stranger()
    so_far = await turned_away(house)
    said = await house.stage.say("/balance", stranger.id, GROUP)
    await counted(house, so_far + 1)
    await settled(house)
    assert [m for m in await house.stage.messages(GROUP, said) if m.from_bot] == []
    await stranger.asks("/start", "private", str(stranger.id))


async def test_presses_of_strangers_do_nothing(house: House, ledger: Ledger) -> None:
    trader, stranger = await house.trader(), await house.stranger()
    panel = await trader.asks("/status", "Open for trading")
    assert "private" in await stranger.taps(panel, "Refresh", chat_id=trader.id)
    own = await stranger.asks("/start", str(stranger.id))
    so_far = await turned_away(house)
    for data in ("r:buy:tBTCUSD 0.01", "r:balance:", "r:pause:", "o:1", "p:tBTCUSD:100"):
        await house.stage.tap(own, data, stranger.id, stale=True, wait=0.0)
    await counted(house, so_far + 5)
    await settled(house)
    assert await stranger.heard() == [own.text]
    assert await ledger.untouched()


async def test_strangers_see_only_start_in_the_menu(house: House) -> None:
    trader, stranger = await house.trader(), await house.stranger()
    await trader.asks("/start", "Hello")

    async def menus() -> bool:
        async with house.stage.http.get(f"{house.stage.telegram.url}/control/state") as answer:
            shown = (await answer.json())["commands"]
        operator, other = ({c["command"] for c in shown[str(p.id)]} for p in (trader, stranger))
        return {"buy", "help"} <= operator and other == {"start"}

    await eventually_asked(menus)


async def settled(house: House) -> None:
    """An operator's question asked after is answered before we look."""
    viewer: Person = await house.viewer()
    await viewer.asks("/status", "Exchange link")
