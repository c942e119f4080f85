"""What rules' words come to, in a sentence."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from engine.model.result import Verdict
from engine.model.risk import Check
from engine.risk.asking import Objection
from engine.risk.rulebook import Article

OFF: Final = (
    "Risk is switched OFF: no limit and no guard is asked. An admin switches it on with enabled "
    "in /limits."
)
REDUCES: Final = "It only makes an exposure smaller, which no limit holds back."


def verdict(
    articles: tuple[Article, ...], against: Sequence[Objection], *, off: bool, reduces: bool
) -> Verdict:
    """Every rule's word, and what they come to."""
    reasons = tuple([reason for _, reason in against])
    return Verdict(
        reasons=reasons,
        because=_because(articles, against, off=off, reduces=reduces),
        off=off,
        reduces=reduces,
        checks=() if off else _checks(articles, against),
    )


def _because(
    articles: tuple[Article, ...], against: Sequence[Objection], *, off: bool, reduces: bool
) -> str:
    if len(against) == 1:
        return against[0][1].sentence
    if against:
        names = ", ".join(article.name for article, _ in against)
        return f"{len(against)} rules speak against it: {names}."
    if off:
        return OFF
    return REDUCES if reduces else f"None of {len(articles)} rules speaks against it."


def _checks(articles: tuple[Article, ...], against: Sequence[Objection]) -> tuple[Check, ...]:
    if not against:
        return _silent(articles)
    objections = {article.name: reason.sentence for article, reason in against}
    return tuple([Check(each.name, objections.get(each.name, "")) for each in articles])


@lru_cache(maxsize=16)
def _silent(articles: tuple[Article, ...]) -> tuple[Check, ...]:
    return tuple([Check(each.name) for each in articles])
