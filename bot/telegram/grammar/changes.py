"""What an open order is to become: `/amend ID [price P] [amount A] [stop P] [trail D]`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches

from bot.telegram.grammar.letters import plain_word
from bot.telegram.grammar.numbers import looks_numeric, number, price
from bot.telegram.grammar.reading import Reading, understand
from bot.telegram.grammar.refusal import SHOWN, Flaw, Lack, Missing, quoted
from bot.telegram.grammar.targets import order_number
from engine.model.change import OrderChange

WORDS = {
    "price": "price",
    "limit": "price",
    "amount": "amount",
    "size": "amount",
    "stop": "trigger",
    "trigger": "trigger",
    "trail": "trail",
}

_SAMPLE = "/amend 123456789 price 30000"
_SAMPLES = {"price": "30000", "amount": "0.01", "trigger": "30000", "trail": "500"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """An order's number, and what is to change of it; None where that was not said yet."""

    number: int
    change: OrderChange | None = None


@dataclass(slots=True)
class _Said:
    values: dict[str, Decimal] = field(default_factory=dict)


def amend(words: Sequence[str]) -> Amendment:
    """What `/amend` with these words means."""
    return understand("/amend", words, _amendment, _SAMPLE)


def _amendment(reading: Reading) -> Amendment:
    if not reading.more():
        says = "/amend needs an order number and what is to change; /orders lists what is open."
        raise Lack(Missing.ORDER, says, "123456789 price 30000")
    target = order_number(reading.take())
    said = _Said()
    while reading.more():
        _one(reading, said)
    if not said.values:
        return Amendment(number=target)
    values = said.values
    change = OrderChange(
        amount=values.get("amount"),
        price=values.get("price"),
        trigger=values.get("trigger"),
        trail=values.get("trail"),
    )
    return Amendment(number=target, change=change)


def _one(reading: Reading, said: _Said) -> None:
    word = reading.take()
    name = WORDS.get(word.lower())
    if name is None:
        raise _unknown(word)
    if name in said.values:
        raise Flaw("is said twice.", "", mend=(reading.place, reading.place + 2))
    if not reading.more():
        says = f"{quoted(word)} needs its new value."
        raise Lack(Missing.CHANGE, says, _SAMPLES[name])
    following = reading.take()
    if following.lower() in WORDS:
        says = f"is where the new value of {quoted(word)} belongs."
        raise Flaw(says, f"{_SAMPLES[name]} {following}")
    amount = name == "amount"
    said.values[name] = number(following, example="0.01") if amount else price(following)


def _unknown(word: str) -> Flaw:
    plain_word(word)
    if looks_numeric(word):
        says = "is a number on its own. Say price, amount, stop or trail before it."
        return Flaw(says, f"price {word}", f"amount {word}")
    if word.startswith("/"):
        return Flaw("starts a second command. Send one command at a time.", "")
    near = get_close_matches(word.lower()[:SHOWN], sorted(WORDS), n=1)
    says = "cannot be changed. Say price, amount, stop or trail, and the new value."
    return Flaw(says, near[0] if near else "price 30000")
