"""Long lists, a page at a time: what one message holds, and the buttons that turn it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.telegram.presses import paged
from bot.telegram.screen import Button

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One page of a list of `total` items; `number` counts from 0 up to `last`."""

    items: Sequence[T]
    total: int
    number: int
    last: int

    @property
    def place(self) -> str:
        """`, page 2 of 8`; nothing where there is only one."""
        return f", page {self.number + 1} of {self.last + 1}" if self.last else ""


def page_of(items: Sequence[T], number: int, most: int) -> Page[T]:
    """The page with this number, or the last one where the list has become shorter."""
    last = max(0, (len(items) - 1) // most)
    number = min(max(0, number), last)
    start = number * most
    return Page(items=items[start : start + most], total=len(items), number=number, last=last)


def turning(
    page: Page[T], command: str, words: str = "", *, refresh: bool = True
) -> tuple[tuple[Button, ...], ...]:
    """A row with the way back, a fresh look, and the way on; no row where all three lack."""
    row: list[Button] = []
    if page.number > 0:
        row.append(Button("Back", paged(command, page.number - 1, words)))
    if refresh:
        row.append(Button("Refresh", paged(command, page.number, words)))
    if page.number < page.last:
        row.append(Button("Next", paged(command, page.number + 1, words)))
    return (tuple(row),) if row else ()
