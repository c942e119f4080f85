"""One message instead of a flood; what is urgent is never left out of it. Pure."""

from collections.abc import Sequence

from bot.telegram.render import alerts as render
from bot.telegram.tidings import News
from engine.model.entry import Entry

FLOOD_ABOVE = 15
LINES_IN_ONE = 20


def digested(entries: Sequence[Entry], told: Sequence[News]) -> Sequence[News]:
    """The news of these entries, or a digest where they would be a flood.

    What is urgent has a line each, over several messages if it must; of the rest the newest.
    """
    if len(told) <= FLOOD_ABOVE:
        return told
    urgent = [place for place, news in enumerate(told) if news.urgent]
    rest = [place for place, news in enumerate(told) if not news.urgent]
    shown = sorted([*urgent, *rest[-max(FLOOD_ABOVE - len(urgent), 1) :]])
    lines = [told[place] for place in shown]
    since = f"{entries[0].event.at:%d %b %H:%M} UTC"
    parts = [lines[start : start + LINES_IN_ONE] for start in range(0, len(lines), LINES_IN_ONE)]
    return [_digest(len(told), since, part) for part in parts]


def _digest(count: int, since: str, shown: Sequence[News]) -> News:
    firsts = [f"• {render.with_owner(_first(news), news.whose, ' · ')}" for news in shown]
    urgent = any(news.urgent for news in shown)
    return News(render.digest(count, since, firsts), urgent=urgent)


def _first(news: News) -> str:
    return " ".join(news.text.splitlines()[:2])
