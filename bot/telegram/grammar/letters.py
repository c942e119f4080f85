"""Characters that are not what they look like, or not seen at all."""

import re
import unicodedata

from bot.telegram.grammar.refusal import Flaw, listed

MOST_NAMED = 4
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})
_TWINS = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХЗаеѕіјорсухһԁвкмнтΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχı",
        "ABESIJKMHOPCTYX3aesijopcyxhdbkmhtABEZHIKMNOPTYXaiknoptuxi",
        strict=True,
    )
)
_LEAD = re.compile(r"[\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*")


def plain_word(word: str, instead: str = "") -> str:
    """`word`, made of plain printable characters; else a `Flaw` that names those that are not.

    `instead` stands in for a word that resembles nothing.
    """
    for place, char in enumerate(word, start=1):
        if _unseen(char):
            seen = "".join(c for c in word if not _unseen(c))
            raise Flaw(f"has an invisible character at place {place} ({_named(char)}).", seen)
        if not char.isascii():
            says, alike = _strange(word, place, char)
            raise Flaw(says, alike or instead)
    return word


def leading_word(word: str) -> str:
    """As `plain_word`, for a word that means little alone: the example is the whole command's."""
    try:
        return plain_word(word)
    except Flaw as flaw:
        raise Flaw(flaw.says) from None


def lead(text: str) -> str:
    """The white space and invisible characters that `text` starts with."""
    found = _LEAD.match(text)
    return found.group() if found else ""


def without_controls(text: str) -> str:
    """`text` on one line, without control and other invisible characters."""
    return " ".join("".join(_softened(c) for c in text).split())


def _softened(char: str) -> str:
    if char.isspace():
        return " "
    return "" if _unseen(char) else char


def _unseen(char: str) -> bool:
    return unicodedata.category(char) in _UNSEEN


def _named(char: str) -> str:
    code = f"U+{ord(char):04X}"
    name = unicodedata.name(char, "").lower()
    written = name.capitalize() if char.isalpha() else name
    return f"{written}, {code}" if name else code


def _strange(word: str, place: int, char: str) -> tuple[str, str]:
    if twin(char) is None:
        return (
            f"has {char} ({_named(char)}) at place {place}; only plain letters and digits work.",
            "",
        )
    script = _script(char)
    alike = [
        (at, c, t)
        for at, c in enumerate(word, start=1)
        if not c.isascii() and _script(c) == script and (t := twin(c)) is not None
    ][:MOST_NAMED]
    places = listed([str(at) for at, _, _ in alike])
    theirs = listed([c for _, c, _ in alike])
    ours = listed([t for _, _, t in alike])
    where = f"place {places}" if len(alike) == 1 else f"places {places}"
    return f"has {script}{theirs} at {where}, not plain {ours}.", ascii_twin(word)


def ascii_twin(word: str) -> str:
    """`word` in the plain characters it resembles, as far as it does."""
    return "".join(c if c.isascii() else twin(c) or "" for c in word)


def twin(char: str) -> str | None:
    """The plain letter or digit that `char` looks like or stands for."""
    if char in _TWINS:
        return _TWINS[char]
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.digit(char))
    name = unicodedata.name(char, "")
    styled = name.startswith(("FULLWIDTH", "MATHEMATICAL"))
    bare = unicodedata.normalize("NFKC" if styled else "NFD", char)[:1]
    return bare if bare.isascii() and bare.isalnum() else None


def _script(char: str) -> str:
    name = unicodedata.name(char, "")
    script = name.split(" DIGIT ", maxsplit=1)[0] if " DIGIT " in name else name.split(" ")[0]
    return "" if script in ("", "LATIN") else f"{script.title()} "
