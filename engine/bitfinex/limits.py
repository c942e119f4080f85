"""Token buckets per kind of endpoint, and the pause a host asks for (facts sheet 1.4)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from engine.bitfinex.patterns import ENDPOINTS, kind_of
from engine.bitfinex.turns import Turns
from engine.model.endpoint import EndpointType, Rates
from engine.model.errors import RateLimited
from engine.ports import Clock

BLOCK_SECONDS = 60.0
LONGEST_BLOCK_SECONDS = 600.0
PATIENCE_SECONDS = 30.0
AT_ONCE = {
    EndpointType.PUBLIC_MARKET: 4,
    EndpointType.PRIVATE_ACCOUNT: 2,
    EndpointType.PRIVATE_TRADING: 2,
    EndpointType.PRIVATE_MARGIN: 2,
}

# together no more than the exchange's 1000 new orders in any five minutes
ORDERS_BURST = 500
ORDERS_PER_MINUTE = 100


class TokenBucket:
    """`burst` at once and `per_minute` in the long run; in order of arrival."""

    def __init__(self, clock: Clock, per_minute: float, burst: int | None = None) -> None:
        self._clock = clock
        self._rate = per_minute / 60
        self.size = float(per_minute if burst is None else burst)
        self._tokens = self.size
        self._filled_at = clock.now()

    @classmethod
    def within(cls, clock: Clock, per_minute: int) -> "TokenBucket":
        """A bucket that never lets more than `per_minute` through in any minute."""
        burst = max(1, per_minute // 3)
        return cls(clock, max(1, per_minute - burst), burst)

    @property
    def tokens(self) -> float:
        """What is left; negative when others wait."""
        self._fill()
        return self._tokens

    async def take(self, *, urgent: bool = False, patience: float = PATIENCE_SECONDS) -> None:
        """Wait for a turn; `RateLimited` when that would take longer than `patience` seconds.

        The urgent never wait: those who come after pay for them.
        """
        self._fill()
        wait = 0.0 if urgent or self._tokens >= 1 else (1 - self._tokens) / self._rate
        if wait > patience:
            raise RateLimited("Too many calls are waiting for the exchange. Try again shortly.")
        self._tokens -= 1
        if not wait:
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
        self._tokens = min(self.size, self._tokens + passed * self._rate)


class Limits:
    """All calls of a process: a bucket and a queue for each kind, the pauses hosts asked for."""

    def __init__(self, clock: Clock, rates: Rates | None = None) -> None:
        rates = rates or Rates()
        self._clock = clock
        self._patterns = rates.patterns
        self._buckets = {
            kind: TokenBucket.within(clock, rates.per_minute[kind]) for kind in EndpointType
        }
        self._endpoints = [
            (pattern, TokenBucket.within(clock, figure)) for pattern, figure in ENDPOINTS
        ]
        self._queues = {kind: Turns(AT_ONCE[kind]) for kind in EndpointType}
        self._blocked: dict[str, datetime] = {}

    def kind(self, path: str) -> EndpointType:
        """What a path such as `auth/r/wallets` is for."""
        return kind_of(path, self._patterns)

    def tokens(self, kind: EndpointType) -> float:
        """How many calls of a kind could leave at once."""
        return max(0.0, self._buckets[kind].tokens)

    def utilization(self, kind: EndpointType) -> float:
        """How much of a kind's bucket is used up, in percent."""
        return 100.0 * (1 - self.tokens(kind) / self._buckets[kind].size)

    @asynccontextmanager
    async def turn(self, host: str, path: str, *, urgent: bool = False) -> AsyncIterator[None]:
        """Wait for a call's turn, and hold its place while it is under way.

        `RateLimited` while the host wants none of us. What is urgent, a cancel or a close, goes
        first and goes even then: unsent it would certainly be in vain.
        """
        kind = self.kind(path)
        self.heed(host, urgent=urgent)
        await self._buckets[kind].take(urgent=urgent)
        await self._endpoint(path).take(urgent=urgent)
        async with self._queues[kind].turn(urgent=urgent):
            self.heed(host, urgent=urgent)
            yield

    def block(self, host: str, seconds: float | None = None) -> None:
        """A host asked for a pause; asking on would only prolong it."""
        asked = BLOCK_SECONDS if seconds is None else min(seconds, LONGEST_BLOCK_SECONDS)
        self._blocked[host] = self._clock.now() + timedelta(seconds=asked)

    def blocked_for(self, host: str) -> float:
        """Seconds until a host may be asked again."""
        until = self._blocked.get(host)
        if until is None:
            return 0.0
        left = (until - self._clock.now()).total_seconds()
        if 0 < left <= LONGEST_BLOCK_SECONDS:
            return left
        del self._blocked[host]
        return 0.0

    def heed(self, host: str, *, urgent: bool = False) -> None:
        """`RateLimited` while a host wants none of us; what is urgent goes even then."""
        left = self.blocked_for(host)
        if left and not urgent:
            raise RateLimited(f"The exchange asked for a pause. Reads go on in {left:.0f} s.")

    def _endpoint(self, path: str) -> TokenBucket:
        return next(bucket for pattern, bucket in self._endpoints if pattern.match(path))
