"""Where a person goes from a decided card: back to the panel it came from."""

from bot.telegram.cards import Wish
from bot.telegram.presses import panel
from bot.telegram.screen import Button
from engine.model.limits import LIMITS
from engine.model.risk_command import (
    ChangeLimit,
    ResetBreaker,
    ResetGuard,
    SetWindows,
    UnlockSymbol,
)

HOME = Button("Risk", panel("risk"))


def onward(wish: Wish) -> tuple[tuple[Button, ...], ...]:
    """The row under a card that is decided; none for one that no panel lays."""
    match wish:
        case ChangeLimit(limit=name):
            group = LIMITS[name].group.value if name in LIMITS else ""
            return ((Button("Limits", panel("limits", group)), HOME),)
        case SetWindows():
            return ((Button("Windows", panel("windows")), HOME),)
        case UnlockSymbol():
            return ((Button("Locks", panel("locks")), HOME),)
        case ResetGuard() | ResetBreaker():
            return ((HOME,),)
        case _:
            return ()


def done_word(wish: Wish) -> str:
    """What was done, past tense, in small letters; so it goes after `not` too."""
    match wish:
        case ChangeLimit() | SetWindows():
            return "changed"
        case ResetGuard() | ResetBreaker():
            return "reset"
        case UnlockSymbol():
            return "unlocked"
        case _:
            return "done"
