"""What follows an order's amount: its type and prices, and flags, in any order."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches

from bot.telegram.grammar.letters import plain_word
from bot.telegram.grammar.numbers import looks_numeric, number, price
from bot.telegram.grammar.reading import Reading
from bot.telegram.grammar.refusal import SHOWN, Flaw, Lack, Missing, listed, quoted
from bot.telegram.grammar.sizes import names_currency
from engine.model.order import OrderType

TYPES = {
    "market": OrderType.MARKET,
    "limit": OrderType.LIMIT,
    "@": OrderType.LIMIT,
    "stop": OrderType.STOP,
    "stoplimit": OrderType.STOP_LIMIT,
    "stop-limit": OrderType.STOP_LIMIT,
}
FLAGS = {
    "post": "post",
    "post-only": "post",
    "postonly": "post",
    "reduce": "reduce",
    "reduce-only": "reduce",
    "reduceonly": "reduce",
    "hidden": "hidden",
    "margin": "margin",
}
LATER = {
    "trail": "stop",
    "sl": "",
    "tp": "",
    "oco": "",
    "tif": "",
    "ioc": "limit",
    "fok": "limit",
}
WORDS = ("market", "limit", "stop", "stoplimit", "post", "reduce", "hidden", "margin")
KNOWN = frozenset({*TYPES, *FLAGS, *LATER})

_GROUP = re.compile(r"[0-9]{3}(?:[.,][0-9]*)?")
_GROUP_HEAD = re.compile(r"\$?[0-9]{1,3}")
_AFTER_AMOUNT = 2


@dataclass(slots=True)
class Wishes:
    """What the options have said so far; `said` is the word that set the type.

    `flags` know their places.
    """

    type: OrderType = OrderType.MARKET
    price: Decimal | None = None
    trigger: Decimal | None = None
    said: str = ""
    place: int = -1
    flags: dict[str, int] = field(default_factory=dict)


def option(symbol: str, reading: Reading, wishes: Wishes) -> None:
    """Read the next option into `wishes`; `symbol` as typed."""
    word = reading.take()
    said = word.lower()
    if said in TYPES:
        _type(TYPES[said], word, reading, wishes)
    elif said in FLAGS:
        _flag(FLAGS[said], reading, wishes)
    elif said in LATER:
        raise _later(said, reading)
    elif word.startswith("@"):
        _settle(OrderType.LIMIT, word, reading, wishes)
        wishes.price = number(word[1:], example="30000", before="@")
    elif reading.place == _AFTER_AMOUNT and names_currency(word, symbol):
        raise _torn_amount(word, reading)
    elif looks_numeric(word):
        _bare_price(word, reading, wishes)
    else:
        raise _unknown(word)


def _type(kind: OrderType, word: str, reading: Reading, wishes: Wishes) -> None:
    _settle(kind, word, reading, wishes)
    if kind in (OrderType.STOP, OrderType.STOP_LIMIT):
        wishes.trigger = _price(word, "a stop price", Missing.TRIGGER, reading)
    if kind is OrderType.LIMIT:
        wishes.price = _price(word, "a price", Missing.PRICE, reading)
    if kind is OrderType.STOP_LIMIT:
        wishes.price = _price(word, "a limit price after its stop price", Missing.PRICE, reading)


def _settle(kind: OrderType, word: str, reading: Reading, wishes: Wishes) -> None:
    if wishes.said:
        raise _second_type(kind, word, reading, wishes)
    wishes.type, wishes.said, wishes.place = kind, word, reading.place


def _second_type(kind: OrderType, word: str, reading: Reading, wishes: Wishes) -> Flaw:
    here = reading.place
    stop = here + 1 + _prices_ahead(reading)
    if {kind, wishes.type} == {OrderType.STOP, OrderType.LIMIT} and wishes.place == here - 2:
        first, second = reading.words[here - 1], reading.peek()
        pair = (first, second) if kind is OrderType.LIMIT else (second, first)
        says = f"comes after {quoted(wishes.said)}. For both prices there is stoplimit."
        return Flaw(says, f"stoplimit {pair[0]} {pair[1]}", mend=(wishes.place, here + 2))
    if kind is wishes.type:
        return Flaw("says the order's type a second time.", "", mend=(here, stop))
    says = f"contradicts {quoted(wishes.said)}: an order has one type."
    return Flaw(says, "", mend=(here, stop))


def _price(word: str, needs: str, missing: Missing, reading: Reading) -> Decimal:
    if not reading.more():
        two = missing is Missing.TRIGGER and TYPES[word.lower()] is OrderType.STOP_LIMIT
        prices = "a stop price, then a limit price" if two else needs
        raise Lack(missing, f"{quoted(word)} needs {prices}.", "30000 30000" if two else "30000")
    following = reading.take()
    if following.lower() == "limit" and word.lower() == "stop":
        here = reading.place
        raise Flaw("follows “stop”. Write stoplimit.", "stoplimit", mend=(here - 1, here + 1))
    if following.lower() in KNOWN:
        instead = f"30000 {following}" if following.lower() in FLAGS else "30000"
        raise Flaw(f"is where the price of {quoted(word)} belongs.", instead)
    return price(following)


def _prices_ahead(reading: Reading) -> int:
    ahead = reading.words[reading.place + 1 : reading.place + 3]
    return next((i for i, word in enumerate(ahead) if not looks_numeric(word)), len(ahead))


def _flag(flag: str, reading: Reading, wishes: Wishes) -> None:
    if flag in wishes.flags:
        raise Flaw("is said twice.", "")
    wishes.flags[flag] = reading.place


def _later(said: str, reading: Reading) -> Flaw:
    priced = _prices_ahead(reading) > 0
    price_word = reading.peek() if priced and LATER[said] == "limit" else "30000"
    instead = f"{LATER[said]} {price_word}" if LATER[said] else ""
    return Flaw("is not available yet.", instead, mend=(reading.place, reading.place + 1 + priced))


def _torn_amount(word: str, reading: Reading) -> Flaw:
    amount = reading.words[1]
    whole = f"${amount}" if word == "$" else f"{amount}{word}"
    return Flaw(f"belongs to the amount. Write {quoted(whole)} as one word.", whole, mend=(1, 3))


def _bare_price(word: str, reading: Reading, wishes: Wishes) -> None:
    before = reading.words[reading.place - 1]
    torn = bool(_GROUP.fullmatch(word) and _GROUP_HEAD.fullmatch(before))
    if reading.place != _AFTER_AMOUNT:
        raise _stray_number(word, reading, wishes, torn)
    if torn:
        raise _torn_number(reading, f"{before} limit {word}")
    _settle(OrderType.LIMIT, word, reading, wishes)
    wishes.price = price(word)


def _stray_number(word: str, reading: Reading, wishes: Wishes, torn: bool) -> Flaw:
    if torn:
        return _torn_number(reading)
    if wishes.said:
        return Flaw("is one number too many.", "")
    return Flaw("is a number on its own. Say limit or stop before a price.", f"limit {word}")


def _torn_number(reading: Reading, *otherwise: str) -> Flaw:
    start = reading.place - 1
    groups = [reading.words[start], reading.words[start + 1]]
    for following in reading.words[start + 2 :]:
        if not _GROUP.fullmatch(following):
            break
        groups.append(following)
    whole = "".join(groups)
    says = f"could belong to the number before it. Write {quoted(whole)} as one word."
    if otherwise and int(groups[1][:3]):
        says = f"could be a price, or the rest of the amount {quoted(whole)}."
    return Flaw(says, whole, *otherwise, mend=(start, start + len(groups)))


def _unknown(word: str) -> Flaw:
    plain_word(word)
    if word.startswith("/"):
        return Flaw("starts a second command. Send one command at a time.", "")
    near = get_close_matches(word.lower()[:SHOWN], sorted({*TYPES, *FLAGS}), n=1)
    says = f"is not a word of an order. After the amount: {listed(WORDS)}."
    return Flaw(says, near[0] if near else "")


def agree(reading: Reading, wishes: Wishes) -> None:
    """Post-only waits in the book; a market or stop order takes from it."""
    at = wishes.flags.get("post")
    if at is None or wishes.type not in (OrderType.MARKET, OrderType.STOP):
        return
    if not wishes.said:
        says = "needs a limit price: a market order never waits."
        raise Flaw(says, f"limit 30000 {reading.words[at]}", at=at)
    says = f"does not go with {quoted(wishes.said)}: only an order with a limit price can wait."
    if wishes.trigger is None:
        raise Flaw(says, "limit 30000", at=at, mend=(wishes.place, wishes.place + 1))
    stop = reading.words[wishes.place + 1]
    mend = (wishes.place, wishes.place + 2)
    raise Flaw(says, f"stoplimit {stop} {stop}", at=at, mend=mend)
