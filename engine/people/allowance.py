"""How often somebody may do something: so many times in so long, each counted by itself."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MOST_KNOWN = 1000


@dataclass(slots=True)
class Allowance:
    """At most `most` times in `period`, for each of the newest thousand who came."""

    most: int
    period: timedelta
    _used: dict[Hashable, tuple[datetime, int]] = field(default_factory=dict)

    def is_left(self, who: Hashable, now: datetime) -> bool:
        """Whether `who` may once more."""
        return self._count(who, now)[1] < self.most

    def use(self, who: Hashable, now: datetime) -> bool:
        """Count one time; whether it was within the allowance."""
        since, count = self._count(who, now)
        if count >= self.most:
            return False
        self._used.pop(who, None)
        if len(self._used) >= MOST_KNOWN:
            del self._used[next(iter(self._used))]
        self._used[who] = (since, count + 1)
        return True

    def _count(self, who: Hashable, now: datetime) -> tuple[datetime, int]:
        since, count = self._used.get(who, (now, 0))
        return (since, count) if now - since < self.period else (now, 0)
