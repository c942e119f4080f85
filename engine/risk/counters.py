"""How often trades were opened, by trading day and symbol."""

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from engine.model.symbol import Symbol
from engine.risk.windows import trading_day

KEPT_FOR: Final = timedelta(days=2)


@dataclass(slots=True)
class TradeCounter:
    """Fills that opened or enlarged a holding, by the calendar of `zone`.

    They are recorded in the order of their time, as near as the exchange keeps to it; what is
    older than two days is let go.
    """

    zone: str = "UTC"
    newest: datetime | None = None
    _moments: deque[tuple[datetime, Symbol]] = field(default_factory=deque)
    _days: dict[date, Counter[Symbol]] = field(default_factory=dict)
    _newest: dict[Symbol, datetime] = field(default_factory=dict)

    def record(self, symbol: Symbol, at: datetime) -> None:
        """A trade was opened or enlarged."""
        self.newest = max(self.newest or at, at)
        self._newest[symbol] = max(self._newest.get(symbol, at), at)
        self._moments.append((at, symbol))
        self._count(symbol, at)
        self._forget(self.newest - KEPT_FOR)

    def today(self, day: date) -> int:
        """Trades opened on that trading day."""
        return self._days[day].total() if day in self._days else 0

    def of(self, symbol: Symbol, day: date) -> int:
        """Trades opened in a symbol on that trading day."""
        return self._days[day][symbol] if day in self._days else 0

    def by_symbol(self, day: date) -> tuple[tuple[Symbol, int], ...]:
        """Each symbol with its trades of that day, most first."""
        counted = self._days.get(day, Counter[Symbol]())
        return tuple(sorted(counted.items(), key=lambda each: (-each[1], each[0])))

    def newest_of(self, symbol: Symbol) -> datetime | None:
        """When a trade was last opened in a symbol; None if it was not of late."""
        return self._newest.get(symbol)

    def move(self, zone: str) -> None:
        """Count by another zone's calendar."""
        self.zone = zone
        self._days.clear()
        for at, symbol in self._moments:
            self._count(symbol, at)

    def _count(self, symbol: Symbol, at: datetime) -> None:
        self._days.setdefault(trading_day(self.zone, at), Counter())[symbol] += 1

    def _forget(self, before: datetime) -> None:
        while self._moments and self._moments[0][0] < before:
            self._moments.popleft()
        for day in [day for day in self._days if day < before.date() - timedelta(days=1)]:
            del self._days[day]
        for symbol in [symbol for symbol, at in self._newest.items() if at < before]:
            del self._newest[symbol]
