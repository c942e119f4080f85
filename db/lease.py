"""Leadership in PostgreSQL: `engine.ports.Leadership`, a lease row and an advisory lock.

The row is the truth: it changes hands only when its lease has run out by the database's clock,
when its holder stepped down, or when its holder is certainly gone. A session's end alone proves
nothing (its process may live, cut off, with an order on its lips), nor does a process that cannot
be found; both together do. The lock is that session's sign of life.
"""

from collections.abc import Callable, Sequence
from secrets import token_hex
from typing import Final

import asyncpg
import structlog

from db.errors import JournalRefused
from db.link import Link
from db.presence import is_gone, own_mark
from db.session import Database
from db.statements import WRITERS_LOCK
from engine.lead import LEASE_SECONDS, MARGIN_SECONDS, Lead, seconds_since_boot
from engine.model.errors import Deposed, JournalUnavailable
from engine.model.leader import Leader
from engine.ports import Clock

LOOK_SECONDS: Final = 0.25
ANSWER_SECONDS: Final = 2.0

# Any other number than the writers' and the movers'.
_LOCK: Final = 7_266_427_114
# Nobody waits long for a writer that hangs: what is not taken now is tried again.
_SETTINGS: Final = {"lock_timeout": "1500"}

_LOOK: Final = """
    SELECT name, process, epoch, taken_at, renewed_at, expires_at IS NULL AS stepped_down,
        coalesce(expires_at <= clock_timestamp(), true) AS over, pg_backend_pid() AS session
    FROM leadership
"""
# The writers' turn is taken, so that whoever writes after us finds our epoch, and whatever was
# written before us is there to be read.
_TAKE: Final = f"""
    UPDATE leadership SET epoch = epoch + 1, name = $1, process = $2, taken_at = clock_timestamp(),
        renewed_at = clock_timestamp(),
        expires_at = clock_timestamp() + make_interval(secs => $3)
    FROM pg_advisory_xact_lock({WRITERS_LOCK})
    WHERE epoch = $4 AND ($5 OR coalesce(expires_at <= clock_timestamp(), true))
    RETURNING name, epoch, taken_at, renewed_at, false AS stepped_down, pg_backend_pid() AS session
"""  # noqa: S608 - a number of ours
_RENEW: Final = """
    UPDATE leadership SET renewed_at = clock_timestamp(),
        expires_at = clock_timestamp() + make_interval(secs => $1)
    WHERE epoch = $2 AND expires_at IS NOT NULL
    RETURNING pg_backend_pid() AS session
"""
_STEP_DOWN: Final = "UPDATE leadership SET expires_at = NULL WHERE epoch = $1"
_HOLD: Final = "SELECT pg_try_advisory_lock($1) AS held, pg_backend_pid() AS session"
_LET_GO: Final = "SELECT pg_advisory_unlock($1)"
_END_HOLDER: Final = """
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND pid <> pg_backend_pid()
        AND ((classid::bigint << 32) | objid::bigint) = $1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

_log = structlog.get_logger(__name__)


class PostgresLeadership:
    """One service's seat at the lease; a connection of its own, looked after by `renew`."""

    def __init__(
        self,
        database: Database,
        name: str,
        *,
        clock: Clock,
        lease: float = LEASE_SECONDS,
        margin: float = MARGIN_SECONDS,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self.name = name
        self._link = Link(database, answer_seconds=ANSWER_SECONDS, settings=_SETTINGS)
        self._clock = clock
        self._lease = lease
        self._margin = margin
        self._look_seconds = look_seconds
        self._mark = f"{own_mark()} {token_hex(8)}"
        self._leader: Leader | None = None
        self._lead: Lead | None = None
        self._locked_by: int | None = None
        self._silent = False

    @property
    def leader(self) -> Leader | None:
        """As the port says."""
        return self._leader

    async def acquire(self, stands_by: Callable[[], None] = lambda: None) -> Lead:
        """As the port says."""
        before: Leader | None = None
        while True:
            try:
                row = await self._look()
                lead = await self._take(row, before) if await self._is_free(row) else None
                self._note(silent=False)
            except JournalUnavailable as error:
                self._note(silent=True, why=repr(error.__cause__))
            else:
                if lead is not None:
                    return lead
                before = self._leader
                stands_by()
            await self._clock.sleep(self._look_seconds)

    async def renew(self) -> None:
        """As the port says; a lock lost with its connection is taken again."""
        lead = self._lead
        if lead is None:
            raise Deposed
        asked_at = lead.moment()
        try:
            rows = await self._link.ask(_RENEW, self._lease, lead.epoch)
        except JournalUnavailable:
            lead.attempted(lead.moment())
            raise
        if not rows:
            lead.end()
            raise Deposed
        lead.confirm(asked_at)
        await self._hold_lock(rows[0]["session"])

    async def release(self) -> None:
        """As the port says; where the database is away the lease runs out by itself."""
        lead, self._lead = self._lead, None
        if lead is None:
            return
        lead.end()
        try:
            await self._link.ask(_STEP_DOWN, lead.epoch)
            await self._let_go()
        except JournalUnavailable as error:
            _log.warning("leadership_not_laid_down", detail=error.sentence)

    async def close(self) -> None:
        """Hang up."""
        await self._link.close()

    async def _look(self) -> asyncpg.Record:
        (row,) = await self._link.ask(_LOOK)
        self._leader = _leader_of(row)
        return row

    async def _is_free(self, row: asyncpg.Record) -> bool:
        if row["over"] or row["process"] == self._mark:
            return True
        return is_gone(row["process"]) and await self._has_lock(row["session"])

    async def _take(self, row: asyncpg.Record, before: Leader | None) -> Lead | None:
        """The lead, unless somebody was faster or the one who led was heard again."""
        asked_at = seconds_since_boot()
        certain = not row["over"]
        values = (self.name, self._mark, self._lease, row["epoch"], certain)
        rows: Sequence[asyncpg.Record] = await self._link.run(_TAKE, *values)
        if not rows:
            await self._let_go()
            return None
        if self._lead is not None:
            self._lead.end()
        waited_for = self._leader if before is not None else None
        lead = Lead(
            rows[0]["epoch"],
            waited_for,
            sure_dead=row["stepped_down"] or is_gone(row["process"]),
            lease=self._lease,
            margin=self._margin,
        )
        lead.confirm(asked_at)
        self._lead, self._leader = lead, _leader_of(rows[0])
        await self._hold_lock(rows[0]["session"])
        return lead

    async def _has_lock(self, session: int) -> bool:
        """Whether the lock is ours, or was free to be."""
        if self._locked_by != session:
            (row,) = await self._link.ask(_HOLD, _LOCK)
            self._locked_by = row["session"] if row["held"] else None
        return self._locked_by is not None

    async def _hold_lock(self, session: int) -> None:
        """Have the lock as the leader's sign of life; whoever else has it led before."""
        if await self._has_lock(session):
            return
        try:
            ended = await self._link.ask(_END_HOLDER, _LOCK)
        except JournalRefused:
            # Not ours to end: the epoch keeps it from writing all the same.
            _log.warning("leadership_lock_is_kept_by_another")
        else:
            _log.warning("leadership_lock_freed", sessions=len(ended))

    async def _let_go(self) -> None:
        if self._locked_by is not None:
            await self._link.ask(_LET_GO, _LOCK)
            self._locked_by = None

    def _note(self, *, silent: bool, why: str = "") -> None:
        """Tell the log once that the database went, and once that it came back."""
        if silent and not self._silent:
            _log.warning("leadership_waits_for_database", why=why)
        self._silent = silent


def _leader_of(row: asyncpg.Record) -> Leader:
    return Leader(
        name=row["name"],
        epoch=row["epoch"],
        since=row["taken_at"],
        heard_at=row["renewed_at"],
        stepped_down=row["stepped_down"],
    )
