"""Locking a symbol: `tBTCUSD`, `tBTCUSD 2h news`, `tBTCUSD until 18:00 too wild`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.telegram.grammar.moments import moment
from bot.telegram.grammar.reading import Reading, understand
from bot.telegram.grammar.refusal import Flaw, Lack, Missing
from bot.telegram.grammar.symbols import symbol_word
from bot.telegram.grammar.targets import reason

SAMPLE: Final = "/lock tBTCUSD 2h news"
_OPEN_END = frozenset({"open", "forever", "indefinitely"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LockWish:
    """A symbol as typed, until when, None for until somebody unlocks it, and why."""

    symbol: str
    until: datetime | None = None
    reason: str = ""


def lock(words: Sequence[str], now: datetime) -> LockWish:
    """What `/lock` with these words means."""

    def read(reading: Reading) -> LockWish:
        if not reading.more():
            raise Lack(Missing.SYMBOL, "/lock needs a symbol.", "tBTCUSD 2h")
        typed = symbol_word(reading.take())
        until = _until(reading, now)
        why = reason(" ".join(_rest(reading)))
        return LockWish(symbol=typed, until=until, reason=why)

    return understand("/lock", words, read, SAMPLE)


def _until(reading: Reading, now: datetime) -> datetime | None:
    """A time where one is meant; after `for` and `until` nothing else can be."""
    word = reading.peek().lower()
    if word in _OPEN_END:
        reading.take()
        return None
    if word in {"for", "until", "till"}:
        reading.take()
        if not reading.more():
            raise Lack(Missing.MOMENT, "For how long?", "2h", "18:00")
        return moment(reading.take(), reading.peek(), now)
    if not word[:1].isdigit():
        return None
    return moment(reading.take(), reading.peek(), now)


def _rest(reading: Reading) -> list[str]:
    """The reason: any words, however odd; only a second command is none."""
    words = list(reading.words[reading.place + 1 :])
    if any(word.startswith("/") for word in words):
        at = next(at for at, word in enumerate(reading.words) if word.startswith("/"))
        raise Flaw("starts a second command. Send one command at a time.", "", at=at)
    return words
