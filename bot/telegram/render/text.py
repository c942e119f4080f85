"""HTML pieces: escaping, numbers, times."""

import html
from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from engine.model.money import plain

LIMIT = 4096 - len("(dry) ")
# A percent sign alone on a phone's next line reads as nothing.
_PERCENT = "\N{NO-BREAK SPACE}%"
_CENTS = Decimal("0.01")


def esc(outside: str) -> str:
    """Text from outside, harmless inside a message."""
    return html.escape(outside, quote=False)


def bold(outside: str) -> str:
    """Escaped and bold."""
    return f"<b>{esc(outside)}</b>"


def code(outside: str) -> str:
    """Escaped and ready to copy with a tap."""
    return f"<code>{esc(outside)}</code>"


def lines(parts: Iterable[str]) -> str:
    """One message of several lines, within Telegram's limit."""
    text = "\n".join(parts)
    return text if len(text) <= LIMIT else _clipped(text)


def fitted(before: str, after: str) -> str:
    """One message of two parts; where both are too long together, the second counts."""
    both = f"{before}\n\n{after}"
    return both if len(both) <= LIMIT else after


def _clipped(text: str) -> str:
    cut = text.rfind("\n", 0, LIMIT - 40)
    return text[: cut if cut > 0 else LIMIT - 40] + "\n… and more."


def number(value: Decimal) -> str:
    """Grouped by thousands, every digit kept: `30,000.5`."""
    whole, _, fraction = plain(value).partition(".")
    grouped = f"{int(whole):,}" if whole not in {"-0", "-"} else whole
    return f"{grouped}.{fraction}" if fraction else grouped


def money(value: Decimal, currency: str) -> str:
    """An amount of currency: two decimals for dollars and the like, all digits for coins."""
    if currency in {"USD", "EUR", "GBP", "UST", "TESTUSD", "TESTUSDT"}:
        cents = value.quantize(_CENTS, rounding=ROUND_HALF_EVEN)
        if cents or not value:
            return f"{cents:,.2f} {currency}"
    return f"{number(_short(value))} {currency}"


def percent(value: Decimal, digits: int = 2) -> str:
    """With sign and as many decimals as asked: `+1.25 %`."""
    return f"{value:+.{digits}f}{_PERCENT}"


def rate(value: Decimal) -> str:
    """A fee rate as a percentage: `0.2 %`."""
    return f"{plain(value * 100)}{_PERCENT}"


def when(at: datetime) -> str:
    """A moment of the day, in UTC."""
    return f"{at:%d %b %H:%M:%S} UTC"


def _short(value: Decimal) -> Decimal:
    """At most 8 decimals."""
    step = Decimal(1).scaleb(-8)
    exponent = value.as_tuple().exponent
    deep = isinstance(exponent, int) and exponent < -8
    return value.quantize(step, rounding=ROUND_HALF_EVEN) if deep else value


def by_whom(name: str, *, guard: bool) -> str:
    """Who did it: a person, or what guards a bracket of theirs."""
    return f"the bracket's guard, for {esc(name)}" if guard else esc(name)
