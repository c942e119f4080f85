"""Confirmation cards: stored before they are shown, one person's, for a while, decided once.

Only a panic's is shown also while it cannot be stored.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec
import structlog

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
    ResumeTrading,
)
from engine.model.errors import JournalUnavailable
from engine.model.ids import CommandId
from engine.model.panic_command import CallPanic
from engine.model.people_command import (
    ChangeRole,
    EndTokens,
    FreezeMember,
    RevokeMember,
    ThawMember,
)
from engine.model.risk_command import (
    ChangeLimit,
    ResetBreaker,
    ResetGuard,
    SetWindows,
    UnlockSymbol,
)
from engine.ports import Clock

Wish = (
    PlaceOrder
    | PlaceBracket
    | AmendOrder
    | CancelOrders
    | CancelAll
    | ReleaseBracket
    | RenewBracket
    | ChangeLimit
    | SetWindows
    | ResetGuard
    | ResetBreaker
    | UnlockSymbol
    | ChangeRole
    | FreezeMember
    | ThawMember
    | RevokeMember
    | EndTokens
    | CallPanic
    | ResumeTrading
)

KEPT = (
    CancelOrders
    | CancelAll
    | AmendOrder
    | ReleaseBracket
    | RenewBracket
    | CallPanic
    | ResumeTrading
)
"""Wishes that change what there is: who decides against one keeps it as it is."""

log = structlog.get_logger()

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
        ChangeLimit,
        SetWindows,
        ResetGuard,
        ResetBreaker,
        UnlockSymbol,
        ChangeRole,
        FreezeMember,
        ThawMember,
        RevokeMember,
        EndTokens,
        CallPanic,
        ResumeTrading,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A wish that waits for its person; `body` is what the card says, in HTML.

    `other` is the wish one may choose instead; `unanswered` when it was confirmed and the
    exchange owes the answer; `lengthened` once a code was awaited. With `approvers`, actor ids, it
    waits for one of them; `told` are chat and message of those who see it.
    """

    card_id: str
    actor_id: str
    chat_id: int
    wish: Wish
    body: str
    expires_at: datetime
    other: Wish | None = None
    message_id: int | None = None
    unanswered: bool = False
    lengthened: bool = False
    approvers: tuple[str, ...] = ()
    told: tuple[tuple[int, int], ...] = ()

    def chosen(self, verb: CardVerb) -> "Card":
        """The card with the wish that was pressed alone."""
        if verb is not CardVerb.OTHER or self.other is None:
            return self
        return replace(self, wish=self.other, other=None)

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
    other_kind: str | None = None
    other: str = ""
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
        self._changing = asyncio.Lock()

    async def lay(
        self,
        actor: Actor,
        chat_id: int,
        wish: Wish,
        body: str,
        confirm: Button,
        *,
        other: tuple[Wish, Button] | None = None,
    ) -> Screen:
        """Store a card and give the message that shows it; `confirm`'s data is filled in.

        `other` is a wish to choose instead, with its button; then each button has its own row.
        """
        card = Card(
            card_id=self._new_id(),
            actor_id=actor.actor_id,
            chat_id=chat_id,
            wish=wish,
            body=body,
            expires_at=self._clock.now() + self._lifetime,
            other=None if other is None else other[0],
        )
        await self._store(card)
        seconds = int(self._lifetime.total_seconds())
        return Screen(
            f"{body}\n\n<i>Expires in {seconds} s.</i>",
            rows=_rows(card, confirm, None if other is None else other[1]),
            card=card.card_id,
        )

    async def shown(self, card_id: str, message_id: int) -> None:
        """Remember which message shows a card."""
        await self.change(card_id, lambda card: replace(card, message_id=message_id))

    async def get(self, card_id: str) -> Card | None:
        """An undecided card."""
        return (await self._known()).get(card_id)

    async def change(self, card_id: str, become: Callable[[Card], Card]) -> Card | None:
        """Store what becomes of a card, one change after the other; None for one that is decided
        or never was."""
        async with self._changing:
            card = await self.get(card_id)
            if card is None or (changed := become(card)) == card:
                return card
            await self._store(changed)
            return changed

    async def remove(self, card: Card) -> None:
        """The card is decided and its message says so."""
        async with self._changing:
            known = await self._known()
            await self._shelf.remove(_KIND, card.card_id)
            known.pop(card.card_id, None)

    async def wait(self, card: Card, message_id: int | None) -> None:
        """The card is confirmed, and its outcome is still to come."""
        await self.change(
            card.card_id, lambda one: replace(one, message_id=message_id, unanswered=True)
        )

    async def lengthen(self, card: Card, until: datetime) -> Card:
        """Let it be confirmed until then, where that is later; a card is lengthened once."""

        def longer(one: Card) -> Card:
            if one.lengthened:
                return one
            return replace(one, lengthened=True, expires_at=max(one.expires_at, until))

        return await self.change(card.card_id, longer) or card

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
            other_kind=None if card.other is None else type(card.other).__name__,
            other=msgspec.json.encode(card.other).decode(),
            message_id=card.message_id,
            unanswered=card.unanswered,
            lengthened=card.lengthened,
            approvers=card.approvers,
            told=card.told,
        )
        known = await self._known()
        try:
            await self._shelf.put(_KIND, card.card_id, msgspec.json.encode(stored))
        except JournalUnavailable as error:
            if not isinstance(card.wish, CallPanic):
                raise
            # whoever wants everything stopped gets the card; a restart would lose it, no more
            log.warning("card_not_stored", card=card.card_id, detail=error.sentence)
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
        other=_other(stored),
        message_id=stored.message_id,
        unanswered=stored.unanswered,
        lengthened=stored.lengthened,
        approvers=stored.approvers,
        told=stored.told,
    )


def _other(stored: _Stored) -> Wish | None:
    if stored.other_kind is None:
        return None
    return msgspec.json.decode(stored.other, type=_WISHES[stored.other_kind])


def _rows(card: Card, confirm: Button, other: Button | None) -> tuple[tuple[Button, ...], ...]:
    first = replace(confirm, data=_press(card, CardVerb.CONFIRM))
    back = Button(_way_back(card.wish), _press(card, CardVerb.DECLINE))
    if other is None:
        return ((first, back),)
    return ((first,), (replace(other, data=_press(card, CardVerb.OTHER)),), (back,))


def _way_back(wish: Wish) -> str:
    """Beside a button that cancels orders, Cancel would mean two things."""
    return "Keep" if isinstance(wish, KEPT) else "Cancel"


def _press(card: Card, verb: CardVerb) -> str:
    return CardPress(card=card.card_id, verb=verb).pack()
