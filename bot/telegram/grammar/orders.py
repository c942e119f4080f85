"""The words of an order: symbol, amount, then options in any order."""

import re
from collections.abc import Sequence
from functools import partial

from bot.telegram.grammar.numbers import looks_numeric
from bot.telegram.grammar.options import KNOWN, Wishes, agree, option
from bot.telegram.grammar.reading import Reading, understand
from bot.telegram.grammar.refusal import Flaw, Lack, Missing, quoted
from bot.telegram.grammar.sizes import ALL_WORDS, size
from bot.telegram.grammar.symbols import is_symbol, symbol_word
from engine.model.account import Wallet
from engine.model.draft import OrderDraft, Size
from engine.model.order import Side

_AMOUNT = re.compile(r"\$?[0-9][0-9.,]*(?:%|\$|[A-Za-z]{2,5})?")


def order(side: Side, words: Sequence[str]) -> OrderDraft:
    """The draft that `/buy` or `/sell` with these words means.

    Raises `WrongWord` naming the first wrong word, or `MissingWord`.
    """
    head = f"/{side.value}"
    return understand(head, words, partial(_draft, side), f"{head} tBTCUSD 0.01")


def _draft(side: Side, reading: Reading) -> OrderDraft:
    symbol = _symbol(side, reading)
    amount = _size(side, symbol, reading)
    wishes = Wishes()
    while reading.more():
        option(symbol, reading, wishes)
    agree(reading, wishes)
    return OrderDraft(
        symbol=symbol,
        side=side,
        size=amount,
        type=wishes.type,
        price=wishes.price,
        trigger=wishes.trigger,
        wallet=Wallet.MARGIN if "margin" in wishes.flags else Wallet.EXCHANGE,
        post_only="post" in wishes.flags,
        reduce_only="reduce" in wishes.flags,
        hidden="hidden" in wishes.flags,
    )


def _symbol(side: Side, reading: Reading) -> str:
    if not reading.more():
        raise Lack(
            Missing.SYMBOL,
            f"/{side.value} needs a symbol and an amount: "
            f"/{side.value} SYMBOL AMOUNT [limit PRICE].",
            "tBTCUSD 0.01",
            "tBTCUSD $250 limit 30000",
        )
    word = reading.take()
    following = reading.peek()
    if word.lower() in KNOWN:
        raise Flaw("is where the symbol belongs.", f"tBTCUSD 0.01 {word}")
    if _is_amount(word, following):
        swapped = _may_be_symbol(following)
        mended = f"{following} {word}" if swapped else f"tBTCUSD {word}"
        says = "is where the symbol belongs: symbol first, then amount."
        raise Flaw(says, mended, mend=(0, 2) if swapped else (0, 1))
    return symbol_word(word)


def _is_amount(word: str, following: str) -> bool:
    if not _AMOUNT.fullmatch(word):
        return False
    lettered = any(c.isalpha() for c in word)
    after = following.lower()
    return not lettered or not after or after in KNOWN or _may_be_symbol(after)


def _may_be_symbol(word: str) -> bool:
    said = word.lower()
    return is_symbol(word) and not looks_numeric(word) and said not in KNOWN | ALL_WORDS


def _size(side: Side, symbol: str, reading: Reading) -> Size:
    if not reading.more():
        raise Lack(
            Missing.AMOUNT,
            f"How much {symbol}? Say /{side.value} {symbol} AMOUNT [limit PRICE].",
            "0.01",
            "$250",
            "25%",
        )
    word = reading.take()
    if word in {"$", "%"} and looks_numeric(reading.peek()):
        whole = f"${reading.peek()}" if word == "$" else f"{reading.peek()}%"
        raise Flaw(f"stands alone. Write {quoted(whole)} as one word.", whole, mend=(1, 3))
    if word.lower() in KNOWN:
        raise Flaw("is where the amount belongs.", f"0.01 {word}")
    return size(word, symbol)
