"""`/control/...`: playing people, reading chats, arranging trouble. For tests and the page."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
from aiohttp import web

from bot.telegram.sandbox import people
from bot.telegram.sandbox.commands import menu
from bot.telegram.sandbox.errors import ApiError, bad_request
from bot.telegram.sandbox.faults import Fault
from bot.telegram.sandbox.handing import Handed, hand
from bot.telegram.sandbox.network import Network
from bot.telegram.sandbox.params import Upload
from bot.telegram.sandbox.records import Entry
from bot.telegram.sandbox.shapes import User

T = TypeVar("T")
_LONGEST_WAIT = 120.0
_MOST_MESSAGES = 500


class _Say(msgspec.Struct, forbid_unknown_fields=True):
    user_id: int
    text: str
    chat_id: int | None = None
    reply_to_message_id: int | None = None
    message_thread_id: int | None = None


class _Hand(msgspec.Struct, forbid_unknown_fields=True):
    user_id: int
    name: str
    content: bytes
    caption: str = ""
    chat_id: int | None = None
    reply_to_message_id: int | None = None


class _Edit(msgspec.Struct, forbid_unknown_fields=True):
    user_id: int
    message_id: int
    text: str
    chat_id: int | None = None


class _Tap(msgspec.Struct, forbid_unknown_fields=True):
    user_id: int
    message_id: int
    button: str
    chat_id: int | None = None
    wait: float = 5.0
    stale: bool = False


class _React(msgspec.Struct, forbid_unknown_fields=True):
    user_id: int
    message_id: int
    emoji: str = ""
    chat_id: int | None = None


class _Block(msgspec.Struct, forbid_unknown_fields=True):
    user_id: int | None = None
    chat_id: int | None = None
    blocked: bool = True


class _Join(msgspec.Struct, forbid_unknown_fields=True):
    first_name: str
    id: int | None = None
    last_name: str | None = None
    username: str | None = None
    language_code: str = "en"


Handler = Callable[[web.Request], Awaitable[object]]


class Control:
    """Control calls over a network; every answer is JSON with `ok`."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def routes(self) -> list[web.RouteDef]:
        """Where control answers."""
        return [
            web.post("/control/say", _answering(self.say)),
            web.post("/control/hand", _answering(self.hand)),
            web.post("/control/edit", _answering(self.edit)),
            web.post("/control/tap", _answering(self.tap)),
            web.post("/control/react", _answering(self.react)),
            web.post("/control/block", _answering(self.block)),
            web.post("/control/user", _answering(self.join)),
            web.post("/control/fault", _answering(self.fault)),
            web.get("/control/messages", _answering(self.messages)),
            web.get("/control/wait", _answering(self.wait)),
            web.get("/control/state", _answering(self.state)),
        ]

    async def say(self, request: web.Request) -> object:
        """A person writes; a text over 4096 becomes several messages."""
        order = await _body(request, _Say)
        said = people.say(
            self._network,
            order.user_id,
            order.text,
            order.chat_id,
            order.reply_to_message_id,
            order.message_thread_id,
        )
        return {
            "message_id": said[0].message_id,
            "update_id": said[0].update_id,
            "message_ids": [one.message_id for one in said],
        }

    async def hand(self, request: web.Request) -> object:
        """A person sends a file, its `content` in base64."""
        order = await _body(request, _Hand)
        handed = Handed(
            file=Upload(order.name, "application/octet-stream", order.content),
            caption=order.caption,
            reply_to=order.reply_to_message_id,
        )
        return hand(self._network, order.user_id, handed, order.chat_id)

    async def edit(self, request: web.Request) -> object:
        """A person edits an own message."""
        order = await _body(request, _Edit)
        return people.edit(
            self._network, order.user_id, order.message_id, order.text, order.chat_id
        )

    async def tap(self, request: web.Request) -> object:
        """A person presses a button; `stale` sends `button` as data though it is not shown."""
        order = await _body(request, _Tap)
        chat = people.place(self._network, order.user_id, order.chat_id)
        data: str | None = order.button
        if not order.stale:
            button = people.button_of(self._network, chat, order.message_id, order.button)
            data = button.callback_data
            if data is None:
                return {"answered": False, "update_id": None, "button": button}
        wait = max(0.0, min(order.wait, _LONGEST_WAIT))
        tapped = await people.tap(
            self._network, order.user_id, chat, order.message_id, data or "", wait
        )
        answer = tapped.answer
        return {
            "query_id": tapped.query_id,
            "update_id": tapped.update_id,
            "answered": answer is not None,
            "text": answer.text if answer else "",
            "show_alert": answer.alert if answer else False,
            "url": answer.url if answer else "",
        }

    async def react(self, request: web.Request) -> object:
        """A person reacts to a message."""
        order = await _body(request, _React)
        return people.react(
            self._network, order.user_id, order.message_id, order.emoji, order.chat_id
        )

    async def block(self, request: web.Request) -> object:
        """A person, or the group `chat_id`, puts the bot out, or lets it in again."""
        order = await _body(request, _Block)
        chat = people.place(self._network, order.user_id, None) if order.user_id else None
        people.block(self._network, chat.id if chat else order.chat_id, blocked=order.blocked)
        return {}

    async def join(self, request: web.Request) -> object:
        """One more person to play."""
        order = await _body(request, _Join)
        users = self._network.store.state.users
        user = User(
            id=order.id or max([3000, *users]) + 1,
            is_bot=False,
            first_name=order.first_name,
            last_name=order.last_name,
            username=order.username,
            language_code=order.language_code,
        )
        return {"user": people.join(self._network, user)}

    async def fault(self, request: web.Request) -> object:
        """The next calls of the bot go wrong."""
        self._network.faults.add(await _body(request, Fault))
        return {"waiting": len(self._network.faults.waiting)}

    async def messages(self, request: web.Request) -> object:
        """Messages of a chat, oldest first: after a message id, or the last ones before one."""
        entries = self._after(request)
        before = _number(request, "before", 0)
        limit = max(1, min(_number(request, "limit", _MOST_MESSAGES), _MOST_MESSAGES))
        if before:
            entries = [entry for entry in entries if entry.message.message_id < before]
        return {"messages": [shown(entry) for entry in entries[-limit:]]}

    async def wait(self, request: web.Request) -> object:
        """Wait until the bot has a message with this text (or button) in a chat.

        `from=any` looks at the people's messages too; 408 after `timeout` seconds (10).
        """
        timeout = min(float(_number(request, "timeout", 10)), _LONGEST_WAIT)
        found: list[Entry] = []

        def reached() -> bool:
            found[:] = [entry for entry in self._after(request) if self._fits(entry, request)]
            return bool(found)

        if await self._network.store.until(reached, timeout):
            return {"message": shown(found[-1])}
        seen = [entry.message.words for entry in self._after(request)][-5:]
        raise ApiError(408, f"no such message within {timeout:g} s; the last ones: {seen}")

    async def state(self, _request: web.Request) -> object:
        """Counts, pending updates, and each person's command menu."""
        state = self._network.store.state
        return {
            "bot": self._network.bot,
            "users": list(state.users.values()),
            "chats": list(state.chats.values()),
            "messages": {str(chat): len(entries) for chat, entries in state.entries.items()},
            "pending_updates": len(state.pending),
            "pending": [update.update_id for update in state.pending.values()],
            "next_update_id": state.next_update_id,
            "webhook": state.hook.url,
            "allowed_updates": state.kinds,
            "faults": len(self._network.faults.waiting),
            "pinned": {str(chat): ids for chat, ids in state.pinned.items() if ids},
            "commands": {
                str(user.id): menu(self._network, state.chats[user.id], user)
                for user in state.users.values()
            },
        }

    def _after(self, request: web.Request) -> list[Entry]:
        chat = self._network.chat(request.query.get("chat_id", ""))
        after = _number(request, "after", 0)
        entries = self._network.store.state.entries[chat.id].values()
        return [entry for entry in entries if entry.message.message_id > after]

    def _fits(self, entry: Entry, request: web.Request) -> bool:
        message = entry.message
        if request.query.get("from") != "any" and message.sender != self._network.bot:
            return False
        button = request.query.get("button")
        rows = message.reply_markup.inline_keyboard if message.reply_markup else []
        labels = [button.text for row in rows for button in row]
        if button is not None and not any(button in label for label in labels):
            return False
        return request.query.get("contains", "") in message.words


def shown(entry: Entry) -> dict[str, object]:
    """A message with what only its chat sees: silence, input aid, reactions."""
    fields: dict[str, object] = msgspec.to_builtins(entry.message)
    fields |= {"silent": entry.silent, "reactions": entry.reactions}
    if entry.aid:
        fields["input_aid"] = msgspec.to_builtins(entry.aid)
    return fields


def _answering(handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        try:
            result = msgspec.to_builtins(await handler(request))
        except ApiError as error:
            return _json({"ok": False, "error": error.description}, error.code)
        return _json({"ok": True} | result)

    return answer


def _json(body: dict[str, object], status: int = 200) -> web.Response:
    return web.Response(
        status=status, body=msgspec.json.encode(body), content_type="application/json"
    )


async def _body(request: web.Request, kind: type[T]) -> T:
    if request.content_type != "application/json":
        raise ApiError(415, "control takes application/json")
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except msgspec.DecodeError as error:
        raise bad_request(str(error)) from None


def _number(request: web.Request, name: str, default: int) -> int:
    try:
        return int(request.query.get(name) or default)
    except ValueError:
        raise bad_request(f"{name} must be a whole number") from None
