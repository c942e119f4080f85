"""Time as the stream tells it, and as people read it."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def moment(millis: float) -> datetime:
    """Milliseconds since the epoch as aware UTC."""
    return _EPOCH + timedelta(milliseconds=millis)


def millis(at: datetime) -> float:
    """Milliseconds since the epoch."""
    return (at - _EPOCH) / _MILLISECOND
