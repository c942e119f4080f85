"""The parts of the local Telegram, together: what every method and control call works on."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from bot.telegram.sandbox.config import PlayedUser, SandboxConfig
from bot.telegram.sandbox.errors import bad_request, forbidden
from bot.telegram.sandbox.faults import Faults
from bot.telegram.sandbox.files import Files
from bot.telegram.sandbox.pacing import Pace
from bot.telegram.sandbox.records import Entry, Grouped, Joined
from bot.telegram.sandbox.shapes import Chat, User
from bot.telegram.sandbox.store import Store
from bot.telegram.sandbox.updates import UpdateQueue


class Action(msgspec.Struct, frozen=True):
    """The bot is typing, or sending a photo; seen by the chat for some seconds, kept by nobody."""

    chat_id: int
    action: str


@dataclass(slots=True)
class Network:
    """Config, store and the parts that live on it."""

    config: SandboxConfig
    store: Store
    updates: UpdateQueue
    files: Files
    faults: Faults
    pace: Pace
    bot: User
    watchers: list[Callable[[Action], None]] = field(default_factory=list)
    last_error: tuple[int, str] | None = None

    def chat(self, reference: str) -> Chat:
        """The chat a call names by `chat_id`, numeric or `@username`."""
        if not reference:
            raise bad_request("chat_id is empty")
        for chat in self.store.state.chats.values():
            if reference in (str(chat.id), f"@{chat.username}") and chat.id != self.bot.id:
                return chat
        raise bad_request("chat not found")

    def open_chat(self, reference: str) -> Chat:
        """A chat the bot may write to."""
        chat = self.chat(reference)
        if chat.id in self.store.state.blocked:
            kicked = f"bot was kicked from the {chat.type} chat"
            raise forbidden("bot was blocked by the user" if chat.id > 0 else kicked)
        if not self.config.bot_may_begin and chat.id > 0 and not self._has_written(chat.id):
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def _has_written(self, user_id: int) -> bool:
        entries = self.store.state.entries[user_id].values()
        return any(entry.message.sender != self.bot for entry in entries)

    def entry(self, chat_id: int, message_id: int) -> Entry | None:
        """A message of a chat, None where there is none."""
        return self.store.state.entries.get(chat_id, {}).get(message_id)

    def show(self, action: Action) -> None:
        """Tell the watching pages what the bot is doing."""
        for watcher in list(self.watchers):
            watcher(action)


def open_network(config: SandboxConfig) -> Network:
    """The network of a config, with everything its state folder remembers."""
    store = Store(config.state)
    bot = User(
        id=config.bot_id, is_bot=True, first_name=config.bot_name, username=config.bot_username
    )
    for person in config.users:
        user = played(person)
        if store.state.users.get(person.id) != user:
            store.commit(Joined(user=user))
    group = Chat(id=config.group.id, type="supergroup", title=config.group.title)
    if store.state.chats.get(group.id) != group:
        store.commit(Grouped(chat=group))
    return Network(
        config=config,
        store=store,
        updates=UpdateQueue(store),
        files=Files(store, config.state),
        faults=Faults(),
        pace=Pace(time.monotonic, enforced=config.pace),
        bot=bot,
    )


def played(person: PlayedUser) -> User:
    """A played person as the Bot API shows them."""
    return User(
        id=person.id,
        is_bot=False,
        first_name=person.first_name,
        last_name=person.last_name or None,
        username=person.username or None,
        language_code=person.language_code or None,
    )
