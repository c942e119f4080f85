"""The lengths candles come in (facts sheet 2)."""

from engine.model.errors import InvalidInput
from engine.model.market import TIMEFRAMES

CANDLES_AT_MOST = 10_000


def checked_timeframe(timeframe: str) -> str:
    """`timeframe`, if there are candles of it; else `InvalidInput` naming those there are."""
    if timeframe in TIMEFRAMES:
        return timeframe
    raise InvalidInput(f"There are no {timeframe} candles. Choose {', '.join(TIMEFRAMES)}.")
