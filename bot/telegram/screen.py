"""What a person sees in the chat: text with buttons, before it is Telegram's."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Look(StrEnum):
    """A button's colour, in the Bot API's words: colour acts at once, plain only asks or looks."""

    PLAIN = ""
    GOOD = "success"
    DANGER = "danger"
    PRIMARY = "primary"


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button; `data` is packed callback data of at most 64 bytes."""

    text: str
    data: str
    look: Look = Look.PLAIN


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that comes with a message."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Screen:
    """A message: HTML text, rows of buttons, and whether it arrives without a sound.

    `card` is the id of the stored card this message shows, if it shows one; a reply to it is
    said after the words of `answers`, such as `amend 12 price`. A `picture` is shown above the
    text; the message is taken away at `gone_at`, and cannot be forwarded then.
    """

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    silent: bool = False
    card: str | None = None
    answers: str = ""
    paper: Paper | None = None
    picture: Paper | None = None
    gone_at: datetime | None = None
