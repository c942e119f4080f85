"""A command's declaration: its rights, its help and its handler in one place."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.telegram.cards import Cards
from bot.telegram.drafts import WindowsDrafts
from bot.telegram.names import Names
from bot.telegram.screen import Screen
from bot.telegram.strays import Strays
from engine.desk import Desk
from engine.model.actor import Actor, Role
from engine.model.ids import CommandId
from engine.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that came with a command; `size` in bytes as Telegram tells it, None where not."""

    name: str
    size: int | None
    read: Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One command as it was said; `rest` is everything after its name.

    `page` is the page of a long answer that is asked for, from 0; `press` the id of the press
    that said it, if a button did.
    """

    actor: Actor
    chat_id: int
    message_id: int
    words: tuple[str, ...] = ()
    rest: str = ""
    private: bool = True
    page: int = 0
    press: str = ""
    attachment: Attachment | None = None

    @property
    def command_id(self) -> CommandId:
        """The same message is the same wish, however often it is delivered; so is a press."""
        named = f"tg:{self.chat_id}:{self.message_id}"
        return CommandId(f"{named}:{self.press}" if self.press else named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a handler may use; in `money_groups` money may move before a crowd, `alert_trouble` is
    why alerts do not go where they should."""

    desk: Desk
    cards: Cards
    strays: Strays
    names: Names
    clock: Clock
    drafts: WindowsDrafts
    money_groups: frozenset[int] = frozenset()
    alert_trouble: Callable[[], str | None] = lambda: None


Handler = Callable[[Asked, Room], Awaitable[Screen]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatCommand:
    """`usage` follows the name; `money` commands work in private chats only."""

    name: str
    family: str
    summary: str
    role: Role
    handler: Handler
    usage: str = ""
    example: str = ""
    money: bool = False
