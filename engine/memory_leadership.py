"""Leadership without a database: the same contract, for services of one process."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from engine.lead import LEASE_SECONDS, Lead, seconds_since_boot
from engine.model.errors import Deposed, JournalUnavailable
from engine.model.leader import Leader
from engine.ports import Clock

LOOK_SECONDS: Final = 0.05


@dataclass
class MemoryLease:
    """What services agree on. Set `available` to False to play a database that is away."""

    clock: Clock
    available: bool = True
    leader: Leader | None = None

    def runs(self, lease: float) -> bool:
        """Whether somebody leads and was heard within the lease."""
        leader = self.leader
        if leader is None or leader.stepped_down:
            return False
        return self.clock.now() < leader.heard_at + timedelta(seconds=lease)


class MemoryLeadership:
    """One service's view of a lease that several share."""

    def __init__(
        self,
        lease: MemoryLease,
        name: str,
        *,
        seconds: float = LEASE_SECONDS,
        margin: float | None = None,
        now: Callable[[], float] = seconds_since_boot,
    ) -> None:
        self.name = name
        self._lease = lease
        self._seconds = seconds
        self._margin = seconds / 4 if margin is None else margin
        self._now = now
        self._lead: Lead | None = None
        self._seen: Leader | None = None

    @property
    def leader(self) -> Leader | None:
        """As the port says."""
        return self._seen

    async def acquire(self, stands_by: Callable[[], None] = lambda: None) -> Lead:
        """As the port says."""
        waited = False
        while not self._lease.available or (self._lease.runs(self._seconds) and not self._ours()):
            if self._lease.available:
                waited, self._seen = True, self._lease.leader
                stands_by()
            await self._lease.clock.sleep(LOOK_SECONDS)
        return self._take(self._lease.leader if waited else None)

    async def renew(self) -> None:
        """As the port says."""
        lead = self._lead
        if lead is None:
            raise Deposed
        asked_at = lead.moment()
        if not self._lease.available:
            lead.attempted(asked_at)
            raise JournalUnavailable
        leader = self._lease.leader
        if leader is None or not self._ours():
            lead.end()
            raise Deposed
        self._lease.leader = replace(leader, heard_at=self._lease.clock.now())
        lead.confirm(asked_at)

    async def release(self) -> None:
        """As the port says."""
        lead, leader = self._lead, self._lease.leader
        if lead is None:
            return
        lead.end()
        if leader is not None and self._ours() and self._lease.available:
            self._lease.leader = replace(leader, stepped_down=True)
        self._lead = None

    def _ours(self) -> bool:
        leader = self._lease.leader
        return leader is not None and self._lead is not None and leader.epoch == self._lead.epoch

    def _take(self, before: Leader | None) -> Lead:
        if self._lead is not None:
            self._lead.end()
        last, now = self._lease.leader, self._lease.clock.now()
        epoch = 1 if last is None else last.epoch + 1
        lead = Lead(epoch, before, lease=self._seconds, margin=self._margin, now=self._now)
        lead.confirm(lead.moment())
        self._lead = lead
        self._seen = self._lease.leader = Leader(
            name=self.name, epoch=epoch, since=now, heard_at=now
        )
        return lead
