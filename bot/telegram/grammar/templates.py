"""Orders kept under a name: `/template save NAME ORDER`, `use NAME`, `list` and the like."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum
from functools import partial

from bot.telegram.grammar.letters import leading_word
from bot.telegram.grammar.orders import bracket_reader, order_reader, side_word
from bot.telegram.grammar.reading import Reading, understand
from bot.telegram.grammar.refusal import SHOWN, Flaw, Lack, Missing
from engine.model.draft import BracketDraft, OrderDraft
from engine.model.order import Side

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
SAVE_SAMPLE = "/template save dip buy tBTCUSD 0.01 limit 30000"

_SAMPLES = {
    "list": "list",
    "save": SAVE_SAMPLE.removeprefix("/template "),
    "use": "use dip",
    "delete": "delete dip",
    "export": "export",
    "import": "import",
}

Draft = OrderDraft | BracketDraft


class Kind(StrEnum):
    """How an order to be kept begins."""

    BUY = "buy"
    SELL = "sell"
    BRACKET = "bracket"


class TemplateVerb(StrEnum):
    """What can be done with templates."""

    LIST = "list"
    SAVE = "save"
    USE = "use"
    DELETE = "delete"
    EXPORT = "export"
    IMPORT = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateWish:
    """One of the verbs; `name` with save, use and delete, `draft` with save."""

    verb: TemplateVerb
    name: str = ""
    draft: Draft | None = None


def template(words: Sequence[str], now: datetime) -> TemplateWish:
    """What `/template` with these words means; what follows `import` is not looked at."""
    verb = understand("/template", words[:1], _verb, "/template list")
    head = f"/template {words[0]}" if words else "/template"
    if verb in (TemplateVerb.LIST, TemplateVerb.EXPORT):
        understand(head, words[1:], _nothing, head)
    if verb in (TemplateVerb.USE, TemplateVerb.DELETE):
        name = understand(head, words[1:], _only_name, f"{head} dip")
        return TemplateWish(verb=verb, name=name)
    if verb is TemplateVerb.SAVE:
        return _saving(words, now)
    return TemplateWish(verb=verb)


def is_template_name(name: str) -> bool:
    """At most 32 letters, digits, dashes and underlines."""
    return bool(_NAME.fullmatch(name))


def _saving(words: Sequence[str], now: datetime) -> TemplateWish:
    head = f"/template {words[0]}"
    name = understand(head, words[1:2], _name, SAVE_SAMPLE)
    head = f"{head} {name}"
    kind = understand(head, words[2:3], _order_word, SAVE_SAMPLE)
    head = f"{head} {words[2]}"
    if kind is Kind.BRACKET:
        side = understand(head, words[3:4], side_word, SAVE_SAMPLE)
        head, rest = f"{head} {words[3]}", words[4:]
        read: Callable[[Reading], Draft] = bracket_reader(head, side, now)
    else:
        read, rest = order_reader(head, Side(kind), now), words[3:]
    draft = understand(head, rest, partial(_kept, read), SAVE_SAMPLE)
    return TemplateWish(verb=TemplateVerb.SAVE, name=name, draft=draft)


def _verb(reading: Reading) -> TemplateVerb:
    if not reading.more():
        return TemplateVerb.LIST
    word = leading_word(reading.take()).lower()
    if word in set(TemplateVerb):
        return TemplateVerb(word)
    near = get_close_matches(word[:SHOWN], sorted(_SAMPLES), n=1)
    says = "is not something to do with templates: save, list, use, delete, export or import."
    raise Flaw(says, _SAMPLES[near[0]] if near else "list")


def _nothing(reading: Reading) -> None:
    reading.end()


def _name(reading: Reading) -> str:
    if not reading.more():
        raise Lack(Missing.NAME, "Which template? Say its name.")
    word = leading_word(reading.take())
    if not is_template_name(word):
        raise Flaw("is not a name: at most 32 letters, digits, dashes and underlines.")
    return word


def _only_name(reading: Reading) -> str:
    name = _name(reading)
    reading.end()
    return name


def _order_word(reading: Reading) -> Kind:
    if not reading.more():
        raise Lack(Missing.LINE, "What is the order? Say it as you would send it.")
    word = leading_word(reading.take()).lower().removeprefix("/")
    if word not in set(Kind):
        raise Flaw("is where buy, sell or bracket belongs.")
    return Kind(word)


def _kept(read: Callable[[Reading], Draft], reading: Reading) -> Draft:
    draft = read(reading)
    entry = draft.entry if isinstance(draft, BracketDraft) else draft
    if entry.good_until is not None:
        at = [word.lower() for word in reading.words].index("tif")
        says = "cannot be kept in a template: its time would pass."
        raise Flaw(says, "", at=at, mend=(at, at + 2))
    return draft
