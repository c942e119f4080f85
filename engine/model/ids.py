"""Identities: ours, and the exchange's."""

from collections.abc import Callable
from datetime import datetime
from typing import NewType

CommandId = NewType("CommandId", str)
"""Names one wish of one person; whoever repeats it means the same wish."""

OrderKey = NewType("OrderKey", int)
"""Our cid; for an order made elsewhere, the exchange's own id (the two ranges never meet)."""

OrderId = NewType("OrderId", int)
TradeId = NewType("TradeId", int)

MAX_CID = 2**45 - 1


class CidSource:
    """Client order ids: milliseconds of the clock, strictly increasing (facts sheet 4.2)."""

    __slots__ = ("_last", "_now")

    def __init__(self, now: Callable[[], datetime], last: int = 0) -> None:
        self._now = now
        self._last = last

    def next(self) -> OrderKey:
        """A cid no earlier call has given, also when the clock stands still or steps back."""
        millis = int(self._now().timestamp() * 1000)
        self._last = max(self._last + 1, millis)
        return OrderKey(self._last)

    def observe(self, cid: int) -> None:
        """Never give `cid` or less again."""
        self._last = max(self._last, cid)
