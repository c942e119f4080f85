"""What to cancel, how much to close, why to pause."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.telegram.grammar.letters import plain_word, without_controls
from bot.telegram.grammar.numbers import looks_numeric, number, percent
from bot.telegram.grammar.reading import Reading, understand
from bot.telegram.grammar.refusal import Flaw, Lack, Missing
from bot.telegram.grammar.sizes import ALL, ALL_WORDS
from bot.telegram.grammar.symbols import SAMPLE, is_symbol, symbol_word

MAX_REASON = 200
MAX_REST = 500

_HALF = Decimal(50)
_NUMBER = re.compile(r"#?([1-9][0-9]{0,17})")
_NUMBER_SAMPLE = "123456789"
_CANCEL_SAMPLE = "/cancel tBTCUSD"
_CLOSE_SAMPLE = "/close tBTCUSD 50%"


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTarget:
    """What to cancel: an order's number, or a symbol as typed; exactly one is set."""

    number: int | None = None
    symbol: str | None = None


def cancel_target(words: Sequence[str]) -> CancelTarget:
    """What `/cancel` with these words means."""
    return understand("/cancel", words, _target, _CANCEL_SAMPLE)


def order(words: Sequence[str], command: str = "/order") -> int:
    """The number of the order that `command` with these words means."""

    def read(reading: Reading) -> int:
        if not reading.more():
            says = f"{command} needs an order number; /orders lists what is open."
            raise Lack(Missing.ORDER, says, _NUMBER_SAMPLE)
        number_ = order_number(reading.take())
        reading.end()
        return number_

    return understand(command, words, read, f"{command} {_NUMBER_SAMPLE}")


def order_number(word: str) -> int:
    """The exchange's number of an order, or ours."""
    plain_word(word, _NUMBER_SAMPLE)
    if found := _NUMBER.fullmatch(word):
        return int(found.group(1))
    raise Flaw("is not an order number. /orders lists what is open.", _NUMBER_SAMPLE)


def close(words: Sequence[str]) -> tuple[str, Decimal]:
    """The symbol as typed, and how many percent of its position to close."""
    return understand("/close", words, _closing, _CLOSE_SAMPLE)


def reason(rest: str) -> str:
    """`rest` as one line of at most 200 characters; never refused, so that stopping never is."""
    line = without_controls(rest[:MAX_REST])
    return line if len(line) <= MAX_REASON else line[: MAX_REASON - 1].rstrip() + "…"


def _target(reading: Reading) -> CancelTarget:
    if not reading.more():
        says = "/cancel needs an order number or a symbol; /orders lists what is open."
        raise Lack(Missing.TARGET, says, _NUMBER_SAMPLE, "tBTCUSD")
    target = _one_target(reading.take())
    reading.end()
    return target


def _one_target(word: str) -> CancelTarget:
    plain_word(word, SAMPLE)
    if found := _NUMBER.fullmatch(word):
        return CancelTarget(number=int(found.group(1)))
    if word.lower() in ALL_WORDS:
        raise Flaw("is not a symbol. To cancel every order, send /cancelall.", "tBTCUSD")
    if is_symbol(word):
        return CancelTarget(symbol=word)
    if looks_numeric(word.lstrip("#")):
        raise Flaw("is not an order number. /orders lists what is open.", _NUMBER_SAMPLE)
    return CancelTarget(symbol=symbol_word(word))


def _closing(reading: Reading) -> tuple[str, Decimal]:
    if not reading.more():
        says = "/close needs a symbol: /close SYMBOL [PART]. /positions lists what is open."
        raise Lack(Missing.SYMBOL, says, "tBTCUSD", "tBTCUSD 50%")
    symbol = symbol_word(reading.take())
    part = _part(reading.take()) if reading.more() else ALL
    reading.end()
    return symbol, part


def _part(word: str) -> Decimal:
    said = word.lower()
    if said in ALL_WORDS:
        return ALL
    if said == "half":
        return _HALF
    if word.endswith("%"):
        return percent(word)
    if not looks_numeric(word):
        plain_word(word, "50%")
        raise Flaw("is not a part. Write 50% or half.", "50%")
    raise _bare_part(number(word, example="50", after="%"), word)


def _bare_part(value: Decimal, word: str) -> Flaw:
    if value < 1:
        share = f"{(value * 100).normalize():f}%"
        says = f"could be {share} or {word}%. Write it with its % sign."
        return Flaw(says, share, f"{word}%")
    return Flaw("has no % sign. The part of a position is said in percent.", f"{word}%", "50%")
