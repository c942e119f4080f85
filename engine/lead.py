"""A reign from within: how long the leader may act on the last word that it leads."""

import time
from collections.abc import Callable
from typing import Final

from engine.model.leader import Leader

LEASE_SECONDS: Final = 4.0
MARGIN_SECONDS: Final = 1.0
RENEW_SECONDS: Final = 1.0

# Counts on while the machine sleeps, where there is such a clock.
_CLOCK: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def seconds_since_boot() -> float:
    """A clock that never steps and never stands still."""
    return time.clock_gettime(_CLOCK)


class Lead:
    """One reign; `before` is whom it was taken over from, None where nobody had to be waited for.

    `sure_dead` is whether the process that led before has certainly ended.

    A leader that was frozen, or that the database has not heard for too long, must not act: its
    lease may have run out meanwhile, and another may lead. Once ended, a reign never acts again.
    """

    def __init__(
        self,
        epoch: int,
        before: Leader | None = None,
        *,
        sure_dead: bool = True,
        lease: float = LEASE_SECONDS,
        margin: float = MARGIN_SECONDS,
        now: Callable[[], float] = seconds_since_boot,
    ) -> None:
        self.epoch = epoch
        self.before = before
        self.sure_dead = sure_dead
        self._lasts = lease - margin
        self._now = now
        self._act_until = float("-inf")
        self._listen_until = float("-inf")
        self._over = False

    def moment(self) -> float:
        """To be taken before a renewal is asked for."""
        return self._now()

    def confirm(self, asked_at: float) -> None:
        """The lease was renewed; it counts from when that was asked for."""
        self._act_until = asked_at + self._lasts
        self.attempted(asked_at)

    def attempted(self, asked_at: float) -> None:
        """A renewal came to an end of any kind: we are awake, even where nobody answers."""
        self._listen_until = asked_at + self._lasts

    def end(self) -> None:
        """Another leads, or we stepped down."""
        self._over = True

    def may_act(self) -> bool:
        """Whether nobody else can lead now: whether an order may leave."""
        return not self._over and self._now() < self._act_until

    def may_listen(self) -> bool:
        """Whether what people say may be taken in: false after a freeze, until we have looked."""
        return not self._over and self._now() < self._listen_until
