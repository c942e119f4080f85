"""How a word is refused: named, and with an example that works."""

from collections.abc import Sequence
from enum import StrEnum

from engine.model.errors import InvalidInput

SHOWN = 40


class Missing(StrEnum):
    """What a command lacks."""

    SYMBOL = "symbol"
    AMOUNT = "amount"
    PRICE = "limit price"
    TRIGGER = "stop price"
    TARGET = "order number or symbol"
    TRAIL = "distance"
    MOMENT = "time"
    FALLBACK = "close or hold"
    SIDE = "buy or sell"
    EXIT = "stop loss or take profit"
    ORDER = "order number"
    CHANGE = "change"
    NAME = "name"
    LINE = "order"


class WrongWord(InvalidInput):
    """A word could not be understood. Correct it and send the command again.

    `word` as it was typed; `examples` are whole commands, and stand at the sentence's end.
    """

    def __init__(self, sentence: str, *, word: str, examples: tuple[str, ...]) -> None:
        super().__init__(sentence)
        self.word = word
        self.examples = examples


class MissingWord(InvalidInput):
    """Something is missing. Complete the command and send it again.

    `given` are the words that were there; `examples` as in `WrongWord`.
    """

    def __init__(
        self, sentence: str, *, missing: Missing, given: tuple[str, ...], examples: tuple[str, ...]
    ) -> None:
        super().__init__(sentence)
        self.missing = missing
        self.given = given
        self.examples = examples


class Flaw(Exception):
    """What is wrong with the word being read, said so that it follows the quoted word.

    `at` is the word's place where it is not the one read last; each of `instead` may stand in
    its place, or in place of the words `mend` (start, stop).
    """

    def __init__(
        self, says: str, *instead: str, at: int | None = None, mend: tuple[int, int] | None = None
    ) -> None:
        super().__init__(says)
        self.says = says
        self.instead = instead
        self.at = at
        self.mend = mend


class Lack(Exception):
    """The words end too early; `instead` may follow them."""

    def __init__(self, missing: Missing, says: str, *instead: str) -> None:
        super().__init__(says)
        self.missing = missing
        self.says = says
        self.instead = instead


def shown(text: str) -> str:
    """`text` clipped, and without what cannot be printed."""
    clipped = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in clipped)


def quoted(text: str) -> str:
    """`text` as it is shown back: clipped, in typographic quotes, not escaped."""
    return f"“{shown(text)}”"


def listed(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *others, last = items
    return f"{', '.join(others)} and {last}" if others else last


def exemplified(sentence: str, examples: Sequence[str]) -> str:
    """The sentence, then its examples with nothing after them."""
    label = "Example" if len(examples) == 1 else "Examples"
    return f"{sentence} {label}: {' or '.join(examples)}"
