"""The average true range a day, against figures worked out by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.model.market import Candle
from engine.officer.volatility import daily_range

FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def days(*bars: tuple[float, float, float]) -> tuple[Candle, ...]:
    """Candles of high, low and close."""
    return tuple(
        Candle(
            at=FIRST + timedelta(days=number), open=low, close=close, high=high, low=low, volume=1
        )
        for number, (high, low, close) in enumerate(bars)
    )


def test_the_first_fourteen_days_count_alike_and_the_later_ones_a_fourteenth() -> None:
    bars = days((100, 100, 100), *[(102, 98, 100)] * 14, (118, 100, 110))
    now = FIRST + timedelta(days=len(bars))
    expected = (4 + (18 - 4) / 14) / 110 * 100
    assert daily_range(bars, now) == pytest.approx(expected)


def test_a_gap_counts_and_a_day_that_is_not_over_does_not() -> None:
    bars = days((100, 100, 100), *[(111, 110, 110)] * 5, (500, 1, 2))
    now = FIRST + timedelta(days=len(bars) - 1, hours=23)
    assert daily_range(bars, now) == pytest.approx((11 + 1 * 4) / 5 / 110 * 100)


def test_too_few_days_tell_nothing() -> None:
    bars = days(*[(102, 98, 100)] * 5)
    assert daily_range(bars, FIRST + timedelta(days=9)) is None
    assert daily_range((), FIRST) is None
