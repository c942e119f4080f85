"""Short words and figures, one under the other."""

from collections.abc import Sequence

from bot.telegram.render.text import esc

Row = tuple[str, str]


def table(rows: Sequence[Row]) -> str:
    """Two columns in letters of one width, the second one starting at one place."""
    wide = max((len(name) for name, _ in rows), default=0)
    lines = [esc(f"{name:<{wide}}  {value}".rstrip()) for name, value in rows]
    return "<pre>" + "\n".join(lines) + "</pre>"
