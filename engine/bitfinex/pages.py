"""Page by page back through a record, without holes and without repeats (facts sheet 3)."""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from engine.bitfinex.rows import readable
from engine.bitfinex.wire import Row, millis, row_of
from engine.model.errors import InvalidInput
from engine.model.records import Span

T = TypeVar("T")

Read = Callable[[str, Mapping[str, object]], Awaitable[object]]

# the exchange's default page: an answer below it is the last one, whatever cap it applies
SURELY_LAST = 25
MOST_CALLS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Generic[T]):
    """How one kind of row is read, told apart, ordered in time, and how many come at once.

    Where the exchange does not say by which of two times it sorts, `other` is the earlier one.
    """

    read: Callable[[Row], T]
    name: Callable[[T], Hashable]
    at: Callable[[T], datetime | None]
    page: int
    other: Callable[[T], datetime | None] | None = None


async def newest(
    read: Read,
    path: str,
    record: Record[T],
    span: Span,
    fields: Mapping[str, object] | None = None,
) -> tuple[T, ...]:
    """The newest `span.limit` items of the span, newest first; rows nobody can read are left out.

    Pages go back by time and overlap in one millisecond, since others may share the last one's.
    """
    if span.limit < 1:
        raise InvalidInput("A list has at least one row: ask for more than none.")
    found: dict[Hashable, T] = {}
    end = None if span.end is None else millis(span.end)
    for _ in range(MOST_CALLS):
        bounds = _bounds(span, end, _page_size(record, span, len(found)))
        page = row_of(await read(path, {**(fields or {}), **bounds}))
        items = readable(page, record.read)
        fresh = {name: item for item in items if (name := record.name(item)) not in found}
        found |= fresh
        if len(page) < SURELY_LAST or len(found) >= span.limit:
            break
        end = _next_end(record, items, end, news=bool(fresh))
        if end is None or (span.start is not None and end < millis(span.start)):
            break
    return _sorted(record, found.values())[: span.limit]


def _page_size(record: Record[T], span: Span, known: int) -> int:
    """What is still wanted, and a little for what pages share."""
    return min(record.page, span.limit - known + SURELY_LAST)


def _bounds(span: Span, end: int | None, limit: int) -> dict[str, int]:
    bounds = {"limit": limit}
    if span.start is not None:
        bounds["start"] = millis(span.start)
    if end is not None:
        bounds["end"] = end
    return bounds


def _next_end(record: Record[T], items: Sequence[T], end: int | None, *, news: bool) -> int | None:
    """Where the next page ends: at the oldest time of this one, or further back without news."""
    oldest = _oldest(items, record.at)
    if oldest is None:
        return None
    if news and (end is None or oldest < end):
        return oldest
    earlier = _oldest(items, record.other) if record.other is not None else None
    candidates = [found for found in (oldest, earlier) if found is not None]
    nearest = min(candidates)
    return nearest if end is None or nearest < end else end - 1


def _oldest(items: Sequence[T], at: Callable[[T], datetime | None]) -> int | None:
    times = [found for item in items if (found := at(item)) is not None]
    return _ceil(min(times)) if times else None


def _ceil(at: datetime) -> int:
    whole = millis(at)
    return whole + 1 if at.microsecond % 1000 else whole


def _sorted(record: Record[T], items: Iterable[T]) -> tuple[T, ...]:
    return tuple(sorted(items, key=lambda item: _when(record, item), reverse=True))


def _when(record: Record[T], item: T) -> float:
    at = record.at(item)
    return 0.0 if at is None else at.timestamp()
