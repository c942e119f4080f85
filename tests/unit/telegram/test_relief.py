"""When a group counts as lost, and that nobody waits for it then."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.telegram.relief import Relief
from bot.telegram.sender import Sender
from engine.clock import ManualClock
from tests.eventually import eventually
from tests.unit.telegram.refusing import RefusingTelegram

GROUP, ADMIN, OTHER = -100, 1, 2


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 3, 1, tzinfo=UTC))


@pytest.fixture
def relief(clock: ManualClock) -> Relief:
    return Relief(GROUP, lambda: [ADMIN, OTHER], clock)


async def watched(relief: Relief, clock: ManualClock, seconds: int) -> None:
    """Time goes by, and somebody watches."""
    telegram = RefusingTelegram()
    watching = asyncio.create_task(relief.run(Sender(telegram.bot(), lambda outcome: None)))
    for _ in range(seconds // 5):
        await asyncio.sleep(0.001)
        clock.advance(5)
    await asyncio.sleep(0.001)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_a_closed_group_is_lost_at_once_and_back_with_its_first_answer(
    relief: Relief,
) -> None:
    relief.refused(ADMIN, "blocked")
    assert relief.trouble is None
    relief.refused(GROUP, "Forbidden: bot was kicked")
    assert "kicked" in str(relief.trouble)
    relief.answered(ADMIN)
    assert "kicked" in str(relief.trouble)
    relief.answered(GROUP)
    assert relief.trouble is None


async def test_a_flooded_group_is_lost_after_two_minutes(
    relief: Relief, clock: ManualClock
) -> None:
    relief.delayed(GROUP, "we are asked to wait for 600 s", 600)
    await watched(relief, clock, 115)
    assert not relief.lost
    await watched(relief, clock, 10)
    assert relief.lost


async def test_a_group_that_answers_in_between_is_not_lost(
    relief: Relief, clock: ManualClock
) -> None:
    for _ in range(4):
        relief.delayed(GROUP, "wait", 1)
        await watched(relief, clock, 60)
        relief.answered(GROUP)
    assert not relief.lost


async def test_telegram_away_loses_no_group_unless_others_are_answered(
    relief: Relief, clock: ManualClock
) -> None:
    relief.delayed(GROUP, "no answer", away=True)
    await watched(relief, clock, 600)
    assert not relief.lost
    relief.answered(OTHER)
    relief.delayed(GROUP, "no answer", away=True)
    await watched(relief, clock, 10)
    assert relief.lost


@pytest.mark.parametrize("chat", [None, ADMIN])
async def test_only_a_group_has_others_in_its_place(chat: int | None, clock: ManualClock) -> None:
    relief = Relief(chat, lambda: [OTHER], clock)
    relief.refused(ADMIN, "blocked")
    relief.refused(GROUP, "kicked")
    assert not relief.lost


async def test_where_nobody_could_hear_instead_the_group_is_waited_for(clock: ManualClock) -> None:
    people: list[int] = []
    relief = Relief(GROUP, lambda: people, clock)
    relief.refused(GROUP, "kicked")
    assert not relief.lost
    people.append(ADMIN)
    assert not relief.lost
    relief.refused(GROUP, "kicked")
    assert relief.lost


async def test_who_waits_for_the_group_is_let_go_when_it_is_lost(relief: Relief) -> None:
    stages: list[str] = []

    async def waiting() -> None:
        async with relief.while_there():
            stages.append("waits")
            await asyncio.Event().wait()
        stages.append("goes on")

    async def failing() -> None:
        async with relief.while_there():
            raise TimeoutError

    task = asyncio.create_task(waiting())
    await eventually(lambda: stages == ["waits"])
    relief.refused(GROUP, "kicked")
    await task
    assert stages == ["waits", "goes on"]
    with pytest.raises(TimeoutError):
        await failing()
