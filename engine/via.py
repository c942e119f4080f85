"""By which way a person's word comes, where that is not the chat."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Final

from engine.model.entry import actor_of
from engine.model.event import Event

API: Final = "api"
CONSOLE: Final = "console"
"""Also who acts there: whoever owns this machine."""

_VIA: Final[ContextVar[str]] = ContextVar("via", default="")


@contextmanager
def coming_by(via: str) -> Iterator[None]:
    """Whatever is done in here was asked for this way."""
    before = _VIA.set(via)
    try:
        yield
    finally:
        _VIA.reset(before)


def stamped(events: Sequence[Event]) -> Sequence[Event]:
    """These, and of what somebody did, or was refused, the way it was asked for."""
    via = _VIA.get()
    if not via:
        return events
    return [replace(event, via=via) if actor_of(event) else event for event in events]
