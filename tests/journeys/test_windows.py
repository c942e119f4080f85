"""Trading windows: changed in a draft by buttons, saved by a card, held by the clock."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.eventually import eventually_asked
from tests.journeys.people import ADMINS, QUICK, Person, joined
from tests.stage import OLIVIA, Message, Stage, scenery, service_on

WIDE = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}


async def _offers(admin: Person, panel: Message, button: str) -> None:
    async def offered() -> bool:
        return button in (await admin.reads(panel)).buttons

    await eventually_asked(offered)


async def _saved(admin: Person, panel: Message) -> Message:
    await admin.taps(panel, "Save")
    card = await admin.sees(panel, "Change the trading windows?", "Then:")
    await admin.taps(card, "Confirm change")
    return await admin.sees(card, "Changed")


def _around(now: datetime, hours: int) -> str:
    """A window that opens so many hours from now, and closes one later."""
    opens = now + timedelta(hours=hours)
    return f"{opens:%a %H}:00-{opens + timedelta(hours=1):%H}:00".lower()


async def test_a_day_is_put_together_by_buttons(scene: Stage) -> None:
    async with service_on(scene):
        admin = Person(scene, OLIVIA)
        panel = await admin.asks("/windows", "Trading windows", "No hours are set")
        assert set(panel.buttons) >= WIDE
        await admin.taps(panel, "Mon")
        await admin.sees(panel, "Monday", "always open")
        await admin.taps(panel, "Add hours")
        await admin.sees(panel, "opens at?")
        for button, words in (
            ("22", "opens 22:?"),
            ("22:15", "opens 22:15. It closes at?"),
            ("02", "closes 02:?"),
            ("02:30", "22:15-02:30 +1"),
        ):
            await admin.taps(panel, button)
            await admin.sees(panel, words)
        await admin.taps(panel, "Copy to weekdays")
        await admin.sees(panel, "Draft, not saved yet", "Fri  22:15-02:30+1", "Sat  closed")
    async with service_on(scene):
        again = await admin.asks("/windows", "Draft, not saved yet", "Mon  22:15-02:30+1")
        await admin.taps(again, "Time zone")
        await admin.sees(again, "Time zone: UTC")
        await admin.taps(again, "Stockholm")
        await admin.sees(again, "Trading windows, Europe/Stockholm")
        await _saved(admin, again)
        kept = await admin.asks("/windows", "Europe/Stockholm", "Mon  22:15-02:30+1")
        assert "Draft" not in kept.text


async def test_two_people_do_not_overwrite_each_other(database_url: str, tmp_path: Path) -> None:
    admins = {"TELEGRAM_ADMINS": f"{OLIVIA},{ADMINS[0]}"}
    async with scenery(database_url, tmp_path, QUICK, **admins) as scene:
        async with service_on(scene):
            olivia, adam = Person(scene, OLIVIA), await joined(scene, ADMINS[0])
            hers = await _asks_to_save(olivia, "mon-fri 08:00-17:00")
            his = await _asks_to_save(adam, "sat 10:00-12:00")
            await asyncio.gather(
                olivia.taps(hers, "Confirm change"), adam.taps(his, "Confirm change")
            )
            outcomes = [await _outcome(olivia, hers), await _outcome(adam, his)]
            assert sorted(outcomes) == ["changed", "refused"]
            loser, other = (adam, olivia) if outcomes[0] == "changed" else (olivia, adam)
        async with service_on(scene):
            mine, theirs = ("Sat  10:00-12:00", "Mon  08:00-17:00")
            mine, theirs = (mine, theirs) if loser is adam else (theirs, mine)
            await other.asks("/windows", "Trading windows", theirs)
            stale = await loser.asks("/windows", "Draft", "Changed meanwhile", mine)
            assert "Save" not in stale.buttons
            await loser.taps(stale, "Keep mine")
            await _offers(loser, stale, "Save")
            card = await _saved(loser, stale)
            assert theirs.split()[1] in card.text
            await other.asks("/windows", mine)
            refused = "refused: Somebody has set other trading windows meanwhile"
            await loser.asks("/audit", refused, "set the trading windows")


async def _asks_to_save(admin: Person, words: str) -> Message:
    panel = await admin.asks(f"/windows {words}", "Draft")
    await admin.taps(panel, "Save")
    return await admin.sees(panel, "Change the trading windows?")


async def _outcome(admin: Person, card: Message) -> str:
    async def known() -> str:
        text = (await admin.reads(card)).text
        if "Somebody has set other trading windows meanwhile. Look at /windows" in text:
            return "refused"
        return "changed" if "Changed" in text else ""

    return await eventually_asked(known)


async def test_nothing_is_opened_outside_the_hours(scene: Stage) -> None:
    async with service_on(scene):
        admin = Person(scene, OLIVIA)
        now = scene.clock.now().astimezone(UTC)
        words = _around(now, 2)
        await _saved(admin, await admin.asks(f"/windows {words}", "Closed now, opens"))
        await admin.asks("/risk", "Entries are blocked", "Window closed")
        await admin.asks("/buy tBTCUSD 0.01", "Not sent", "closed")
    async with service_on(scene):
        await admin.asks("/buy tBTCUSD 0.01", "Not sent", "closed")
        opens = (now + timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
        await scene.passes((opens - scene.clock.now()).total_seconds() + 5)
        await admin.asks("/risk", "Open for entries", "Window closes")
        await admin.asks("/buy tBTCUSD 0.01", "Expires in", "Risk: all")
        await scene.passes(3600)
        await admin.asks("/buy tBTCUSD 0.01", "Not sent", "closed")
        await admin.asks("/windows daily closed", "always open", "/pause")
        await _saved(admin, await admin.asks("/windows off", "Open at all times"))
        await admin.asks("/buy tBTCUSD 0.01", "Expires in", "Risk: all")
