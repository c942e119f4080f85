"""The chat page: static files, the files people see, and the stream that keeps it live."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from aiohttp import web

from bot.telegram.sandbox.commands import menu
from bot.telegram.sandbox.control import shown
from bot.telegram.sandbox.network import Action, Network
from bot.telegram.sandbox.records import (
    Answered,
    AnyRecord,
    Changed,
    CommandsSet,
    Grouped,
    Joined,
    Pinned,
    Posted,
    ProfileSet,
    Removed,
)
from bot.telegram.sandbox.shapes import Chat, User

_STATIC = Path(__file__).parent / "page"
_RECENT = 200
_BACKLOG = 2000
_HEARTBEAT = 15.0
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")

Event = dict[str, object]


class ChatPage:
    """Serves the page; every open page has one event stream."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._open: set[asyncio.Queue[Event | None]] = set()
        self._closing = False

    def close(self) -> None:
        """End all streams."""
        self._closing = True
        for queue in self._open:
            queue.put_nowait(None)

    def routes(self) -> list[web.RouteDef]:
        """Where the page and its parts are."""
        return [
            web.get("/", self.index),
            web.get("/page/events", self.events),
            web.get("/page/file/{file_id}", self.file),
            web.get("/page/{name:[a-z_]+[.](?:css|js|svg)}", self.static),
        ]

    async def index(self, _request: web.Request) -> web.StreamResponse:
        """The page itself."""
        return _served("index.html")

    async def static(self, request: web.Request) -> web.StreamResponse:
        """Its styles and scripts."""
        return _served(request.match_info["name"])

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A photo to show, or a document to save."""
        kept = self._network.store.state.files.get(request.match_info["file_id"])
        if kept is None:
            raise web.HTTPNotFound
        picture = kept.is_photo and kept.mime in _PICTURES
        return web.Response(
            body=self._network.files.data(kept),
            content_type=kept.mime if picture else "application/octet-stream",
            headers={
                "Content-Disposition": "inline" if picture else "attachment",
                "Cache-Control": "private, max-age=86400, immutable",
            },
        )

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events for one person: a snapshot first, then what changes."""
        user = self._viewer(request)
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        with self._watching(user) as queue:
            try:
                await response.write(_line(self._snapshot(user)))
                while not self._closing:
                    await response.write(await self._next(queue, user))
            except ConnectionError:
                return response
        return response

    async def _next(self, queue: asyncio.Queue[Event | None], user: User) -> bytes:
        """What happened since, in one piece; a comment where nothing did for a while."""
        try:
            async with asyncio.timeout(_HEARTBEAT):
                event = await queue.get()
        except TimeoutError:
            return b": still here\n\n"
        return _line(self._snapshot(user) if event is None else event)

    def _viewer(self, request: web.Request) -> User:
        users = self._network.store.state.users
        wanted = request.query.get("user_id", "")
        known = users.get(int(wanted)) if wanted.isdecimal() else None
        return known or next(iter(users.values()))

    @contextmanager
    def _watching(self, user: User) -> Iterator[asyncio.Queue[Event | None]]:
        """Everything this person sees happen; None where a new snapshot says it best."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        chats = {user.id, self._network.config.group.id}

        def put(event: Event | None) -> None:
            if queue.qsize() < _BACKLOG:
                queue.put_nowait(event)

        def hear(record: AnyRecord) -> None:
            if isinstance(record, Joined | Grouped | CommandsSet | ProfileSet | Pinned):
                put(None)
            elif event := _event(record, user, chats):
                put(event)

        def see(action: Action) -> None:
            if action.chat_id in chats:
                put({"kind": "action", "chat_id": action.chat_id, "action": action.action})

        self._network.watchers.append(see)
        self._open.add(queue)
        try:
            with self._network.store.listening(hear):
                yield queue
        finally:
            self._network.watchers.remove(see)
            self._open.remove(queue)

    def _snapshot(self, user: User) -> Event:
        state = self._network.store.state
        chats = [state.chats[user.id], state.chats[self._network.config.group.id]]
        language = user.language_code or ""
        about = state.profile.get(("description", language)) or state.profile.get(
            ("description", ""), ""
        )
        return {
            "kind": "snapshot",
            "me": user,
            "bot": self._network.bot,
            "about": about,
            "users": list(state.users.values()),
            "chats": [self._chat(chat, user) for chat in chats],
            "at": self._network.store.now(),
        }

    def _chat(self, chat: Chat, user: User) -> Event:
        entries = list(self._network.store.state.entries[chat.id].values())
        return {
            "chat": chat,
            "messages": [shown(entry) for entry in entries[-_RECENT:]],
            "has_older": len(entries) > _RECENT,
            "pinned": self._network.store.state.pinned.get(chat.id, []),
            "commands": menu(self._network, chat, user),
        }


def _event(record: AnyRecord, user: User, chats: set[int]) -> Event | None:
    match record:
        case Posted(entry=entry) | Changed(entry=entry) if entry.message.chat.id in chats:
            return {"kind": "message", "message": shown(entry)}
        case Removed(chat_id=chat_id, message_ids=ids) if chat_id in chats:
            return {"kind": "removed", "chat_id": chat_id, "message_ids": ids}
        case Answered(user_id=user.id):
            return {
                "kind": "answered",
                "chat_id": record.chat_id,
                "message_id": record.message_id,
                "text": record.text,
                "alert": record.alert,
                "url": record.url,
            }
        case _:
            return None


def _line(event: Event) -> bytes:
    return b"data: " + msgspec.json.encode(event) + b"\n\n"


def _served(name: str) -> web.StreamResponse:
    path = _STATIC / name
    if not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Cache-Control": "no-cache"})
