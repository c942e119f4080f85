"""Numbers for orders, trades and positions that no earlier run has given."""

from datetime import datetime

PER_SECOND = 10


def next_id(last: int, now: datetime) -> int:
    """Above the last one, and above all of an account that was opened and lost before.

    Tenths of seconds: far below any cid, which are milliseconds.
    """
    return max(last + 1, int(now.timestamp() * PER_SECOND))
