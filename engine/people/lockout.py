"""How often a code may be wrong, and what then."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from engine.model.factor import Factor

TRIES: Final = 5
FIRST_LOCK: Final = timedelta(minutes=15)
LONGEST_LOCK: Final = timedelta(hours=24)


def locked(factor: Factor, now: datetime) -> datetime | None:
    """Until when no code is looked at; None when one is."""
    until = factor.locked_until
    return until if until is not None and now < until else None


def missed(factor: Factor, now: datetime) -> Factor:
    """After a wrong code: each lock-out is twice as long as the one before, up to a day."""
    if factor.failures + 1 < TRIES:
        return replace(factor, failures=factor.failures + 1)
    length = min(FIRST_LOCK * 2 ** min(factor.lockouts, 10), LONGEST_LOCK)
    return replace(factor, failures=0, lockouts=factor.lockouts + 1, locked_until=now + length)


def matched(factor: Factor, step: int) -> Factor:
    """After a right code."""
    return replace(
        factor, confirmed=True, last_step=step, failures=0, lockouts=0, locked_until=None
    )


def tries_left(factor: Factor) -> int:
    """Wrong codes until the next lock-out."""
    return TRIES - factor.failures
