"""How much: `0.01`, `0.01btc`, `$250`, `250usd`, `25%`, `max`."""

import re
from decimal import Decimal

from bot.telegram.grammar.letters import ascii_twin, plain_word
from bot.telegram.grammar.numbers import SIGNS, looks_numeric, number, percent
from bot.telegram.grammar.refusal import Flaw
from bot.telegram.grammar.symbols import pairs
from engine.model.draft import BaseSize, PartSize, QuoteSize, Size

ALL = Decimal(100)
ALL_WORDS = frozenset({"max", "all"})
STATE_MONEY = frozenset({"USD", "EUR", "GBP", "JPY", "CHF", "SEK", "CNH", "UST", "USDT", "USDC"})
DOLLARS = frozenset({"USD", "UST", "USTF0", "TESTUSD", "TESTUSDT", "TESTUSDTF0"})

_WITH_NAME = re.compile(r"([^A-Za-z]+)([A-Za-z][A-Za-z0-9]{1,11})")
_NOT_A_NAME = re.compile(r"[0-9.]+e[+-]?[0-9]+|0[xbo][0-9a-f]*", re.IGNORECASE)
_SIGNED_CURRENCIES = {"€": "eur", "£": "gbp", "¥": "jpy"}


def size(word: str, symbol: str) -> Size:
    """What `word` means as the amount of an order in `symbol`, as typed."""
    if word.lower() in ALL_WORDS:
        return PartSize(ALL)
    if word.lower() == "half":
        raise Flaw("is not an amount. Use 50%.", "50%")
    if word.endswith("%"):
        return PartSize(percent(word))
    if "$" in word:
        return _dollars(word, symbol)
    _no_other_sign(word)
    if _WITH_NAME.fullmatch(ascii_twin(word)):
        plain_word(word)
    named = None if _NOT_A_NAME.fullmatch(word) else _WITH_NAME.fullmatch(word)
    if named:
        return _named(named.group(1), named.group(2), symbol)
    if not looks_numeric(word) and word.lower() not in {"nan", "inf", "infinity"}:
        plain_word(word, "0.01")
        raise Flaw("is not an amount. Write 0.01, $250 or 25%.", "0.01")
    return BaseSize(number(word, example="0.01"))


def names_currency(word: str, symbol: str) -> bool:
    """Whether `word` is a currency that belongs to the amount before it."""
    currency = word.upper()
    return currency in {"%", "$", "USD"} or any(
        pair.trades(currency) or pair.priced_in(currency) for pair in pairs(symbol)
    )


def _dollars(word: str, symbol: str) -> Size:
    if word.startswith(tuple(SIGNS)):
        number(word.replace("$", ""), example="250", before="$")
    before, after = ("$", "") if word.startswith("$") else ("", "$")
    core = word.removeprefix("$") if before else word.removesuffix("$")
    named = _WITH_NAME.fullmatch(core)
    if "$" in core or (named and not _NOT_A_NAME.fullmatch(core)):
        raise Flaw("names its currency twice. Write it once.", "$250")
    amount = number(core, example="250", before=before, after=after)
    return _in_dollars(amount, core, symbol)


def _no_other_sign(word: str) -> None:
    for sign, name in _SIGNED_CURRENCIES.items():
        if sign in word:
            core = word.replace(sign, "")
            number(core, example="250", after=name)
            raise Flaw(f"has the sign {sign}. Write the currency's name.", f"{core}{name}", "$250")


def _named(core: str, name: str, symbol: str) -> Size:
    amount = number(core, example="0.01", after=name.lower())
    currency = name.upper()
    for pair in pairs(symbol):
        if pair.trades(currency) and not pair.priced_in(currency):
            return BaseSize(amount)
        if pair.priced_in(currency) and not pair.trades(currency):
            return QuoteSize(amount, pair.quote)
    if currency == "USD":
        return _in_dollars(amount, core, symbol)
    if not pairs(symbol):
        return QuoteSize(amount, currency)
    raise _foreign(name, core, symbol)


def _in_dollars(amount: Decimal, core: str, symbol: str) -> QuoteSize:
    readings = pairs(symbol)
    if readings and not any(pair.quote in DOLLARS for pair in readings):
        raise _foreign("USD", core, symbol)
    return QuoteSize(amount, "USD")


def _foreign(name: str, core: str, symbol: str) -> Flaw:
    pair = pairs(symbol)[0]
    likely = pair.quote if name.upper() in STATE_MONEY else pair.base
    says = f"names {name.upper()}, but {symbol} trades {pair.base} for {pair.quote}."
    return Flaw(says, f"{core}{likely.lower()}")
