"""The chat while the database is away: heard once, kept late, and a panic can be called."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.types import Update

from bot.telegram.cards import Cards
from bot.telegram.memory import MemoryInbox, MemoryShelf
from bot.telegram.ports import Received
from bot.telegram.screen import Button
from engine.clock import SystemClock
from engine.model.actor import Actor, Role
from engine.model.command import CancelAll
from engine.model.errors import JournalUnavailable
from engine.model.panic_command import CallPanic
from tests.eventually import eventually, eventually_asked
from tests.unit.telegram.listening import listening
from tests.unit.telegram.refusing import RefusingTelegram
from tests.unit.telegram.test_nothing_is_lost import CHAT, buy, link_of_a_stranger


class AwayInbox(MemoryInbox):
    """A database that does not answer while it is away."""

    away = True

    async def keep(self, updates: Sequence[Received]) -> frozenset[int]:
        if self.away:
            raise JournalUnavailable
        return await super().keep(updates)


async def test_what_cannot_be_kept_is_handled_once_and_kept_when_it_can_be() -> None:
    inbox = AwayInbox()
    telegram = RefusingTelegram(
        updates=lambda bot, offset: (
            []
            if offset > 2
            else [link_of_a_stranger(bot), *([buy(bot)] if len(telegram.polled) > 1 else [])]
        )
    )
    async with listening(telegram, inbox) as handled:
        await eventually(lambda: handled == [1, 2])
        inbox.away = False
        await eventually(lambda: 3 in telegram.polled)
    assert handled == [1, 2], "what comes later is heard too, and nothing twice"
    assert await inbox.known() == {1, 2}
    assert await inbox.waiting() == ()


async def test_a_flood_while_nothing_can_be_kept_does_not_keep_out_what_follows() -> None:
    """Telegram brings a hundred at most, and the same ones until it may forget them."""
    inbox, last = AwayInbox(), 230

    def brought(bot: Bot, offset: int) -> Sequence[Update]:
        one = buy(bot)
        first = max(offset, 1)
        return [
            one.model_copy(update={"update_id": number})
            for number in range(first, min(first + 100, last + 1))
        ]

    telegram = RefusingTelegram(updates=brought)

    async def all_kept() -> bool:
        return await inbox.known() == set(range(1, last + 1))

    async with listening(telegram, inbox) as handled:
        await eventually(lambda: last in handled)
        inbox.away = False
        await eventually_asked(all_kept)
    assert sorted(handled) == list(range(1, last + 1)), "each once"
    assert await all_kept()
    assert await inbox.waiting() == ()


class AwayShelf(MemoryShelf):
    """Keeps nothing."""

    async def put(self, kind: str, key: str, body: bytes) -> None:
        raise JournalUnavailable


async def test_only_a_panic_s_card_is_shown_while_it_cannot_be_stored() -> None:
    cards = Cards(AwayShelf(), SystemClock(), timedelta(seconds=60))
    actor = Actor(actor_id="tg:1", name="O", role=Role.TRADER)
    screen = await cards.lay(actor, CHAT, CallPanic(), "body", Button("PANIC", ""))
    assert screen.card is not None
    await cards.shown(screen.card, 7)
    card = await cards.get(screen.card)
    assert card is not None
    assert card.message_id == 7
    with pytest.raises(JournalUnavailable):
        await cards.lay(actor, CHAT, CancelAll(), "body", Button("Confirm", ""))
