"""The one door to the state: written to disk, folded in, told to whoever listens."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.telegram.sandbox.ledger import Ledger
from bot.telegram.sandbox.records import AnyRecord
from bot.telegram.sandbox.state import State

COMPACT_AFTER = 5000  # lines appended since the log was last rewritten

Listener = Callable[[AnyRecord], None]


class Store:
    """State plus its ledger; `commit` is the only way to change anything."""

    def __init__(self, folder: Path | None, now: Callable[[], float] = time.time) -> None:
        self.state = State()
        self._now = now
        self._listeners: list[Listener] = []
        self._waiting: set[asyncio.Event] = set()
        self._ledger = Ledger(folder) if folder else None
        if self._ledger:
            self._recall(self._ledger)

    def _recall(self, ledger: Ledger) -> None:
        try:
            for record in ledger.read():
                self.state.apply(record)
        except ValueError:
            ledger.close()
            raise
        self._compact(ledger)

    def now(self) -> float:
        """The time in Unix seconds."""
        return self._now()

    def commit(self, *records: AnyRecord) -> None:
        """Make the records true, all or none of them."""
        if self._ledger:
            self._ledger.append(records)
        for record in records:
            self.state.apply(record)
        for record in records:
            for listener in list(self._listeners):
                listener(record)
        self.wake()
        if self._ledger and self._ledger.lines > self._compact_at:
            self._compact(self._ledger)

    def _compact(self, ledger: Ledger) -> None:
        ledger.rewrite(self.state.records())
        self._compact_at = ledger.lines + COMPACT_AFTER

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """Call `listener` with every record committed inside the block."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    def wake(self) -> None:
        """Let all who wait look again."""
        for changed in self._waiting:
            changed.set()

    async def until(self, reached: Callable[[], bool], seconds: float) -> bool:
        """Wait until `reached` holds, asking again after every commit; False when time is up."""
        changed = asyncio.Event()
        self._waiting.add(changed)
        try:
            async with asyncio.timeout(seconds):
                while not reached():
                    changed.clear()
                    await changed.wait()
        except TimeoutError:
            return reached()
        finally:
            self._waiting.remove(changed)
        return True

    def close(self) -> None:
        """Let go of the files."""
        if self._ledger:
            self._ledger.close()
