"""A group that was named for the alerts and cannot be reached silences nobody."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.eventually import eventually_asked
from tests.journeys.people import QUICK, Person, joined
from tests.stage import GROUP, OLIVIA, STEN, Json, Stage, scenery, service_on

TRADER = 5001
WHO = {
    "TELEGRAM_CHAT_ID": str(GROUP),
    "TELEGRAM_ADMINS": f"{OLIVIA},{STEN}",
    "TELEGRAM_TRADERS": str(TRADER),
}


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with scenery(database_url, tmp_path, QUICK, **WHO) as stage:
        yield stage


async def put_out(stage: Stage, *, out: bool = True) -> None:
    """Somebody takes the bot out of the group, or adds it again."""
    url, body = f"{stage.telegram.url}/control/block", {"chat_id": GROUP, "blocked": out}
    async with stage.http.post(url, json=body) as answer:
        assert answer.status == 200, await answer.text()


async def flooded(stage: Stage, seconds: int) -> None:
    """Telegram wants a pause at the next message."""
    url = f"{stage.telegram.url}/control/fault"
    body = {"kind": "429", "method": "sendMessage", "retry_after": seconds}
    async with stage.http.post(url, json=body) as answer:
        assert answer.status == 200, await answer.text()


async def telling(stage: Stage, url: str) -> tuple[int, object, str]:
    """How ready it is, what is degraded, and the gauge."""
    async with stage.http.get(f"{url}/ready") as answer:
        told, status = await answer.json(), answer.status
    async with stage.http.get(f"{url}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    (gauge,) = [line for line in lines if line.startswith("tradingbot_alert_group_lost ")]
    return status, told.get("degraded"), gauge.partition(" ")[2]


async def test_alerts_come_to_every_admin_until_the_group_answers_again(scene: Stage) -> None:
    olivia, sten = Person(scene, OLIVIA), Person(scene, STEN)
    trader = await joined(scene, TRADER)
    async with service_on(scene) as service:
        await scene.hears("Exchange link up", chat=GROUP)
        await olivia.asks("/status", "Open for trading")
        assert await telling(scene, service.web_url) == (200, None, "0.0")

        await put_out(scene)
        await trader.asks("/pause fire", "paused")
        for admin in (olivia, sten):
            await admin.hears("Trading paused", "fire")
            told = await admin.hears("The alert group cannot be reached", "kicked", str(GROUP))
            assert "add me to the group again" in told.text
        assert not any("Trading paused" in text for text in await trader.heard())
        await olivia.asks("/status", "Alerts: the alert group cannot be reached", "kicked")
        assert await telling(scene, service.web_url) == (200, ["telegram"], "1.0")
        await olivia.resumes()
        await sten.hears("Trading resumed")

        await put_out(scene, out=False)
        await scene.passes(65)
        await scene.hears("Alerts come here again", "2 alerts went to the admins", chat=GROUP)
        await sten.hears("The alert group answers again")
        assert await telling(scene, service.web_url) == (200, None, "0.0")
        before = len(await sten.heard())
        await trader.asks("/pause again", "paused")
        told = await scene.hears("Trading paused", "again", chat=GROUP)
        await olivia.resumes()
        await scene.hears("Trading resumed", after=told.id, chat=GROUP)
        assert len(await sten.heard()) == before

        await put_out(scene)
    async with service_on(scene):
        await sten.hears("Genesis started")
        await olivia.hears("Genesis started")


async def test_a_group_that_is_flooded_is_waited_for_two_minutes(scene: Stage) -> None:
    olivia, sten = Person(scene, OLIVIA), Person(scene, STEN)
    async with service_on(scene) as service:
        await scene.hears("Exchange link up", chat=GROUP)
        await flooded(scene, 900)
        await scene.control("drop")

        async def struck() -> bool:
            async with scene.http.get(f"{scene.telegram.url}/control/state") as answer:
                told: Json = await answer.json()
            return told["faults"] == 0

        await eventually_asked(struck)
        scene.clock.advance(100)
        assert (await telling(scene, service.web_url))[2] == "0.0"
        scene.clock.advance(30)
        for admin in (olivia, sten):
            await admin.hears("The alert group cannot be reached", "asked to wait for 900 s")
            await admin.hears("Exchange link lost")
        scene.clock.advance(600)
        assert (await telling(scene, service.web_url))[2] == "1.0"
        scene.clock.advance(300)
        await scene.hears("Alerts come here again", chat=GROUP)
        await olivia.hears("The alert group answers again")
