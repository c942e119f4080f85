"""The whole play: a local Telegram, a simulated exchange, and the service between them."""

from base64 import b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.app import Service, build
from bot.cli.demo import wiring
from bot.settings import load_settings
from bot.telegram.sandbox.config import SandboxConfig
from bot.telegram.sandbox.server import LocalTelegram
from bot.telegram.sandbox.server import running as telegram_running
from engine.simulator.config import SimulatorConfig
from engine.simulator.server import Simulator
from engine.simulator.server import running as simulator_running
from tests.eventually import eventually_asked
from tests.hurried import ShiftedLoopClock, patient

OLIVIA = 1001
STEN = 2002
GROUP = SandboxConfig().group.id
CALM = SimulatorConfig(feed_paused=True, seed=7, walk_history_minutes=60)

Json = Mapping[str, object]


@dataclass(frozen=True)
class Message:
    """A message as the chat page shows it."""

    id: int
    text: str
    buttons: tuple[str, ...]
    from_bot: bool


@dataclass
class Stage:
    """The local phone and the strings behind the scene."""

    telegram: LocalTelegram
    simulator: Simulator
    http: aiohttp.ClientSession
    environ: Mapping[str, str]
    clock: ShiftedLoopClock = field(default_factory=ShiftedLoopClock)

    async def say(self, text: str, user: int = OLIVIA, chat: int | None = None) -> int:
        """A person writes; the message's id."""
        body = {"user_id": user, "text": text} | ({"chat_id": chat} if chat else {})
        return int(str((await self._phone("say", body))["message_id"]))

    async def reply(self, message: Message, text: str, user: int = OLIVIA) -> int:
        """A person answers a message; the answer's id."""
        body = {"user_id": user, "text": text, "reply_to_message_id": message.id}
        return int(str((await self._phone("say", body))["message_id"]))

    async def hand(
        self, name: str, content: bytes, caption: str = "", user: int = OLIVIA, **more: object
    ) -> int:
        """A person sends a file; the message's id."""
        body = {"name": name, "content": b64encode(content).decode(), "caption": caption}
        sent = await self._phone("hand", {"user_id": user, **body, **more})
        return int(str(sent["message_id"]))

    async def tap(self, message: Message, button: str, user: int = OLIVIA, **more: object) -> Json:
        """A person presses a button; what the bot answered to it."""
        body = {"user_id": user, "message_id": message.id, "button": button, "wait": patient(10.0)}
        return await self._phone("tap", body | more)

    async def edit(self, message_id: int, text: str, user: int = OLIVIA) -> None:
        """A person edits a message."""
        await self._phone("edit", {"user_id": user, "message_id": message_id, "text": text})

    async def messages(self, chat: int = OLIVIA, after: int = 0) -> list[Message]:
        """All messages of a chat."""
        url = f"{self.telegram.url}/control/messages"
        async with self.http.get(url, params={"chat_id": chat, "after": after}) as answer:
            told = await answer.json()
        return [_message(raw) for raw in told["messages"]]

    async def hears(self, *words: str, after: int = 0, chat: int = OLIVIA) -> Message:
        """The newest message of the bot that holds all these words, as soon as there is one."""

        async def found() -> Message | None:
            fits = [
                message
                for message in await self.messages(chat, after)
                if message.from_bot and all(word in message.text for word in words)
            ]
            return fits[-1] if fits else None

        message = await eventually_asked(found, patience=15.0)
        assert message is not None
        return message

    async def asks(self, text: str, *words: str, user: int = OLIVIA) -> Message:
        """Say something and hear an answer with these words."""
        said = await self.say(text, user)
        return await self.hears(*words, after=said, chat=user)

    async def becomes(self, message: Message, *words: str, chat: int = OLIVIA) -> Message:
        """The same message, as soon as it holds these words."""

        async def changed() -> Message | None:
            for seen in await self.messages(chat, message.id - 1):
                if seen.id == message.id and all(word in seen.text for word in words):
                    return seen
            return None

        seen = await eventually_asked(changed, patience=15.0)
        assert seen is not None
        return seen

    async def control(self, what: str, **body: object) -> Json:
        """Pull a string of the exchange."""
        async with self.http.post(f"{self.simulator.url}/control/{what}", json=body) as answer:
            assert answer.status == 200, await answer.text()
            told: Json = await answer.json()
            return told

    async def passes(self, seconds: float) -> None:
        """Time goes by: for the service and, in steps, for the exchange."""
        self.clock.advance(seconds)
        await self.control("clock", advance=seconds)

    async def exchange(self) -> Json:
        """What the exchange knows."""
        async with self.http.get(f"{self.simulator.url}/control/state") as answer:
            told: Json = await answer.json()
            return told

    async def orders_at_exchange(self) -> list[Sequence[object]]:
        """Rows of every order the exchange has or had."""
        state = await self.exchange()
        open_, closed = state["orders"], state["history"]
        assert isinstance(open_, list)
        assert isinstance(closed, list)
        return [*open_, *closed]

    async def _phone(self, what: str, body: Json) -> Json:
        async with self.http.post(f"{self.telegram.url}/control/{what}", json=body) as answer:
            told: Json = await answer.json()
            assert answer.status == 200, told
            return told


@asynccontextmanager
async def scenery(
    database_url: str, folder: Path, exchange: SimulatorConfig = CALM, **settings: str
) -> AsyncIterator[Stage]:
    """Everything but the service; `settings` go into its environment."""
    sandbox = SandboxConfig(state=folder / "telegram")
    async with (
        telegram_running(sandbox) as telegram,
        simulator_running(exchange) as simulator,
        aiohttp.ClientSession() as http,
    ):
        environ = {
            **wiring(simulator, exchange, telegram, sandbox),
            "DATABASE_URL": database_url,
            "GENESIS_STATE_DIR": str(folder),
            "PORT": "0",
            **settings,
        }
        yield Stage(telegram, simulator, http, environ)


@asynccontextmanager
async def service_on(stage: Stage) -> AsyncIterator[Service]:
    """The service in this process, ready to trade."""
    async with build(load_settings(stage.environ, None), stage.clock) as service:
        await ready(service.web_url, stage.http)
        yield service


async def ready(web_url: str, http: aiohttp.ClientSession) -> None:
    """Return when /ready says so."""

    async def is_ready() -> bool:
        async with http.get(f"{web_url}/ready") as answer:
            return answer.status == 200

    await eventually_asked(is_ready, patience=20.0)


def _message(raw: Json) -> Message:
    markup = raw.get("reply_markup")
    rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
    sender = raw.get("from")
    return Message(
        id=int(str(raw["message_id"])),
        text=str(raw.get("text") or raw.get("caption") or ""),
        buttons=tuple(button["text"] for row in rows for button in row),
        from_bot=isinstance(sender, dict) and bool(sender.get("is_bot")),
    )
