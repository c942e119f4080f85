"""What follows an order's amount: its type and prices, and flags, in any order."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from difflib import get_close_matches

from bot.telegram.grammar.letters import plain_word
from bot.telegram.grammar.moments import SAMPLE as SAMPLE_TIME
from bot.telegram.grammar.moments import moment
from bot.telegram.grammar.numbers import looks_numeric, number, price
from bot.telegram.grammar.reading import Reading
from bot.telegram.grammar.refusal import SHOWN, Flaw, Lack, Missing, listed, quoted
from bot.telegram.grammar.sizes import names_currency
from engine.model.bracket import Fallback
from engine.model.order import OrderType

TYPES = {
    "market": OrderType.MARKET,
    "limit": OrderType.LIMIT,
    "@": OrderType.LIMIT,
    "stop": OrderType.STOP,
    "stoplimit": OrderType.STOP_LIMIT,
    "stop-limit": OrderType.STOP_LIMIT,
    "trail": OrderType.TRAILING_STOP,
    "trailing": OrderType.TRAILING_STOP,
    "ioc": OrderType.IOC,
    "fok": OrderType.FOK,
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
PRICES = {"sl": "a stop loss price", "tp": "a take profit price", "oco": "a stop price"}
OTHERS = ("tif", "fallback")
WORDS = (
    *("market", "limit", "stop", "stoplimit", "trail", "ioc", "fok"),
    *("post", "reduce", "hidden", "margin", "sl", "tp", "oco", "tif"),
)
KNOWN = frozenset({*TYPES, *FLAGS, *PRICES, *OTHERS})

_GROUP = re.compile(r"[0-9]{3}(?:[.,][0-9]*)?")
_GROUP_HEAD = re.compile(r"\$?[0-9]{1,3}")
_AFTER_AMOUNT = 2


@dataclass(slots=True)
class Wishes:
    """What the options have said so far; `said` is the word that set the type, at `place`.

    `prices` are those of sl, tp and oco; `places` knows where each option but the type was said.
    """

    now: datetime
    type: OrderType = OrderType.MARKET
    price: Decimal | None = None
    trigger: Decimal | None = None
    trail: Decimal | None = None
    said: str = ""
    place: int = -1
    prices: dict[str, Decimal] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    until: datetime | None = None
    fallback: Fallback = Fallback.HOLD


def option(symbol: str, reading: Reading, wishes: Wishes) -> None:
    """Read the next option into `wishes`; `symbol` as typed."""
    word = reading.take()
    said = word.lower()
    if said in TYPES:
        _type(TYPES[said], word, reading, wishes)
    elif said in FLAGS:
        _note(FLAGS[said], reading, wishes)
    elif said in PRICES:
        _note(said, reading, wishes)
        wishes.prices[said] = _price(word, PRICES[said], Missing.PRICE, reading)
    elif said == "tif":
        _until(word, reading, wishes)
    elif said == "fallback":
        _fallback(word, reading, wishes)
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
    if kind in (OrderType.LIMIT, OrderType.IOC, OrderType.FOK):
        wishes.price = _price(word, "a price", Missing.PRICE, reading)
    if kind is OrderType.STOP_LIMIT:
        wishes.price = _price(word, "a limit price after its stop price", Missing.PRICE, reading)
    if kind is OrderType.TRAILING_STOP:
        needs = "a distance from the price, in quote currency"
        wishes.trail = _price(word, needs, Missing.TRAIL, reading, "500")


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


def _price(
    word: str, needs: str, missing: Missing, reading: Reading, sample: str = "30000"
) -> Decimal:
    if not reading.more():
        two = missing is Missing.TRIGGER and TYPES[word.lower()] is OrderType.STOP_LIMIT
        prices = "a stop price, then a limit price" if two else needs
        raise Lack(missing, f"{quoted(word)} needs {prices}.", "30000 30000" if two else sample)
    following = reading.take()
    if following.lower() == "limit" and word.lower() == "stop":
        here = reading.place
        raise Flaw("follows “stop”. Write stoplimit.", "stoplimit", mend=(here - 1, here + 1))
    if following.lower() in KNOWN:
        instead = sample if following.lower() in TYPES else f"{sample} {following}"
        raise Flaw(f"is where the price of {quoted(word)} belongs.", instead)
    return price(following)


def _until(word: str, reading: Reading, wishes: Wishes) -> None:
    _note("tif", reading, wishes)
    if not reading.more():
        says = f"{quoted(word)} needs a time: 30m, 2h, 1d, or a moment in UTC."
        raise Lack(Missing.MOMENT, says, SAMPLE_TIME, "18:00")
    following = reading.take()
    wishes.until = moment(following, reading.peek(), wishes.now)


def _fallback(word: str, reading: Reading, wishes: Wishes) -> None:
    _note("fallback", reading, wishes)
    if not reading.more():
        says = f"{quoted(word)} needs a word: close or hold, should the exits not be taken."
        raise Lack(Missing.FALLBACK, says, "close", "hold")
    choice = plain_word(reading.take(), "close").lower()
    if choice not in set(Fallback):
        raise Flaw("is not close or hold: what to do should the exits not be taken.", "close")
    wishes.fallback = Fallback(choice)


def _prices_ahead(reading: Reading) -> int:
    ahead = reading.words[reading.place + 1 : reading.place + 3]
    return next((i for i, word in enumerate(ahead) if not looks_numeric(word)), len(ahead))


def _note(option: str, reading: Reading, wishes: Wishes) -> None:
    if option in wishes.places:
        after = 0 if option in FLAGS else 1
        raise Flaw("is said twice.", "", mend=(reading.place, reading.place + 1 + after))
    wishes.places[option] = reading.place


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
    near = get_close_matches(word.lower()[:SHOWN], sorted(KNOWN), n=1)
    says = f"is not a word of an order. After the amount: {listed(WORDS)}."
    return Flaw(says, near[0] if near else "")
