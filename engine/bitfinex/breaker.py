"""The transport's circuit breaker: what keeps failing is left alone, and tried by one."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from engine.bitfinex.limits import LONGEST_BLOCK_SECONDS
from engine.model.endpoint import EndpointType
from engine.model.errors import CircuitOpen
from engine.model.report import TransportBreakerReport
from engine.ports import Clock

FAILURES = 5
WINDOW = timedelta(seconds=60)
FIRST_REST_SECONDS = 5.0
LONGEST_REST_SECONDS = 60.0

Tell = Callable[[TransportBreakerReport], None]

_log = structlog.get_logger(__name__)


class TransportCircuitBreaker:
    """Opens on failures of one kind of call, lets one probe through after a rest, then closes.

    Failures are what says that nobody is at home: 429, 5xx without an explanation, no answer.
    The exchange's refusals of single requests are answers like any other.
    """

    def __init__(self, kind: EndpointType, clock: Clock, tell: Tell) -> None:
        self._kind = kind
        self._clock = clock
        self._tell = tell
        self._failures: deque[datetime] = deque(maxlen=FAILURES)
        self._until: datetime | None = None
        self._rest = FIRST_REST_SECONDS
        self._probing = False
        self._reason = ""

    @property
    def is_open(self) -> bool:
        """Whether calls are held back; one that is being probed is open still."""
        return self._until is not None

    def check(self, *, urgent: bool = False) -> None:
        """Raise `CircuitOpen` while it rests or another probes; what is urgent always passes."""
        if self._until is None or urgent:
            return
        left = (self._until - self._clock.now()).total_seconds()
        if self._probing or 0 < left <= LONGEST_BLOCK_SECONDS:
            raise CircuitOpen(
                f"The exchange keeps failing: {self._reason.rstrip('.')}. "
                "Nothing was sent; Genesis tries again by itself."
            )

    def admit(self, *, urgent: bool = False) -> None:
        """As `check`; the first call after a rest is the probe."""
        self.check(urgent=urgent)
        if not urgent:
            self._probing = self.is_open

    def succeeded(self) -> None:
        """An answer came: whatever was wrong is over."""
        self._probing = False
        if self._until is None:
            return
        self._until = None
        self._rest = FIRST_REST_SECONDS
        self._failures.clear()
        self._report()

    def failed(self, reason: str, seconds: float = 0.0) -> None:
        """A call failed; with `seconds`, the exchange itself asked for that pause."""
        now = self._clock.now()
        self._failures.append(now)
        self._reason = reason
        if self._until is not None:
            self._go_on_resting(now, seconds)
        elif seconds or self._are_too_many(now):
            self._until = now + timedelta(seconds=max(self._rest, seconds))
            self._report()

    def abandoned(self) -> None:
        """A call was given up before its fate was known: another may be the probe."""
        self._probing = False

    def report(self) -> TransportBreakerReport:
        """How it stands."""
        return TransportBreakerReport(
            endpoint_type=self._kind, open=self.is_open, reason=self._reason
        )

    def _go_on_resting(self, now: datetime, seconds: float) -> None:
        # calls that had left before it opened fail late, and are no news
        if self._probing:
            self._rest = min(LONGEST_REST_SECONDS, self._rest * 2)
        if self._probing or seconds:
            self._until = now + timedelta(seconds=max(self._rest, seconds))
        self._probing = False

    def _are_too_many(self, now: datetime) -> bool:
        recent = [at for at in self._failures if timedelta(0) <= now - at <= WINDOW]
        return len(recent) >= FAILURES

    def _report(self) -> None:
        _log.warning("exchange.breaker", kind=self._kind, open=self.is_open, why=self._reason)
        self._tell(self.report())
