"""The exchange's clock: the wall's, or one that only moves when told to."""

import time


class Clock:
    """Milliseconds since the epoch; with `start` given, time stands still until `advance`."""

    def __init__(self, start: int | None = None) -> None:
        self._frozen_at = start
        self._offset = 0

    @property
    def virtual(self) -> bool:
        return self._frozen_at is not None

    def now(self) -> int:
        base = time.time_ns() // 1_000_000 if self._frozen_at is None else self._frozen_at
        return base + self._offset

    def advance(self, milliseconds: int) -> None:
        """Move forward; a wall clock stays ahead by that much from then on."""
        if milliseconds < 0:
            raise ValueError("the clock only goes forward")
        self._offset += milliseconds
