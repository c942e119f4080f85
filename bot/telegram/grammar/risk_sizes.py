"""How large an order may be: `tBTCUSD 1% stop 29000`, `tBTCUSD 1% atr 2 sell entry 30000`."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from bot.telegram.grammar.letters import plain_word
from bot.telegram.grammar.numbers import number, percent, price
from bot.telegram.grammar.reading import Reading, understand
from bot.telegram.grammar.refusal import Flaw, Lack, Missing
from bot.telegram.grammar.symbols import symbol_word
from engine.model.order import Side
from engine.model.risk import SizeWish

SAMPLE: Final = "/size tBTCUSD 1% stop 29000"
MOST_MULTIPLE: Final = 100
_SIDES: Final = {"buy": Side.BUY, "long": Side.BUY, "sell": Side.SELL, "short": Side.SELL}
_ATR = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?)(?:x?atr)", re.IGNORECASE)


def size(words: Sequence[str]) -> SizeWish:
    """What `/size` with these words means."""
    return understand("/size", words, _wish, SAMPLE)


def _wish(reading: Reading) -> SizeWish:
    if not reading.more():
        says = "/size needs a symbol, a risk in percent, and where the stop is."
        raise Lack(Missing.SYMBOL, says, "tBTCUSD 1% stop 29000")
    early = _SIDES.get(reading.peek().lower())
    if early is not None:
        reading.take()
        if not reading.more():
            raise Lack(Missing.SYMBOL, "In which symbol?", "tBTCUSD 1% atr 2")
    typed = symbol_word(reading.take())
    if not reading.more():
        raise Lack(Missing.AMOUNT, "How much of equity may be lost?", "1% stop 29000")
    word = reading.take()
    risk = percent(word if word.endswith("%") else f"{word}%")
    found, side = _ends(reading, early)
    if not found.keys() & {"stop", "atr"}:
        says = "Where is the stop? A price, or a multiple of the daily range."
        sells = ("atr 2",) if side is not None else ("atr 2", "atr 2 sell")
        raise Lack(Missing.TRIGGER, says, "stop 29000", *sells)
    return SizeWish(
        symbol=typed,
        risk_percent=risk,
        stop=found.get("stop"),
        atr_multiple=found.get("atr"),
        entry=found.get("entry"),
        side=side,
    )


def _ends(reading: Reading, side: Side | None) -> tuple[dict[str, Decimal], Side | None]:
    found: dict[str, Decimal] = {}
    while reading.more():
        word = reading.take()
        plain_word(word)
        if (said := _SIDES.get(word.lower())) is not None:
            if side is not None:
                raise Flaw("says a second time which way: buy or sell, once.", "")
            side = said
            continue
        name, value = _end(reading, word)
        if name in found or (name in {"stop", "atr"} and found.keys() & {"stop", "atr"}):
            raise Flaw("says it a second time: one stop, as a price or in atr.", "")
        found[name] = value
    return found, side


def _end(reading: Reading, word: str) -> tuple[str, Decimal]:
    if short := _ATR.fullmatch(word):
        return "atr", _multiple(short.group(1))
    name = {"sl": "stop", "at": "entry", "limit": "entry"}.get(word.lower(), word.lower())
    if name not in {"stop", "atr", "entry"}:
        says = "is not understood here: say stop, atr or entry, and buy or sell."
        raise Flaw(says, "stop 29000", "atr 2", "atr 2 sell")
    if not reading.more():
        sample = "2" if name == "atr" else "29000"
        raise Lack(Missing.TRIGGER, f"{word.capitalize()} needs a figure.", sample)
    following = reading.take()
    return name, _multiple(following) if name == "atr" else price(following)


def _multiple(word: str) -> Decimal:
    value = number(word, example="2")
    if value > MOST_MULTIPLE:
        raise Flaw(f"is more than {MOST_MULTIPLE} daily ranges.", "2")
    return value
