"""Trading windows: changed in a draft by buttons, saved by a card, held by the clock."""

from datetime import UTC, datetime, timedelta

from tests.eventually import eventually_asked
from tests.journeys.people import Person
from tests.stage import OLIVIA, Message, Stage, service_on

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


async def test_two_admins_do_not_overwrite_each_other(scene: Stage) -> None:
    async with service_on(scene):
        olivia = Person(scene, OLIVIA)
        first = await olivia.asks("/windows mon 08:00-17:00", "Draft")
        other = scene.clock.now() + timedelta(days=30)
        await olivia.taps(first, "Save")
        card = await olivia.sees(first, "Change the trading windows?")
        second = await olivia.asks(f"/windows blackout {other:%Y-%m-%d}", "Blackout dates")
        await olivia.taps(second, "Back to the week")
        await olivia.sees(second, "Draft")
        await olivia.taps(card, "Confirm change")
        await olivia.sees(card, "Changed")
        await olivia.taps(second, "Refresh")
        stale = await olivia.sees(second, "Changed meanwhile")
        assert "Save" not in stale.buttons
        await olivia.taps(stale, "Keep mine")
        await _offers(olivia, stale, "Save")
        await _saved(olivia, stale)


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
