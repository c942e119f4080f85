"""Orders and positions made elsewhere that wait for a word: stored before they are shown."""

import asyncio
from collections.abc import Sequence
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
    """Something made elsewhere: an order's key, or a position's symbol; exactly one is set."""

    stray_id: str
    order: OrderKey | None = None
    symbol: Symbol | None = None
    told: tuple[Told, ...] = ()

    @property
    def command_id(self) -> CommandId:
        """Whoever decides about the same stray decides the same thing, once."""
        return CommandId(f"stray:{self.stray_id}")


class Strays:
    """What waits for a decision, and which messages ask for it; no time is set for an answer."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._lying: dict[str, Stray] | None = None
        self._looking = asyncio.Lock()

    async def lay(self, found: Order | Position, label: str = "") -> Row:
        """Store it, and give the buttons that decide about it; `label` follows their words."""
        stray = _stray_of(found)
        if stray.stray_id not in await self._known():
            await self._store(stray)
        end = "Cancel" if stray.order is not None else "Close"
        return (
            Button(f"Adopt{label}", _press(stray, StrayVerb.ADOPT), Look.GOOD),
            Button(f"Ignore{label}", _press(stray, StrayVerb.IGNORE)),
            Button(f"{end}{label}", _press(stray, StrayVerb.END), Look.DANGER),
        )

    async def shown(self, found: Order | Position, told: Told) -> None:
        """Remember a message that asks about it."""
        stray = await self.get(_stray_of(found).stray_id)
        if stray is not None:
            await self._store(replace(stray, told=(*stray.told, told)))

    async def get(self, stray_id: str) -> Stray | None:
        """One that waits."""
        return (await self._known()).get(stray_id)

    async def waiting(self) -> Sequence[Stray]:
        """All that wait."""
        return tuple((await self._known()).values())

    async def remove(self, stray: Stray) -> None:
        """It is decided, and its messages say so."""
        known = await self._known()
        await self._shelf.remove(_KIND, stray.stray_id)
        known.pop(stray.stray_id, None)

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


def _stray_of(found: Order | Position) -> Stray:
    if isinstance(found, Order):
        return Stray(stray_id=f"o{found.key}", order=found.key)
    name = found.symbol.replace(":", "/") if found.position_id is None else found.position_id
    return Stray(stray_id=f"p{name}", symbol=found.symbol)


def _press(stray: Stray, verb: StrayVerb) -> str:
    return StrayPress(stray=stray.stray_id, verb=verb).pack()
