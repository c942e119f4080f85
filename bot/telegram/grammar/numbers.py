"""Numbers, exact or refused: plain digits and one dot."""

import re
import unicodedata
from decimal import Decimal

from bot.telegram.grammar.letters import plain_word
from bot.telegram.grammar.refusal import Flaw
from engine.model.money import AMOUNT_DECIMALS, cut_amount, plain

MOST_DIGITS = 15
SIGNS = "+-\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}\N{NON-BREAKING HYPHEN}"

_PLAIN = re.compile(r"([0-9]*)(?:\.([0-9]+))?")
_NOT_FINITE = re.compile(r"s?nan[0-9]*|inf(?:inity)?", re.IGNORECASE)
_POWER = re.compile(r"([0-9.]+)e[+-]?[0-9]+", re.IGNORECASE)
_SHORT_POWER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,8})?e[+-]?[0-9]{1,2}", re.IGNORECASE)
_CODED = re.compile(r"0[xbo][0-9a-f]*", re.IGNORECASE)
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_CONTINENTAL = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_DECIMAL_COMMA = re.compile(r"[0-9]*,[0-9]+")
_GROUPED = re.compile(r"[0-9]{1,3}(?:['_`][0-9]{3})+(?:\.[0-9]+)?")
_THOUSAND = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,8})?)k", re.IGNORECASE)
_LETTERED = re.compile(r"[0-9.]+[kmb]", re.IGNORECASE)


def number(text: str, *, example: str, before: str = "", after: str = "") -> Decimal:
    """The number above zero that `text` writes.

    A `Flaw` otherwise; what may stand instead, or else `example`, is set between `before` and
    `after`, the rest of the word.
    """
    try:
        return _number(text)
    except Flaw as flaw:
        instead = [f"{before}{one}{after}" for one in flaw.instead if _is_number(one)]
        advice = f" Use {instead[0]}." if len(instead) == 1 else ""
        raise Flaw(flaw.says + advice, *(instead or [f"{before}{example}{after}"])) from None


def price(word: str) -> Decimal:
    """A price above zero, in plain digits."""
    bare = word.strip("$")
    named = re.fullmatch(r"([0-9.,]+)[A-Za-z]{3,}", bare)
    bare = named.group(1) if named else bare
    if bare != word and bare:
        instead = bare if _is_number(bare) else "30000"
        raise Flaw("is a price with a currency. Write the number alone.", instead)
    return number(word, example="30000")


def percent(word: str) -> Decimal:
    """`25%`: more than 0, at most 100."""
    value = number(word.removesuffix("%"), example="25", after="%")
    if value > 100:
        raise Flaw("is more than there is: at most 100%.", "100%")
    return value


def looks_numeric(word: str) -> bool:
    """Whether `word` was meant as a number, rightly written or not."""
    first = word.lstrip("." + "," + SIGNS)[:1]
    return first.isnumeric() or unicodedata.category(first or " ") == "Sc"


def _is_number(text: str) -> bool:
    try:
        _number(text)
    except Flaw:
        return False
    return True


def _number(text: str) -> Decimal:
    _unsigned(text)
    _no_fraction(text)
    plain_word(text)
    _no_notation(text)
    _no_separators(text)
    whole, fraction = _parts(text)
    return _within_bounds(Decimal(f"{whole or '0'}.{fraction or '0'}"), whole, fraction)


def _unsigned(text: str) -> None:
    if text.startswith(tuple(SIGNS)):
        raise Flaw(
            "has a sign. Write the number alone: /buy and /sell give the direction.",
            text.lstrip(SIGNS),
        )


def _no_fraction(text: str) -> None:
    if len(text) == 1 and unicodedata.category(text) == "No":
        exact = Decimal(repr(unicodedata.numeric(text)))
        raise Flaw("is not written in digits and a dot.", plain(exact))


def _no_notation(text: str) -> None:
    if _NOT_FINITE.fullmatch(text):
        raise Flaw("is not a number.")
    if _POWER.fullmatch(text):
        instead = plain(Decimal(text)) if _SHORT_POWER.fullmatch(text) else ""
        raise Flaw("is shortened with an e. Write all its digits.", instead)
    if _CODED.fullmatch(text):
        raise Flaw("is not an everyday number. Write it with the digits 0 to 9.")
    if thousand := _THOUSAND.fullmatch(text):
        instead = plain(Decimal(thousand.group(1)) * 1000)
        raise Flaw("is shortened with a k. Write all its digits.", instead)
    if _LETTERED.fullmatch(text):
        raise Flaw("is shortened with a letter. Write all its digits.")


def _no_separators(text: str) -> None:
    if _THOUSANDS.fullmatch(text):
        _thousands(text)
    if _CONTINENTAL.fullmatch(text):
        bare = text.replace(".", "").replace(",", ".")
        raise Flaw("has dots between its thousands.", bare)
    if _DECIMAL_COMMA.fullmatch(text):
        dotted = text.replace(",", ".")
        dotted = f"0{dotted}" if dotted.startswith(".") else dotted
        raise Flaw("has a decimal comma.", dotted)
    if _GROUPED.fullmatch(text):
        bare = re.sub("['_`]", "", text)
        raise Flaw("has marks between its thousands.", bare)


def _thousands(text: str) -> None:
    bare = text.replace(",", "")
    if text.count(",") > 1 or "." in text:
        raise Flaw("has commas between its thousands.", bare)
    if text.startswith("0"):
        dotted = text.replace(",", ".")
        raise Flaw("has a decimal comma.", dotted)
    other = plain(Decimal(text.replace(",", ".")))
    raise Flaw(f"could be {bare} or {other}. Write it without the comma.", bare, other)


def _parts(text: str) -> tuple[str, str]:
    if re.fullmatch(r"[0-9]+\.", text):
        raise Flaw("ends with a dot. Is something missing?", text[:-1])
    if text.count(".") > 1:
        raise Flaw("has more than one dot.")
    found = _PLAIN.fullmatch(text)
    if not text or found is None:
        raise Flaw("is not a number.")
    return found.group(1), found.group(2) or ""


def _within_bounds(value: Decimal, whole: str, fraction: str) -> Decimal:
    if len(whole) > MOST_DIGITS:
        raise Flaw(f"has {len(whole)} digits before the dot; at most {MOST_DIGITS} are read.")
    if value == 0:
        raise Flaw("is zero. Write a number above zero.")
    if len(whole) > 1 and whole.startswith("0"):
        rest = f".{fraction}" if fraction else ""
        bare, small = whole.lstrip("0") or "0", f"0.{whole[1:]}{fraction}"
        raise Flaw("starts with a stray zero.", f"{bare}{rest}", *([] if rest else [small]))
    if len(fraction) > AMOUNT_DECIMALS:
        cut = cut_amount(value)
        smallest = Decimal(1).scaleb(-AMOUNT_DECIMALS)
        says = f"has {len(fraction)} decimals; at most {AMOUNT_DECIMALS} are kept."
        raise Flaw(says, plain(cut or smallest))
    return Decimal(plain(value))
