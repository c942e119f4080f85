"""Reads words in order, and turns a flaw into a refusal whose examples were tried first."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.telegram.grammar.refusal import (
    Flaw,
    Lack,
    MissingWord,
    WrongWord,
    exemplified,
    quoted,
)

T = TypeVar("T")

MAX_WORD = 64


class Reading:
    """Words, taken one after the other."""

    __slots__ = ("_next", "words")

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self._next = 0

    @property
    def place(self) -> int:
        """Where the word stands that was taken last."""
        return self._next - 1

    def more(self) -> bool:
        """Whether a word is left."""
        return self._next < len(self.words)

    def peek(self) -> str:
        """The next word, or nothing."""
        return self.words[self._next] if self.more() else ""

    def take(self) -> str:
        """The next word; there must be one."""
        word = self.words[self._next]
        self._next += 1
        if len(word) > MAX_WORD:
            raise Flaw(f"is too long: a word has at most {MAX_WORD} characters.", "")
        return word

    def end(self) -> None:
        """No word may be left."""
        if not self.more():
            return
        if self.take().startswith("/"):
            raise Flaw("starts a second command. Send one command at a time.", "")
        raise Flaw("is one word too many.", "")


def understand(head: str, words: Sequence[str], read: Callable[[Reading], T], fallback: str) -> T:
    """What `read` makes of the words.

    Raises `WrongWord` or `MissingWord`; examples begin with `head`, and each can be read.
    """
    reading = Reading(words)
    try:
        return read(reading)
    except Flaw as flaw:
        at = reading.place if flaw.at is None else flaw.at
        start, stop = flaw.mend or (at, at + 1)
        examples = _examples(head, reading.words, start, stop, flaw.instead, read) or (fallback,)
        word = reading.words[at]
        sentence = exemplified(f"{quoted(word)} {flaw.says}", examples)
        raise WrongWord(sentence, word=word, examples=examples) from None
    except Lack as lack:
        end = len(reading.words)
        examples = _examples(head, reading.words, end, end, lack.instead, read) or (fallback,)
        raise MissingWord(
            exemplified(lack.says, examples),
            missing=lack.missing,
            given=reading.words,
            examples=examples,
        ) from None


def _examples(
    head: str,
    words: tuple[str, ...],
    start: int,
    stop: int,
    instead: tuple[str, ...],
    read: Callable[[Reading], T],
) -> tuple[str, ...]:
    found = []
    for mended in ((*words[:start], *each.split()) for each in instead):
        whole = (*mended, *words[stop:])
        readable = next((w for w in (whole, mended) if _readable(w, read)), None)
        if readable is not None:
            found.append(" ".join((head, *readable)).strip())
    return tuple(dict.fromkeys(found))


def _readable(words: tuple[str, ...], read: Callable[[Reading], T]) -> bool:
    try:
        read(Reading(words))
    except (Flaw, Lack):
        return False
    return True
