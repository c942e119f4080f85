"""Orders and positions made elsewhere that wait for a word: stored before they are shown."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

from bot.telegram.ports import Shelf
from bot.telegram.presses import StrayPress, StrayVerb
from bot.telegram.screen import Button, Look
from engine.model.ids import CommandId, OrderKey
from engine.model.order import Order
from engine.model.position import Position
from engine.model.symbol import Symbol

_KIND = "stray"

Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One message that asks about a stray; `body` is what it says, in HTML."""

    chat_id: int
    message_id: int
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """Something made elsewhere: an order's key, or a position's symbol; exactly one is set.

    `question` names this asking: the same thing may be asked about again, much later.
    """

    stray_id: str
    question: str
    order: OrderKey | None = None
    symbol: Symbol | None = None
    told: tuple[Told, ...] = ()

    @property
    def command_id(self) -> CommandId:
        """Whoever answers the same question answers it once, for all."""
        return CommandId(f"stray:{self.question}")


def _new_id() -> str:
    return secrets.token_urlsafe(9)


class Strays:
    """What waits for a decision, and which messages ask for it; no time is set for an answer."""

    def __init__(self, shelf: Shelf, new_id: Callable[[], str] = _new_id) -> None:
        self._shelf = shelf
        self._new_id = new_id
        self._lying: dict[str, Stray] | None = None
        self._looking = asyncio.Lock()
        self._noting = asyncio.Lock()

    async def lay(self, found: Order | Position, label: str = "") -> Row:
        """Store it, and give the buttons that decide about it; `label` follows their words."""
        stray = await self.get(_id_of(found))
        if stray is None:
            stray = self._stray(found)
            await self._store(stray)
        end = "Cancel" if stray.order is not None else "Close"
        return (
            Button(f"Adopt{label}", _press(stray, StrayVerb.ADOPT), Look.GOOD),
            Button(f"Ignore{label}", _press(stray, StrayVerb.IGNORE)),
            Button(f"{end}{label}", _press(stray, StrayVerb.END)),
        )

    async def shown(self, found: Order | Position, told: Told) -> None:
        """Remember a message that asks about it."""
        async with self._noting:
            stray = await self.get(_id_of(found))
            if stray is not None:
                await self._store(replace(stray, told=(*stray.told, told)))

    async def get(self, stray_id: str) -> Stray | None:
        """One that waits."""
        return (await self._known()).get(stray_id)

    async def remove(self, stray: Stray) -> None:
        """It is decided, and its messages say so."""
        known = await self._known()
        await self._shelf.remove(_KIND, stray.stray_id)
        known.pop(stray.stray_id, None)

    def _stray(self, found: Order | Position) -> Stray:
        order = found.key if isinstance(found, Order) else None
        symbol = found.symbol if isinstance(found, Position) else None
        return Stray(stray_id=_id_of(found), question=self._new_id(), order=order, symbol=symbol)

    async def _known(self) -> dict[str, Stray]:
        async with self._looking:
            if self._lying is None:
                found = await self._shelf.all(_KIND)
                self._lying = {key: msgspec.json.decode(body, type=Stray) for key, body in found}
            return self._lying

    async def _store(self, stray: Stray) -> None:
        known = await self._known()
        await self._shelf.put(_KIND, stray.stray_id, msgspec.json.encode(stray))
        known[stray.stray_id] = stray


def _id_of(found: Order | Position) -> str:
    """At most some 40 characters, none of them a colon."""
    if isinstance(found, Order):
        return f"o{found.key}"
    return "p" + found.symbol.replace(":", "/")


def _press(stray: Stray, verb: StrayVerb) -> str:
    return StrayPress(stray=stray.stray_id, verb=verb).pack()
