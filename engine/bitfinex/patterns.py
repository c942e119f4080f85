"""Which path is of which kind, and how often each endpoint may be asked (facts sheet 1.4)."""

import re
from collections.abc import Sequence

from engine.model.endpoint import EndpointType, Patterns

# longer ones have only ids and symbols behind this
_TELLING = 100

PATTERNS: Patterns = (
    (
        re.compile(r"^auth/(w/position|w/deriv|r/positions|r/position/|r/info/margin|calc/deriv)"),
        EndpointType.PRIVATE_MARGIN,
    ),
    (re.compile(r"^auth/w/"), EndpointType.PRIVATE_TRADING),
    (re.compile(r"^auth/"), EndpointType.PRIVATE_ACCOUNT),
    (re.compile(r""), EndpointType.PUBLIC_MARKET),
)

# requests a minute, the lower of the published figures; the first match counts
ENDPOINTS: Sequence[tuple[re.Pattern[str], int]] = tuple(
    (re.compile(pattern), figure)
    for pattern, figure in (
        (r"auth/w/", 90),
        (r"auth/r/orders/.*hist", 90),
        (r"auth/r/trades/.*hist", 90),
        (r"auth/r/movements", 45),
        (r"auth/", 90),
        (r"platform/", 15),
        (r"ticker/", 30),
        (r"tickers", 30),
        (r"trades/", 15),
        (r"book/", 240),
        (r"candles/", 30),
        (r"stats1/", 15),
        (r"conf/", 90),
        (r"status/deriv", 90),
        (r"calc/", 20),
        (r"", 10),
    )
)


def kind_of(path: str, patterns: Patterns) -> EndpointType:
    """The kind of a path such as `auth/r/wallets`: by `patterns`, else by the house's own."""
    told = path[:_TELLING]
    for pattern, kind in (*patterns, *PATTERNS):
        if pattern.search(told):
            return kind
    raise AssertionError("the last pattern matches everything")
