"""The figures of the risk desk: what blocks entries, how often it did, what all is worth."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from prometheus_client import Counter, Gauge

from bot.web.metrics import Bounded, Metrics
from engine.model.entry import Entry
from engine.model.event import CommandRefused
from engine.model.risk import Guard

MOST_REASONS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFigures:
    """How the risk desk stands; `equity` is None while it is not known."""

    breaker: bool = False
    transport: bool = False
    tripped: frozenset[Guard] = frozenset()
    locks: int = 0
    mishaps: int = 0
    equity: Decimal | None = None


class RiskMetrics:
    """Gauges ask how the risk desk stands before each reading; refusals are counted as they are
    journalled."""

    def __init__(self, metrics: Metrics) -> None:
        self._registry = metrics.registry
        self._ask: Callable[[], RiskFigures] = RiskFigures
        self._reasons = Bounded(MOST_REASONS)
        self._blocked = Counter(
            "tradingbot_trade_constraints_blocked",
            "Reasons for which wishes were refused",
            ["reason"],
            registry=self._registry,
        )
        self._breaker = self._gauge(
            "trading_circuit_breaker_active", "1 while the trading breaker blocks entries"
        )
        self._any = self._gauge(
            "circuit_breaker_active", "1 while any breaker, of trading or of transport, is open"
        )
        self._guards = self._gauge("guard_tripped", "1 while a guard blocks entries", "guard")
        self._locks = self._gauge("symbol_locks", "Symbols in which nothing is opened")
        self._mishaps = self._gauge("trading_mishaps", "What the trading breaker counts now")
        self._equity = self._gauge("equity", "What the account is worth; NaN while not known")
        metrics.before_reading("risk", self._refresh)

    def watch(self, ask: Callable[[], RiskFigures]) -> None:
        """Who knows how the risk desk stands."""
        self._ask = ask

    def count(self, entry: Entry) -> None:
        """Take in what is journalled."""
        if isinstance(entry.event, CommandRefused):
            for code in entry.event.codes:
                self._blocked.labels(self._reasons.label(code)).inc()

    async def _refresh(self) -> None:
        now = self._ask()
        self._breaker.set(now.breaker)
        self._any.set(now.breaker or now.transport)
        self._locks.set(now.locks)
        self._mishaps.set(now.mishaps)
        self._equity.set(math.nan if now.equity is None else float(now.equity))
        for guard in Guard:
            self._guards.labels(guard.replace(" ", "_")).set(guard in now.tripped)

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(f"tradingbot_{name}", what, labels, registry=self._registry)
