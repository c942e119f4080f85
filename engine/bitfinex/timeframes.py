"""The lengths candles come in (facts sheet 2)."""

from engine.model.errors import InvalidInput

TIMEFRAMES = ("1m", "5m", "15m", "30m", "1h", "3h", "6h", "12h", "1D", "1W", "14D", "1M")
CANDLES_AT_MOST = 10_000


def checked_timeframe(timeframe: str) -> str:
    """`timeframe`, if there are candles of it; else `InvalidInput` naming those there are."""
    if timeframe in TIMEFRAMES:
        return timeframe
    raise InvalidInput(f"There are no {timeframe} candles. Choose {', '.join(TIMEFRAMES)}.")
