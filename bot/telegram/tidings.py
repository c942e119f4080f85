"""One message of news, before anybody knows to whom it goes."""

from dataclasses import dataclass

from engine.model.order import Order
from engine.model.position import Position


@dataclass(frozen=True, slots=True)
class News:
    """One message; `actor_id` is whose order it is about; what is `urgent` no digest leaves out.

    `whose` says it in words, to those who would not know, `done` what that person did, or a
    bracket's `guard` for them; it is an `echo` where that person was answered already. `stray` is
    what waits for a decision.
    """

    text: str
    silent: bool = False
    actor_id: str = ""
    urgent: bool = False
    whose: str = ""
    done: str = "Placed"
    guard: bool = False
    echo: bool = False
    stray: Order | Position | None = None


def deed(text: str, actor_id: str, done: str, *, silent: bool = True) -> News:
    """What somebody did, to the others."""
    return News(text, silent=silent, actor_id=actor_id, done=done, echo=True)
