"""What the chat must remember over a restart, and whom it must know."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from engine.model.people import Member
from engine.model.result import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An update as Telegram sent it, and when it first reached us."""

    update_id: int
    body: bytes = field(repr=False)
    received_at: datetime


class Inbox(Protocol):
    """Updates, on disk before Telegram may forget them; each is handled once."""

    async def keep(self, updates: Sequence[Received]) -> frozenset[int]:
        """Store durably; the ids not seen before. Known ids, done or not, change nothing."""
        ...

    async def waiting(self) -> Sequence[Received]:
        """Those kept and not done, oldest first: work for after a crash."""
        ...

    async def done(self, update_id: int) -> None:
        """This one needs no more handling; it is remembered so that it never comes back."""
        ...

    async def known(self) -> frozenset[int]:
        """Every id still remembered, done or not."""
        ...


class Shelf(Protocol):
    """Small documents by kind and key: cards, panels, a chat's habits."""

    async def put(self, kind: str, key: str, body: bytes) -> None:
        """Store or replace, durable on return."""
        ...

    async def get(self, kind: str, key: str) -> bytes | None:
        """The document, or None."""
        ...

    async def remove(self, kind: str, key: str) -> None:
        """Forget it; nothing happens when it is not there."""
        ...

    async def all(self, kind: str) -> Sequence[tuple[str, bytes]]:
        """Every key and document of a kind, oldest first."""
        ...


class Roll(Protocol):
    """Everybody who may act or could once, as it stands at this moment."""

    def member(self, actor_id: str) -> Member | None:
        """Who that is; None for strangers."""
        ...


class Porch(Protocol):
    """Where somebody is let in who shows a good code, and it is written down who was not."""

    async def admit(self, actor_id: str, name: str, code: str) -> Member | Refused:
        """Who they are from now on, else why not; `JournalUnavailable`."""
        ...

    async def refused(self, actor_id: str, command: str, reasons: Sequence[str]) -> None:
        """A member without rights tried something."""
        ...

    async def turned_away(self, actor_id: str) -> None:
        """A stranger came."""
        ...
