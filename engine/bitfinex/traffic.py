"""All that one process may ask of the exchange, shared by its private and its public side."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from engine.bitfinex.breaker import Tell, TransportCircuitBreaker
from engine.bitfinex.limits import Limits
from engine.bitfinex.pace import Connects
from engine.model.endpoint import EndpointType, Rates
from engine.model.errors import ExchangeError, ExchangeUnreachable, RateLimited
from engine.model.report import TransportBreakerReport
from engine.ports import Clock


class Traffic:
    """Limits, breakers and connects; one of it for each process (facts sheet 1.4)."""

    def __init__(self, clock: Clock, rates: Rates | None = None) -> None:
        self._clock = clock
        self._connects: dict[str, Connects] = {}
        self._tell: Tell | None = None
        self._breakers = {
            kind: TransportCircuitBreaker(kind, clock, self._told) for kind in EndpointType
        }
        self.limits = Limits(clock, rates)

    def tell(self, tell: Tell) -> None:
        """Whom to tell of breakers that open and close; begins with those that are open."""
        self._tell = tell
        for breaker in self._breakers.values():
            if breaker.is_open:
                tell(breaker.report())

    def is_open(self, kind: EndpointType) -> bool:
        """Whether calls of a kind are held back because they keep failing."""
        return self._breakers[kind].is_open

    def connects(self, url: str, most: int, seconds: float) -> Connects:
        """The counter of a websocket's host: never more than `most` in so many seconds."""
        counter = self._connects.setdefault(host_of(url), Connects(self._clock))
        counter.allow(most, seconds)
        return counter

    @asynccontextmanager
    async def turn(self, host: str, path: str, *, urgent: bool = False) -> AsyncIterator[None]:
        """Hold a call's place for the body, and learn from how it ends.

        Raises `CircuitOpen` and `RateLimited` when nothing is to be sent; `urgent` passes both.
        """
        breaker = self._breakers[self.limits.kind(path)]
        # what is held back takes no place in the queue
        self.limits.heed(host, urgent=urgent)
        breaker.check(urgent=urgent)
        async with self.limits.turn(host, path, urgent=urgent):
            breaker.admit(urgent=urgent)
            try:
                yield
            except ExchangeUnreachable as error:
                breaker.failed(error.sentence)
                raise
            except RateLimited as error:
                breaker.failed(error.sentence, self.limits.blocked_for(host))
                raise
            except ExchangeError:
                breaker.succeeded()
                raise
            except BaseException:
                breaker.abandoned()
                raise
            breaker.succeeded()

    def _told(self, report: TransportBreakerReport) -> None:
        if self._tell is not None:
            self._tell(report)


def host_of(url: str) -> str:
    """Host and port of an address."""
    return urlsplit(url).netloc
