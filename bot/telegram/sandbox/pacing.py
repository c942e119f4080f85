"""Telegram's flood limits: about one message a second per chat, twenty a minute in a group,
thirty a second over all; a short burst is forgiven."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.telegram.sandbox.errors import too_many_requests


@dataclass(slots=True)
class _Bucket:
    rate: float
    burst: float
    tokens: float
    seen: float

    def wait(self, now: float) -> float:
        """Seconds until a message may go."""
        self.tokens = min(self.burst, self.tokens + (now - self.seen) * self.rate)
        self.seen = now
        return max(0.0, (1 - self.tokens) / self.rate)


class Pace:
    """Counts messages and refuses those that come too fast; `now` in seconds, monotonic."""

    def __init__(self, now: Callable[[], float], *, enforced: bool) -> None:
        self._now = now
        self._enforced = enforced
        self._buckets: dict[int, _Bucket] = {}

    def count(self, chat_id: int) -> None:
        """Let one message to this chat through, or raise 429."""
        if not self._enforced:
            return
        buckets = list(self._touched(chat_id))
        wait = max(bucket.wait(self._now()) for bucket in buckets)
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        for bucket in buckets:
            bucket.tokens -= 1

    def _touched(self, chat_id: int) -> Iterator[_Bucket]:
        yield self._bucket(0, rate=30, burst=30)
        if chat_id > 0:
            yield self._bucket(chat_id, rate=1, burst=3)
        else:
            yield self._bucket(chat_id, rate=20 / 60, burst=20)

    def _bucket(self, key: int, *, rate: float, burst: float) -> _Bucket:
        fresh = _Bucket(rate=rate, burst=burst, tokens=burst, seen=self._now())
        return self._buckets.setdefault(key, fresh)
