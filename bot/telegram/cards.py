"""Confirmation cards: stored before they are shown, one person's, for a while, decided once."""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from bot.telegram.ports import Shelf
from bot.telegram.presses import CardPress, CardVerb
from bot.telegram.screen import Button, Screen
from engine.model.actor import Actor
from engine.model.command import (
    AmendOrder,
    CancelAll,
    CancelOrders,
    PlaceBracket,
    PlaceOrder,
    ReleaseBracket,
    RenewBracket,
)
from engine.model.ids import CommandId
from engine.model.people_command import ChangeRole, FreezeMember, RevokeMember, ThawMember
from engine.ports import Clock

Wish = (
    PlaceOrder
    | PlaceBracket
    | AmendOrder
    | CancelOrders
    | CancelAll
    | ReleaseBracket
    | RenewBracket
    | ChangeRole
    | FreezeMember
    | ThawMember
    | RevokeMember
)

_KIND = "card"
_WISHES: Mapping[str, type[Wish]] = {
    kind.__name__: kind
    for kind in (
        PlaceOrder,
        PlaceBracket,
        AmendOrder,
        CancelOrders,
        CancelAll,
        ReleaseBracket,
        RenewBracket,
        ChangeRole,
        FreezeMember,
        ThawMember,
        RevokeMember,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A wish that waits for its person; `body` is what the card says, in HTML.

    `unanswered` when it was confirmed and the exchange owes the answer; `lengthened` once a code
    was awaited. With `approvers`, actor ids, it waits for one of them; `told` are chat and message
    of those who see it.
    """

    card_id: str
    actor_id: str
    chat_id: int
    wish: Wish
    body: str
    expires_at: datetime
    message_id: int | None = None
    unanswered: bool = False
    lengthened: bool = False
    approvers: tuple[str, ...] = ()
    told: tuple[tuple[int, int], ...] = ()

    @property
    def command_id(self) -> CommandId:
        """Deciding a card twice means the same decision."""
        return CommandId(f"card:{self.card_id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    card_id: str
    actor_id: str
    chat_id: int
    wish_kind: str
    wish: msgspec.Raw
    body: str
    expires_at: datetime
    message_id: int | None = None
    unanswered: bool = False
    lengthened: bool = False
    approvers: tuple[str, ...] = ()
    told: tuple[tuple[int, int], ...] = ()


def _new_id() -> str:
    return secrets.token_urlsafe(12)


class Cards:
    """Lays cards on the shelf and takes them off again; what lies there is known by heart too."""

    def __init__(
        self,
        shelf: Shelf,
        clock: Clock,
        lifetime: timedelta,
        new_id: Callable[[], str] = _new_id,
    ) -> None:
        self._shelf = shelf
        self._clock = clock
        self._lifetime = lifetime
        self._new_id = new_id
        self._lying: dict[str, Card] | None = None
        self._looking = asyncio.Lock()

    async def lay(
        self, actor: Actor, chat_id: int, wish: Wish, body: str, confirm: Button
    ) -> Screen:
        """Store a card and give the message that shows it; `confirm`'s data is filled in."""
        card = Card(
            card_id=self._new_id(),
            actor_id=actor.actor_id,
            chat_id=chat_id,
            wish=wish,
            body=body,
            expires_at=self._clock.now() + self._lifetime,
        )
        await self._store(card)
        seconds = int(self._lifetime.total_seconds())
        return Screen(
            f"{body}\n\n<i>Expires in {seconds} s.</i>",
            rows=(
                (
                    replace(confirm, data=_press(card, CardVerb.CONFIRM)),
                    Button(_way_back(wish), _press(card, CardVerb.DECLINE)),
                ),
            ),
            card=card.card_id,
        )

    async def shown(self, card_id: str, message_id: int) -> None:
        """Remember which message shows a card."""
        card = await self.get(card_id)
        if card is not None:
            await self._store(replace(card, message_id=message_id))

    async def get(self, card_id: str) -> Card | None:
        """An undecided card."""
        return (await self._known()).get(card_id)

    async def remove(self, card: Card) -> None:
        """The card is decided and its message says so."""
        known = await self._known()
        await self._shelf.remove(_KIND, card.card_id)
        known.pop(card.card_id, None)

    async def wait(self, card: Card, message_id: int | None) -> None:
        """The card is confirmed, and its outcome is still to come."""
        await self._store(replace(card, message_id=message_id, unanswered=True))

    async def lengthen(self, card: Card, until: datetime) -> Card:
        """Let it be confirmed until then, where that is later; a card is lengthened once."""
        if card.lengthened:
            return card
        longer = replace(card, lengthened=True, expires_at=max(card.expires_at, until))
        await self._store(longer)
        return longer

    async def keep(self, card: Card) -> None:
        """Store what has become of a card that is not decided."""
        await self._store(card)

    async def told(self, card_id: str, chat_id: int, message_id: int) -> None:
        """Remember which message shows a card to somebody who may approve it."""
        card = await self.get(card_id)
        if card is not None:
            await self._store(replace(card, told=(*card.told, (chat_id, message_id))))

    async def held(self) -> Sequence[Card]:
        """Cards that wait for a second person."""
        return [card for card in (await self._known()).values() if card.approvers]

    async def undecided(self) -> Sequence[Card]:
        """Cards that can still be confirmed, or wait for a code or a second person."""
        return [card for card in (await self._known()).values() if not card.unanswered]

    async def due(self) -> Sequence[Card]:
        """Cards whose time is over, and those whose outcome is still to come."""
        now = self._clock.now()
        cards = (await self._known()).values()
        return [card for card in cards if card.unanswered or card.expires_at <= now]

    async def _known(self) -> dict[str, Card]:
        async with self._looking:
            if self._lying is None:
                found = await self._shelf.all(_KIND)
                self._lying = {key: _decoded(body) for key, body in found}
            return self._lying

    async def _store(self, card: Card) -> None:
        stored = _Stored(
            card_id=card.card_id,
            actor_id=card.actor_id,
            chat_id=card.chat_id,
            wish_kind=type(card.wish).__name__,
            wish=msgspec.Raw(msgspec.json.encode(card.wish)),
            body=card.body,
            expires_at=card.expires_at,
            message_id=card.message_id,
            unanswered=card.unanswered,
            lengthened=card.lengthened,
            approvers=card.approvers,
            told=card.told,
        )
        known = await self._known()
        await self._shelf.put(_KIND, card.card_id, msgspec.json.encode(stored))
        known[card.card_id] = card


def _decoded(body: bytes) -> Card:
    stored = msgspec.json.decode(body, type=_Stored)
    return Card(
        card_id=stored.card_id,
        actor_id=stored.actor_id,
        chat_id=stored.chat_id,
        wish=msgspec.json.decode(stored.wish, type=_WISHES[stored.wish_kind]),
        body=stored.body,
        expires_at=stored.expires_at,
        message_id=stored.message_id,
        unanswered=stored.unanswered,
        lengthened=stored.lengthened,
        approvers=stored.approvers,
        told=stored.told,
    )


def _way_back(wish: Wish) -> str:
    """Beside a button that cancels orders, Cancel would mean two things."""
    of_orders = CancelOrders | CancelAll | AmendOrder | ReleaseBracket | RenewBracket
    return "Keep" if isinstance(wish, of_orders) else "Cancel"


def _press(card: Card, verb: CardVerb) -> str:
    return CardPress(card=card.card_id, verb=verb).pack()
