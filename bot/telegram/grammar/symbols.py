"""Symbols as people type them: `tBTCUSD`, `btcusd`, `BTC/USD`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.telegram.grammar.letters import plain_word
from bot.telegram.grammar.reading import Reading, understand
from bot.telegram.grammar.refusal import Flaw, Lack, Missing

SAMPLE = "tBTCUSD"
MOST = 32

_SHAPE = re.compile(r"[A-Za-z0-9]+(?:[:/-][A-Za-z0-9]+)?")
_LONE_PAIR = 6


def symbol(words: Sequence[str], example: str) -> str:
    """The one symbol of a command, as typed; `example` is a whole right command."""
    head, _, sample = example.rpartition(" ")

    def read(reading: Reading) -> str:
        if not reading.more():
            raise Lack(Missing.SYMBOL, f"{head or 'This'} needs a symbol.", sample)
        name = symbol_word(reading.take(), sample)
        reading.end()
        return name

    return understand(head, words, read, example)


def optional_symbol(words: Sequence[str], example: str = SAMPLE) -> str | None:
    """The symbol of a command that can do without, as typed."""
    return symbol(words, example) if words else None


def symbol_word(word: str, sample: str = SAMPLE) -> str:
    """`word` when it could be a symbol; whether it is listed, the market knows."""
    plain_word(word, sample)
    if word.startswith("/"):
        raise Flaw("starts a second command. Send one command at a time.", sample)
    if is_symbol(word):
        return word
    raise Flaw("is not a symbol.", next(filter(is_symbol, _tidied(word)), sample))


def is_symbol(word: str) -> bool:
    """Whether `word` has a symbol's shape."""
    lettered = any(c.isalpha() for c in word)
    return 2 <= len(word) <= MOST and lettered and bool(_SHAPE.fullmatch(word))


def _tidied(word: str) -> tuple[str, str]:
    bare = re.sub(r"^[^A-Za-z0-9]+|[^A-Za-z0-9]+$", "", word)
    return bare, re.sub(r"[_.,|\\]", "/", bare, count=1)


@dataclass(frozen=True, slots=True)
class Pair:
    """Both sides of a typed symbol, in capitals."""

    base: str
    quote: str

    def trades(self, currency: str) -> bool:
        """Whether `currency` is what is bought and sold; `BTC` names `BTCF0` too."""
        return self.base in {currency, f"{currency}F0"}

    def priced_in(self, currency: str) -> bool:
        """Whether `currency` is what prices are in; `UST` names `USTF0` too."""
        return self.quote in {currency, f"{currency}F0"}


def pairs(typed: str) -> tuple[Pair, ...]:
    """The pairs `typed` can mean; none where its two sides cannot be told apart."""
    names = [typed]
    if typed.startswith(("t", "T")):
        prefixed = typed.startswith("t") and typed[1:2].isupper()
        names = [typed[1:]] if prefixed else [typed, typed[1:]]
    return tuple(pair for name in names if (pair := _pair(name.upper())) is not None)


def _pair(name: str) -> Pair | None:
    base, separator, quote = re.sub("[/-]", ":", name).partition(":")
    if separator:
        return Pair(base, quote)
    return Pair(name[:3], name[3:]) if len(name) == _LONE_PAIR else None
