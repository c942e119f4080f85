"""People at the phone, and what of their doings reached the exchange."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from engine.simulator.config import SimulatorConfig
from tests.stage import CALM, Message, Stage

ADMINS, TRADERS, VIEWERS = range(4001, 4021), range(5001, 5061), range(6001, 6041)
STRANGERS = range(9001, 9100)
OTHER_KEY, OTHER_SECRET = "other-key", "other-secret"
QUICK = replace(
    CALM,
    walk_history_minutes=60,
    keys={**SimulatorConfig().keys, OTHER_KEY: OTHER_SECRET},
)
STAFF = {
    "TELEGRAM_ADMINS": ",".join(map(str, ADMINS)),
    "TELEGRAM_TRADERS": ",".join(map(str, TRADERS)),
    "TELEGRAM_VIEWERS": ",".join(map(str, VIEWERS)),
}

Row = Sequence[object]

SYMBOL, AMOUNT, ORIGINAL, TYPE, FLAGS, STATUS, PRICE, AUX_LIMIT = 3, 6, 7, 8, 12, 13, 16, 19
HIDDEN = 64


@dataclass(frozen=True)
class Person:
    """Somebody in a private chat with the bot."""

    stage: Stage
    id: int

    async def says(self, text: str) -> int:
        """Write; the message's id."""
        return await self.stage.say(text, self.id)

    async def asks(self, text: str, *words: str) -> Message:
        """Write and hear an answer with these words."""
        return await self.hears(*words, after=await self.says(text))

    async def hears(self, *words: str, after: int = 0) -> Message:
        """A message of the bot with these words."""
        try:
            return await self.stage.hears(*words, after=after, chat=self.id)
        except AssertionError:
            raise AssertionError(f"no {words} in {await self.heard()}") from None

    async def taps(self, message: Message, button: str, **more: object) -> str:
        """Press a button; the short notice that pops up."""
        told = await self.stage.tap(message, button, self.id, **more)
        assert told["answered"], f"{button} spins for ever"
        return str(told["text"])

    async def sees(self, message: Message, *words: str) -> Message:
        """The same message, once it has these words."""
        try:
            return await self.stage.becomes(message, *words, chat=self.id)
        except AssertionError:
            raise AssertionError(f"no {words} in {await self.reads(message)}") from None

    async def reads(self, message: Message) -> Message:
        """The same message as it is now."""
        return next(m for m in await self.stage.messages(self.id) if m.id == message.id)

    async def heard(self) -> list[str]:
        """Everything the bot has told so far."""
        return [m.text for m in await self.stage.messages(self.id) if m.from_bot]

    async def places(self, text: str) -> Message:
        """Place a resting order from card to `Working`."""
        card = await self.asks(text, "Expires in")
        await self.taps(card, card.buttons[0])
        return await self.sees(card, "Working")

    async def resumes(self) -> None:
        """Let trading go on, from card to outcome."""
        card = await self.asks("/resume", "Trading is paused", "Expires in")
        await self.taps(card, "Resume")
        await self.sees(card, "Trading was paused", "Trading is resumed")


@dataclass
class House:
    """A running house whose staff is as large as the tests need."""

    stage: Stage
    web_url: str
    _numbers: dict[range, Iterator[int]] = field(default_factory=dict)

    async def admin(self) -> Person:
        """A new admin."""
        return await self._joins(ADMINS)

    async def trader(self) -> Person:
        """A new trader."""
        return await self._joins(TRADERS)

    async def viewer(self) -> Person:
        """A new viewer."""
        return await self._joins(VIEWERS)

    async def stranger(self) -> Person:
        """Somebody nobody let in."""
        return await self._joins(STRANGERS)

    async def _joins(self, ids: range) -> Person:
        return await joined(self.stage, next(self._numbers.setdefault(ids, iter(ids))))


async def joined(stage: Stage, user_id: int) -> Person:
    """This person with a phone in their hand."""
    body = {"id": user_id, "first_name": f"Person {user_id}"}
    async with stage.http.post(f"{stage.telegram.url}/control/user", json=body) as answer:
        assert answer.status == 200, await answer.text()
    return Person(stage, user_id)


@dataclass(frozen=True)
class Ledger:
    """What the exchange saw since the ledger was opened."""

    stage: Stage
    before: frozenset[object]
    attempts: frozenset[str]

    @classmethod
    async def opened(cls, stage: Stage) -> "Ledger":
        """A ledger from now on."""
        state = await stage.exchange()
        tried = state["attempts"]
        assert isinstance(tried, dict)
        rows = await stage.orders_at_exchange()
        return cls(stage, frozenset(row[0] for row in rows), frozenset(tried))

    async def orders(self) -> list[Row]:
        """Orders since then; each was asked for exactly once."""
        rows = [row for row in await self.stage.orders_at_exchange() if row[0] not in self.before]
        state = await self.stage.exchange()
        tried = state["attempts"]
        assert isinstance(tried, dict)
        fresh = {cid: times for cid, times in tried.items() if cid not in self.attempts}
        assert set(fresh.values()) <= {1}, fresh
        assert len(fresh) == len(rows), (fresh, rows)
        return rows

    async def one(self) -> Row:
        """The only order since then."""
        (row,) = await self.orders()
        return row

    async def untouched(self) -> bool:
        """Whether nothing was even tried."""
        return await self.orders() == []
