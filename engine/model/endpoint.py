"""Kinds of endpoints, how often each may be asked, and which path is of which kind."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST_TEXT = 2000
LONGEST_REGEX = 200
MOST_PATTERNS = 40
MOST_REPEATS = 3

_ARROW = "=>"
_REPEATED_GROUP = re.compile(r"(?<!\\)\)[*+{?]")
_REPEAT = re.compile(r"(?<!\\)[*+{]")


class EndpointType(StrEnum):
    """What a call is for; each kind has its bucket, its queue and its breaker."""

    PUBLIC_MARKET = "PUBLIC_MARKET"
    PRIVATE_ACCOUNT = "PRIVATE_ACCOUNT"
    PRIVATE_TRADING = "PRIVATE_TRADING"
    PRIVATE_MARGIN = "PRIVATE_MARGIN"


Patterns = Sequence[tuple[re.Pattern[str], EndpointType]]

PER_MINUTE: Mapping[EndpointType, int] = {
    EndpointType.PUBLIC_MARKET: 240,
    EndpointType.PRIVATE_ACCOUNT: 90,
    EndpointType.PRIVATE_TRADING: 90,
    EndpointType.PRIVATE_MARGIN: 90,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Calls in any minute by kind, and patterns that go before the house's own."""

    per_minute: Mapping[EndpointType, int] = field(default_factory=lambda: PER_MINUTE)
    patterns: Patterns = ()


def patterns_of(text: str) -> Patterns:
    """`REGEX=>TYPE;...`, searched for in a path such as `auth/r/wallets`, the first match counts.

    Raises `ValueError` with words that follow a setting's name. What could take long to match
    (a repeated group, more than three repeats) is refused.
    """
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"is too long: at most {LONGEST_TEXT} characters")
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if len(parts) > MOST_PATTERNS:
        raise ValueError(f"has too many patterns: at most {MOST_PATTERNS}")
    return tuple(_pattern(number, part) for number, part in enumerate(parts, start=1))


def _pattern(number: int, part: str) -> tuple[re.Pattern[str], EndpointType]:
    regex, arrow, kind = (piece.strip() for piece in part.rpartition(_ARROW))
    if not arrow or not regex:
        raise ValueError(f"pattern {number} must look like REGEX=>TYPE")
    if kind not in EndpointType.__members__:
        raise ValueError(f"pattern {number} must end in one of {', '.join(EndpointType)}")
    if len(regex) > LONGEST_REGEX:
        raise ValueError(f"pattern {number} is too long: at most {LONGEST_REGEX} characters")
    if _REPEATED_GROUP.search(regex) or len(_REPEAT.findall(regex)) > MOST_REPEATS:
        raise ValueError(
            f"pattern {number} could take for ever to match: no repeated group, "
            f"at most {MOST_REPEATS} of * + {{}}"
        )
    try:
        return re.compile(regex, re.ASCII), EndpointType(kind)
    except (re.error, OverflowError, RecursionError):
        raise ValueError(f"pattern {number} is not a regular expression") from None
