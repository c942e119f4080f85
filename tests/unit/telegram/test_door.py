"""The door: strangers are answered seldom, bounded, and in no operator's way."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from aiogram.types import CallbackQuery, Chat, Message, TelegramObject, User

from bot.telegram.access import Access
from bot.telegram.door import MOST_WAITING, Door
from bot.telegram.memory import MemoryShelf
from bot.telegram.names import Names
from bot.telegram.sender import Sender
from engine.clock import ManualClock
from engine.model.actor import Actor, Role
from engine.model.people import Member, MemberStanding
from engine.model.result import Reason, Refused
from tests.eventually import eventually
from tests.unit.telegram.refusing import RefusingTelegram

NOW = datetime(2026, 1, 2, tzinfo=UTC)
BOSS, COLD, STRANGER = 1, 2, 100
CODE = "AAAA-BBBB-CCCC"


class Porch:
    """Remembers what is written down; one code is good."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.members = {
            "tg:1": Member(actor_id="tg:1", name="Boss", role=Role.ADMIN),
            "tg:2": Member(
                actor_id="tg:2", name="Cold", role=Role.ADMIN, standing=MemberStanding.FROZEN
            ),
        }

    def member(self, actor_id: str) -> Member | None:
        return self.members.get(actor_id)

    async def admit(self, actor_id: str, name: str, code: str) -> Member | Refused:
        self.told.append((actor_id, "code"))
        if code != CODE:
            return Refused((Reason("bad_code", "not good"),))
        self.members[actor_id] = Member(actor_id=actor_id, name=name, role=Role.VIEWER)
        return self.members[actor_id]

    async def refused(self, actor_id: str, command: str, reasons: Sequence[str]) -> None:
        self.told.append((actor_id, command))

    async def turned_away(self, actor_id: str) -> None:
        self.told.append((actor_id, "away"))


class Entrance:
    """Access and door over a Telegram that takes everything."""

    def __init__(self, *, answers: bool = True) -> None:
        self.telegram, self.porch, self.clock = RefusingTelegram(), Porch(), ManualClock(NOW)
        self.counted = 0
        names, sender = Names(MemoryShelf()), Sender(self.telegram.bot(), lambda outcome: None)
        self.door = Door(self.porch, names, sender, self.clock, self._count)
        self.access = Access(self.porch, names, self.door)
        self.actors: list[Actor] = []
        self._tasks = [self.door.run, self.door.look_at_codes] if answers else []

    async def __aenter__(self) -> "Entrance":
        self._running = [asyncio.create_task(task()) for task in self._tasks]
        return self

    async def __aexit__(self, *error: object) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def comes(self, event: TelegramObject) -> None:
        async def handler(event: TelegramObject, data: dict[str, object]) -> object:
            actor = data["actor"]
            assert isinstance(actor, Actor)
            self.actors.append(actor)
            return None

        await self.access(handler, event, {})

    def _count(self) -> None:
        self.counted += 1


def says(user_id: int, text: str, chat: str = "private") -> Message:
    user = User(id=user_id, is_bot=False, first_name=f"P{user_id}")
    return Message(
        message_id=1, date=NOW, chat=Chat(id=user_id, type=chat), from_user=user, text=text
    )


def presses(user_id: int) -> CallbackQuery:
    user = User(id=user_id, is_bot=False, first_name=f"P{user_id}")
    return CallbackQuery(id="q", from_user=user, chat_instance="c", data="c:x:y")


async def test_a_flood_of_strangers_keeps_no_operator_waiting() -> None:
    async with Entrance(answers=False) as entrance:
        began = asyncio.get_running_loop().time()
        for number in range(STRANGER, STRANGER + 5_000):
            await entrance.comes(says(number, "/start"))
            await entrance.comes(presses(number))
        await entrance.comes(says(BOSS, "/status"))
        assert asyncio.get_running_loop().time() - began < 5
    assert [actor.actor_id for actor in entrance.actors] == ["tg:1"]
    assert entrance.counted == 10_000
    assert entrance.telegram.sent == []
    assert len(entrance.porch.told) <= MOST_WAITING


async def test_a_stranger_is_answered_and_told_once_an_hour() -> None:
    async with Entrance() as entrance:
        for _ in range(5):
            await entrance.comes(says(STRANGER, "hello"))
        await eventually(lambda: entrance.porch.told)
        entrance.clock.advance(timedelta(hours=1).total_seconds())
        await entrance.comes(says(STRANGER, "hello"))
        await eventually(lambda: len(entrance.porch.told) == 2)
    assert [chat for chat, _ in entrance.telegram.sent] == [STRANGER, STRANGER]
    assert entrance.counted == 6
    assert entrance.actors == []


@pytest.mark.parametrize("text", [f"/start {CODE}", f"/start@genesis_bot {CODE}", CODE])
async def test_a_code_lets_in_also_behind_a_crowd(text: str) -> None:
    async with Entrance() as entrance:
        for number in range(STRANGER + 1, STRANGER + 200):
            await entrance.comes(says(number, "hello"))
        await entrance.comes(says(STRANGER, text))
        await eventually(lambda: "tg:100" in entrance.porch.members)
        await eventually(lambda: any("Welcome" in said for _, said in entrance.telegram.sent))
        await entrance.comes(says(STRANGER, "/status"))
    assert [actor.role for actor in entrance.actors] == [Role.VIEWER]


async def test_a_code_in_a_group_is_no_code() -> None:
    async with Entrance() as entrance:
        await entrance.comes(says(STRANGER, f"/start {CODE}", chat="group"))
        await entrance.comes(says(STRANGER, "hello"))
        await eventually(lambda: entrance.porch.told)
    assert entrance.porch.told == [("tg:100", "away")]


async def test_who_is_frozen_hears_why_and_it_is_told() -> None:
    async with Entrance() as entrance:
        await entrance.comes(says(COLD, "/buy tBTCUSD 1"))
        await entrance.comes(says(COLD, f"/start {CODE}"))
        await entrance.comes(presses(COLD))
        await eventually(lambda: len(entrance.porch.told) == 3)
    assert entrance.porch.told == [("tg:2", "/buy"), ("tg:2", "/start"), ("tg:2", "press")]
    assert all("frozen" in said for _, said in entrance.telegram.sent)
    assert entrance.actors == []


async def test_the_role_is_asked_each_time() -> None:
    async with Entrance() as entrance:
        await entrance.comes(says(BOSS, "/status"))
        for role in (Role.VIEWER, Role.TRADER):
            entrance.porch.members["tg:1"] = Member(actor_id="tg:1", name="Boss", role=role)
            await entrance.comes(says(BOSS, "/status"))
        del entrance.porch.members["tg:1"]
        await entrance.comes(presses(BOSS))
    assert [actor.role for actor in entrance.actors] == [Role.ADMIN, Role.VIEWER, Role.TRADER]
