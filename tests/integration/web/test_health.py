"""Living and being ready are two things."""

import asyncio
import json

from bot.web.health import OPEN_DOOR
from bot.web.parts import PartState
from tests.integration.web.desk import Desk


async def test_a_ready_service_says_so(desk: Desk) -> None:
    await desk.open()
    desk.clock.advance(90)
    health = await desk.ask("/health")
    assert health.status == 200
    assert json.loads(health.body) == {
        "status": "ok",
        "version": "1.2.3",
        "uptime_seconds": 90.0,
        "auth_required": True,
        "dry_run": False,
        "parts": {
            "database": {"ready": True, "detail": "answers"},
            "exchange": {"ready": True, "detail": "answers"},
        },
    }
    ready = await desk.ask("/ready")
    assert ready.status == 200
    assert json.loads(ready.body)["ready"] is True


async def test_one_part_that_is_not_ready_is_enough_and_is_named(desk: Desk) -> None:
    await desk.open()
    desk.states["exchange"] = PartState(ready=False, detail="the link is down")
    ready = await desk.ask("/ready")
    assert ready.status == 503
    parts = json.loads(ready.body)["parts"]
    assert parts["exchange"] == {"ready": False, "detail": "the link is down"}
    assert parts["database"]["ready"] is True
    health = await desk.ask("/health")
    assert health.status == 200
    assert json.loads(health.body)["status"] == "degraded"


async def test_a_part_that_fails_is_not_ready_and_keeps_its_reason_to_itself(desk: Desk) -> None:
    async def broken() -> PartState:
        raise OSError("postgresql+asyncpg://olivia:hush@db")

    desk.parts["telegram"] = broken
    await desk.open()
    ready = await desk.ask("/ready")
    assert ready.status == 503
    assert json.loads(ready.body)["parts"]["telegram"]["ready"] is False
    assert "hush" not in ready.body


async def test_no_token_comes_out_in_a_reason(desk: Desk) -> None:
    token = "7123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
    desk.states["telegram"] = PartState(ready=False, detail=f"no route to /bot{token}/getMe")
    await desk.open()
    for path in ("/health", "/ready"):
        answer = await desk.ask(path)
        assert "no route to" in answer.body
        assert token not in answer.body


async def test_slow_parts_are_waited_for_together_and_not_for_ever(desk: Desk) -> None:
    async def slow() -> PartState:
        await asyncio.Event().wait()
        raise AssertionError

    desk.parts.update({"telegram": slow, "reconciliation": slow})
    await desk.open()
    async with asyncio.timeout(3.5):
        ready = await desk.ask("/ready")
    assert ready.status == 503
    assert "did not answer" in json.loads(ready.body)["parts"]["reconciliation"]["detail"]


async def test_an_open_door_is_told_loudly(desk: Desk) -> None:
    await desk.open(AUTH_REQUIRED="false")
    health = json.loads((await desk.ask("/health")).body)
    assert health["warning"] == OPEN_DOOR
    assert health["auth_required"] is False
