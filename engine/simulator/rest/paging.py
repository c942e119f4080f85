"""The `start`, `end`, `limit`, `sort` of list calls."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from engine.simulator.wire.json import Json
from engine.simulator.wire.refusal import parameter

LATEST = 253_402_300_800_000
Item = TypeVar("Item")


class Page(NamedTuple):
    """Which part of a list is wanted; times in ms."""

    start: int | None
    end: int | None
    limit: int
    oldest_first: bool

    def of(self, items: Iterable[Item], time: Callable[[Item], int]) -> list[Item]:
        """The wanted part of `items`, which are given oldest first."""
        inside = [
            item
            for item in items
            if (self.start is None or time(item) >= self.start)
            and (self.end is None or time(item) <= self.end)
        ]
        return (inside if self.oldest_first else inside[::-1])[: self.limit]


def read_page(fields: Mapping[str, Json], *, default: int, most: int) -> Page:
    """Raises `limit: invalid` and the like (10020)."""
    limit = _integer(fields, "limit")
    if limit is None:
        limit = default
    if not 1 <= limit <= most:
        raise parameter("limit")
    sort = _integer(fields, "sort", lowest=-1)
    if sort not in (None, -1, 1):
        raise parameter("sort")
    return Page(_integer(fields, "start"), _integer(fields, "end"), limit, sort == 1)


def _integer(fields: Mapping[str, Json], name: str, lowest: int = 0) -> int | None:
    given = fields.get(name)
    if given is None or given == "":
        return None
    try:
        number = int(str(given))
    except ValueError as broken:
        raise parameter(name) from broken
    if not lowest <= number <= LATEST:
        raise parameter(name)
    return number
