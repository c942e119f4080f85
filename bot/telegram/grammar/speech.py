"""A message as a command: its name, whom it is for, and its words."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches

from bot.telegram.grammar.letters import ascii_twin, lead, plain_word
from bot.telegram.grammar.refusal import Flaw, WrongWord, exemplified, quoted

MAX_TEXT = 500
MAX_DOCUMENT = 4096
DOCUMENTED = re.compile(r"/template(?:@[A-Za-z0-9_]{1,32})?\s+import\b", re.IGNORECASE)
MAX_NAME = 32

_NAME = re.compile(r"([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,32}))?")
_SAMPLE = "/buy tBTCUSD 0.01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A command: `name` in small letters, `words` and `rest` as typed, without the name."""

    name: str
    mention: str | None
    words: tuple[str, ...]
    rest: str


def split_command(text: str, known: Collection[str] = ()) -> Spoken | None:
    """The command that `text` is, or None; `WrongWord` when it is one that cannot be read.

    At most 500 characters, or 4096 where a document may follow. Any white space parts words, the
    no-break space too. The example for a misspelt name is the nearest of `known`.
    """
    skipped = lead(text[: MAX_TEXT + 1])
    if not text.startswith("/", len(skipped)):
        return None
    _bounded(text)
    said = text[len(skipped) + 1 :]
    first = next(iter(said.split(maxsplit=1)), "")
    if not said.startswith(first):
        return None
    _plain_head(skipped, first, known)
    found = _NAME.fullmatch(first)
    if found is None:
        return None
    name, mention = found.groups()
    rest = said[len(first) :].strip()
    return Spoken(name=name.lower(), mention=mention, words=tuple(rest.split()), rest=rest)


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known name that is most like `word`, if any is."""
    wanted = word.removeprefix("/").lower()[:MAX_NAME]
    return next(iter(get_close_matches(wanted, sorted(known), n=1)), None)


def _bounded(text: str) -> None:
    most = MAX_DOCUMENT if DOCUMENTED.match(text.lstrip()) else MAX_TEXT
    if len(text) > most:
        says = f"A command has at most {most} characters; this one has {len(text)}."
        raise WrongWord(exemplified(says, (_SAMPLE,)), word=text[:MAX_NAME], examples=(_SAMPLE,))


def _plain_head(skipped: str, first: str, known: Collection[str]) -> None:
    unseen = "".join(char for char in skipped if not char.isspace())
    head = f"{unseen}/{first}"
    try:
        plain_word(head)
    except Flaw as flaw:
        bare = ascii_twin(flaw.instead[0]).removeprefix("/") if flaw.instead else ""
        name = (nearest(bare, known) if known else bare) or ""
        example = f"/{name}" if _NAME.fullmatch(name) else "/help"
        sentence = exemplified(f"{quoted(head)} {flaw.says}", (example,))
        raise WrongWord(sentence, word=head, examples=(example,)) from None
