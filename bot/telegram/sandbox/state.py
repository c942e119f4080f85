"""What the local Telegram knows: a fold over its records."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.telegram.sandbox.records import (
    Answered,
    AnyRecord,
    Blocked,
    Changed,
    CommandsSet,
    Confirmed,
    Counted,
    Entry,
    Grouped,
    Hooked,
    Joined,
    Kept,
    MenuSet,
    Pinned,
    Posted,
    Pressed,
    ProfileSet,
    Queued,
    Removed,
    Subscribed,
)
from bot.telegram.sandbox.shapes import BotCommand, Chat, Update, User

HISTORY = 2000  # messages kept per chat; older ones fall off at compaction
QUERY_MEMORY = 3600.0  # seconds an unanswered press is remembered


@dataclass(slots=True)
class State:
    """Chats, messages, pending updates and the bot's own settings."""

    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    entries: dict[int, dict[int, Entry]] = field(default_factory=dict)
    pinned: dict[int, list[int]] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    pending: dict[int, Update] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)
    hook: Hooked = field(default_factory=lambda: Hooked(url=""))
    commands: dict[tuple[str, str], list[BotCommand]] = field(default_factory=dict)
    profile: dict[tuple[str, str], str] = field(default_factory=dict)
    menus: dict[int, dict[str, object]] = field(default_factory=dict)
    queries: dict[str, Pressed] = field(default_factory=dict)
    files: dict[str, Kept] = field(default_factory=dict)
    next_update_id: int = 1
    next_private_id: int = 1
    next_group_id: int = 1

    def next_message_id(self, chat_id: int) -> int:
        """Private chats share one sequence, the group has its own, as in the real one."""
        return self.next_private_id if chat_id > 0 else self.next_group_id

    def apply(self, record: AnyRecord) -> None:
        """Fold one record in."""
        match record:
            case Joined(user=user):
                self.users[user.id] = user
                self._open(private_chat(user))
            case Grouped(chat=chat):
                self._open(chat)
            case Posted(entry=entry) | Changed(entry=entry):
                self._store(entry)
            case Removed():
                self._remove(record)
            case Queued(update=update):
                self.pending[update.update_id] = update
                self.next_update_id = max(self.next_update_id, update.update_id + 1)
            case Confirmed(before=before):
                for update_id in [known for known in self.pending if known < before]:
                    del self.pending[update_id]
            case Pressed():
                self._press(record)
            case Answered():
                self.queries.pop(record.query_id, None)
            case Kept():
                self.files[record.file_id] = record
            case Counted():
                self.next_update_id = record.update_id
                self.next_private_id = record.private_message_id
                self.next_group_id = record.group_message_id
            case _:
                self._set(record)

    def _set(self, record: AnyRecord) -> None:
        match record:
            case Subscribed(kinds=kinds):
                self.kinds = kinds
            case Hooked():
                self.hook = record
            case CommandsSet(scope=scope, language=language, commands=commands):
                self.commands[scope, language] = commands
                if not commands:
                    del self.commands[scope, language]
            case ProfileSet(part=part, language=language, text=text):
                self.profile[part, language] = text
            case MenuSet(chat_id=chat_id, button=button):
                self.menus[chat_id] = button
            case Pinned(chat_id=chat_id, message_ids=message_ids):
                self.pinned[chat_id] = message_ids
            case Blocked(user_id=user_id, blocked=blocked):
                (self.blocked.add if blocked else self.blocked.discard)(user_id)
            case _:
                raise TypeError(f"no rule for {type(record).__name__}")

    def _open(self, chat: Chat) -> None:
        self.chats[chat.id] = chat
        self.entries.setdefault(chat.id, {})

    def _store(self, entry: Entry) -> None:
        chat_id, message_id = entry.place
        self.entries[chat_id][message_id] = entry
        if chat_id > 0:
            self.next_private_id = max(self.next_private_id, message_id + 1)
        else:
            self.next_group_id = max(self.next_group_id, message_id + 1)

    def _press(self, record: Pressed) -> None:
        fresh = {i: q for i, q in self.queries.items() if record.at - q.at < QUERY_MEMORY}
        self.queries = fresh | {record.query_id: record}

    def _remove(self, record: Removed) -> None:
        for message_id in record.message_ids:
            self.entries[record.chat_id].pop(message_id, None)
        kept = [i for i in self.pinned.get(record.chat_id, []) if i not in record.message_ids]
        self.pinned[record.chat_id] = kept

    def records(self) -> Iterator[AnyRecord]:
        """The shortest log that leads to this state."""
        yield from (Joined(user=user) for user in self.users.values())
        yield from (Grouped(chat=chat) for chat in self.chats.values() if chat.id < 0)
        yield from self.files.values()
        for entries in self.entries.values():
            yield from (Posted(entry=entry) for entry in list(entries.values())[-HISTORY:])
        yield from (Pinned(chat_id=c, message_ids=ids) for c, ids in self.pinned.items() if ids)
        yield from (Blocked(user_id=user_id, blocked=True) for user_id in sorted(self.blocked))
        yield from self.queries.values()
        yield from (Queued(update=update) for update in self.pending.values())
        yield from self._settings()
        yield Counted(
            update_id=self.next_update_id,
            private_message_id=self.next_private_id,
            group_message_id=self.next_group_id,
        )

    def _settings(self) -> Iterator[AnyRecord]:
        yield Subscribed(kinds=self.kinds)
        yield self.hook
        for (scope, language), commands in self.commands.items():
            yield CommandsSet(scope=scope, language=language, commands=commands)
        for (part, language), text in self.profile.items():
            yield ProfileSet(part=part, language=language, text=text)
        for chat_id, button in self.menus.items():
            yield MenuSet(chat_id=chat_id, button=button)


def private_chat(user: User) -> Chat:
    """The chat of one person with the bot."""
    return Chat(
        id=user.id,
        type="private",
        first_name=user.first_name,
        last_name=user.last_name,
        username=user.username,
    )
