"""What a button says when it is pressed: typed, short, and nothing worth forging."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData


class CardVerb(StrEnum):
    """The ends of a card; `OTHER` confirms the wish beside the first."""

    CONFIRM = "y"
    OTHER = "o"
    DECLINE = "n"


class CardPress(CallbackData, prefix="c"):
    """Decide a card: the opaque id names what is stored, nothing is carried along."""

    card: str
    verb: CardVerb


class ApprovalPress(CallbackData, prefix="e"):
    """Decide about somebody else's card."""

    card: str
    verb: CardVerb


class CodePress(CallbackData, prefix="k"):
    """Give no code after all: nothing is carried along, who presses says whose it is."""


class OrderPress(CallbackData, prefix="o"):
    """Ask for a card that cancels this order."""

    key: int


class ClosePress(CallbackData, prefix="p"):
    """Ask for a card that closes a part of a position."""

    symbol: str
    percent: int


class PanelPress(CallbackData, prefix="r"):
    """Draw a panel anew: its command and its words."""

    command: str
    words: str = ""


class PagePress(CallbackData, prefix="l"):
    """Draw a page of a list anew: its command, its number from 0, its words."""

    command: str
    number: int
    words: str = ""


class SayPress(CallbackData, prefix="s"):
    """Say a command with these words; the answer is a new message."""

    command: str
    words: str = ""


class StrayVerb(StrEnum):
    """What can be done with something made elsewhere."""

    ADOPT = "a"
    IGNORE = "i"
    END = "e"


class StrayPress(CallbackData, prefix="w"):
    """Decide about something made elsewhere: the id names what is stored."""

    stray: str
    verb: StrayVerb


def said(command: str, words: str = "") -> str:
    """Packed data that says a command in a new message."""
    return SayPress(command=command, words=words.replace(":", "/")).pack()


def panel(command: str, words: str = "") -> str:
    """Packed data that says a command again; a symbol's colon would part the data."""
    return PanelPress(command=command, words=words.replace(":", "/")).pack()


def paged(command: str, number: int, words: str = "") -> str:
    """Packed data that says a command again and means one page of its answer."""
    return PagePress(command=command, number=number, words=words.replace(":", "/")).pack()


def panel_words(press: PanelPress | PagePress | SayPress) -> tuple[str, ...]:
    """The words that were packed."""
    return tuple(press.words.replace("/", ":").split())
