"""The words of an order: symbol, amount, then options in any order."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

from bot.telegram.grammar.agreement import EXITS, agree, beyond
from bot.telegram.grammar.letters import leading_word
from bot.telegram.grammar.numbers import looks_numeric
from bot.telegram.grammar.options import KNOWN, Wishes, option
from bot.telegram.grammar.reading import Reading, understand
from bot.telegram.grammar.refusal import Flaw, Lack, Missing, quoted
from bot.telegram.grammar.sizes import ALL_WORDS, size
from bot.telegram.grammar.symbols import is_symbol, symbol_word
from engine.model.account import Wallet
from engine.model.draft import BracketDraft, OrderDraft, Size
from engine.model.order import Side

BRACKET_SAMPLE = "/bracket buy tBTCUSD 0.01 limit 30000 sl 29000 tp 33000"

_AMOUNT = re.compile(r"\$?[0-9][0-9.,]*(?:%|\$|[A-Za-z]{2,5})?")


def order(side: Side, words: Sequence[str], now: datetime) -> OrderDraft | BracketDraft:
    """The draft that `/buy` or `/sell` with these words means; a bracket with sl or tp.

    Raises `WrongWord` naming the first wrong word, or `MissingWord`.
    """
    head = f"/{side.value}"
    return understand(head, words, order_reader(head, side, now), f"{head} tBTCUSD 0.01")


def bracket(words: Sequence[str], now: datetime) -> BracketDraft:
    """The draft that `/bracket` with these words means; errors as `order`."""
    side = understand("/bracket", words[:1], side_word, BRACKET_SAMPLE)
    head = f"/bracket {words[0]}"
    return understand(head, words[1:], bracket_reader(head, side, now), BRACKET_SAMPLE)


def order_reader(
    head: str, side: Side, now: datetime
) -> Callable[[Reading], OrderDraft | BracketDraft]:
    """Reads the words that follow `head`, from the symbol on."""
    return partial(_draft, head, side, now)


def bracket_reader(head: str, side: Side, now: datetime) -> Callable[[Reading], BracketDraft]:
    """Reads the words that follow `head`, from the symbol on; exits there must be."""
    return partial(_bracket, head, side, now)


def side_word(reading: Reading) -> Side:
    """The side a bracket begins with."""
    if not reading.more():
        says = "A bracket needs a side, a symbol, an amount and its exits: "
        says += "buy SYMBOL AMOUNT [limit PRICE] sl PRICE tp PRICE."
        raise Lack(Missing.SIDE, says)
    word = leading_word(reading.take()).lower()
    if word not in set(Side):
        raise Flaw("is where buy or sell belongs.")
    return Side(word)


def _bracket(head: str, side: Side, now: datetime, reading: Reading) -> BracketDraft:
    draft = _draft(head, side, now, reading)
    if isinstance(draft, BracketDraft):
        return draft
    says = f"{head} needs a stop loss, a take profit, or both."
    entry = draft.price or draft.trigger or Decimal(30000)
    selling = side is Side.SELL
    loss, gain = beyond(entry, above=selling), beyond(entry, above=not selling)
    raise Lack(Missing.EXIT, says, f"sl {loss} tp {gain}")


def _draft(head: str, side: Side, now: datetime, reading: Reading) -> OrderDraft | BracketDraft:
    symbol = _symbol(head, reading)
    amount = _size(head, symbol, reading)
    wishes = Wishes(now)
    while reading.more():
        option(symbol, reading, wishes)
    agree(side, reading, wishes)
    entry = _entry(side, symbol, amount, wishes)
    if not {*EXITS} & wishes.prices.keys():
        return entry
    return BracketDraft(
        entry=entry,
        stop_loss=wishes.prices.get("sl"),
        take_profit=wishes.prices.get("tp"),
        fallback=wishes.fallback,
    )


def _entry(side: Side, symbol: str, amount: Size, wishes: Wishes) -> OrderDraft:
    return OrderDraft(
        symbol=symbol,
        side=side,
        size=amount,
        type=wishes.type,
        price=wishes.price,
        trigger=wishes.trigger,
        trail=wishes.trail,
        oco_stop=wishes.prices.get("oco"),
        good_until=wishes.until,
        wallet=Wallet.MARGIN if "margin" in wishes.places else Wallet.EXCHANGE,
        post_only="post" in wishes.places,
        reduce_only="reduce" in wishes.places,
        hidden="hidden" in wishes.places,
    )


def _symbol(head: str, reading: Reading) -> str:
    if not reading.more():
        raise Lack(
            Missing.SYMBOL,
            f"{head} needs a symbol and an amount: {head} SYMBOL AMOUNT [limit PRICE].",
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


def _size(head: str, symbol: str, reading: Reading) -> Size:
    if not reading.more():
        raise Lack(
            Missing.AMOUNT,
            f"How much {symbol}? Say {head} {symbol} AMOUNT [limit PRICE].",
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
