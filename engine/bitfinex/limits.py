"""Token buckets per kind of endpoint, with the lower of the published figures (facts sheet 1.4)."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from engine.model.errors import RateLimited
from engine.ports import Clock

BLOCK_SECONDS = 60.0
LONGEST_BLOCK_SECONDS = 600.0
PATIENCE_SECONDS = 30.0

# requests a minute, by the path after `/v2/`; the first match counts
PER_MINUTE: Sequence[tuple[str, int]] = (
    (r"auth/w/", 90),
    (r"auth/r/orders/.*hist", 90),
    (r"auth/r/trades/.*hist", 90),
    (r"auth/", 90),
    (r"platform/", 15),
    (r"ticker/", 30),
    (r"tickers", 30),
    (r"book/", 240),
    (r"candles/", 30),
    (r"conf/", 90),
    (r"", 10),
)
ORDERS_PER_MINUTE = 200
ORDERS_BURST = 1000


class TokenBucket:
    """`per_minute` requests in the long run, `burst` at once; in order of arrival."""

    def __init__(self, clock: Clock, per_minute: float, burst: int | None = None) -> None:
        self._clock = clock
        self._rate = per_minute / 60
        self._burst = float(per_minute if burst is None else burst)
        self._tokens = self._burst
        self._filled_at = clock.now()

    @property
    def tokens(self) -> float:
        """What is left; negative when others wait."""
        self._fill()
        return self._tokens

    async def take(self) -> None:
        """Wait for a turn; `RateLimited` when that would take longer than anybody waits."""
        wait = max(0.0, (1 - self.tokens) / self._rate)
        if wait > PATIENCE_SECONDS:
            raise RateLimited()
        self._tokens -= 1
        if wait == 0:
            return
        try:
            await self._clock.sleep(wait)
        except BaseException:
            self._tokens += 1
            raise

    def _fill(self) -> None:
        now = self._clock.now()
        passed = max(0.0, (now - self._filled_at).total_seconds())
        self._filled_at = now
        self._tokens = min(self._burst, self._tokens + passed * self._rate)


class Limits:
    """The buckets of one host, and the pause it asked for."""

    def __init__(self, clock: Clock, per_minute: Sequence[tuple[str, int]] = PER_MINUTE) -> None:
        self._clock = clock
        self._buckets = [
            (re.compile(pattern), TokenBucket(clock, figure)) for pattern, figure in per_minute
        ]
        self._blocked_until: datetime | None = None

    async def take(self, path: str) -> None:
        """Wait for a turn at `path`; `RateLimited` while the host wants none of us."""
        self._refuse_while_blocked()
        await self._bucket_of(path).take()
        self._refuse_while_blocked()

    def block(self, seconds: float = BLOCK_SECONDS) -> None:
        """The host asked for a pause; asking on would only prolong it."""
        self._blocked_until = self._clock.now() + timedelta(
            seconds=min(seconds, LONGEST_BLOCK_SECONDS)
        )

    def _bucket_of(self, path: str) -> TokenBucket:
        return next(bucket for pattern, bucket in self._buckets if pattern.match(path))

    def _refuse_while_blocked(self) -> None:
        if self._blocked_until is None:
            return
        left = (self._blocked_until - self._clock.now()).total_seconds()
        if 0 < left <= LONGEST_BLOCK_SECONDS:
            raise RateLimited(f"The exchange asked for a pause. Reads go on in {left:.0f} s.")
        self._blocked_until = None
