"""Codes of people's authenticators: looked at once, few times wrong, good for a short while."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from engine.factor_ports import FactorStore
from engine.model.factor import Factor
from engine.model.ids import CommandId
from engine.people.lockout import locked, matched, missed, tries_left
from engine.people.totp import SECRET_BYTES, matching_step
from engine.ports import Clock

CONFIRM_WITHIN: Final = timedelta(minutes=5)
CARRY_OUT_WITHIN: Final = timedelta(seconds=60)
"""How long a code that was given for one wish is good for that."""


@dataclass(frozen=True, slots=True)
class Right:
    """The code was right and had not been used; `confirmed` when it made the factor count."""

    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Wrong:
    """It was not; `left` tries remain."""

    left: int


@dataclass(frozen=True, slots=True)
class LockedOut:
    """No code is looked at `until` then; `now` when it is this code that was one too many."""

    until: datetime
    now: bool = False


@dataclass(frozen=True, slots=True)
class Without:
    """There is no authenticator whose code it could be, or its time to confirm is over."""


Look = Right | Wrong | LockedOut | Without


@dataclass(frozen=True, slots=True)
class _Shown:
    at: datetime
    wish: CommandId | None


class SecondFactor:
    """Who has one, whether a code is right, and who has shown one lately.

    What was shown is known to this process alone: after a restart everybody shows a code anew.
    What was shown in the chat counts there only. By another way a code counts for the one wish it
    was shown with, and those that are named after it; and wrong codes lock out that way alone, or
    whoever has somebody's token could keep that person from resuming.
    """

    def __init__(
        self,
        store: FactorStore,
        clock: Clock,
        grace: timedelta,
        new_secret: Callable[[], bytes] = lambda: secrets.token_bytes(SECRET_BYTES),
    ) -> None:
        self._store = store
        self._clock = clock
        self._grace = grace
        self._new_secret = new_secret
        self._shown: dict[tuple[str, str], _Shown] = {}
        self._missed: dict[tuple[str, str], Factor] = {}

    async def of(self, actor_id: str) -> Factor | None:
        """What is kept for a person, confirmed or not; None once its time to confirm is over."""
        kept = await self._store.get(actor_id)
        return kept if kept is not None and (kept.confirmed or self._in_time(kept)) else None

    async def begin(self, actor_id: str) -> Factor | None:
        """A new secret that a code has to confirm; None when one counts already."""
        fresh = Factor(actor_id=actor_id, secret=self._new_secret(), begun_at=self._clock.now())
        return fresh if await self._store.begin(fresh) else None

    async def look(self, actor_id: str, code: str, wish: CommandId | None, via: str = "") -> Look:
        """Whether a code is right; what became of it is kept before it is told."""
        while True:
            kept, now = await self.of(actor_id), self._clock.now()
            if kept is None:
                return Without()
            counted = self._counted(kept, via)
            if (until := locked(kept, now) or locked(counted, now)) is not None:
                return LockedOut(until)
            step = matching_step(kept.secret, code, now, after=kept.last_step)
            after = missed(counted, now) if step is None else matched(kept, step)
            if step is None and via:
                self._missed[actor_id, via] = after
            elif not await self._store.swap(kept, after):
                continue  # another code was looked at meanwhile
            if step is not None:
                self._missed.pop((actor_id, via), None)
                self._shown[actor_id, via] = _Shown(now, wish)
                return Right(confirmed=not kept.confirmed)
            until = locked(after, now)
            return Wrong(tries_left(after)) if until is None else LockedOut(until, now=True)

    async def remove(self, actor_id: str) -> bool:
        """Forget it; whether one that counted was there."""
        self.distrust(actor_id)
        return await self._store.remove(actor_id)

    def distrust(self, actor_id: str) -> None:
        """What somebody has shown counts no longer."""
        self._shown = {key: shown for key, shown in self._shown.items() if key[0] != actor_id}
        self._missed = {key: past for key, past in self._missed.items() if key[0] != actor_id}

    def fresh(
        self, actor_id: str, wish: CommandId, *, via: str = "", for_this_alone: bool = False
    ) -> bool:
        """Whether a right code was shown for this wish just now, or for any within the grace."""
        shown = self._shown.get((actor_id, via))
        if shown is None:
            return False
        age = self._clock.now() - shown.at
        part = bool(via) and shown.wish is not None and wish.startswith(f"{shown.wish}:")
        if (shown.wish == wish or part) and age <= CARRY_OUT_WITHIN:
            return True
        return not via and not for_this_alone and age < self._grace

    def _counted(self, kept: Factor, via: str) -> Factor:
        """With the wrong codes that came this way."""
        none = replace(kept, failures=0, lockouts=0, locked_until=None)
        return self._missed.get((kept.actor_id, via), none) if via else kept

    def _in_time(self, kept: Factor) -> bool:
        return self._clock.now() - kept.begun_at < CONFIRM_WITHIN
