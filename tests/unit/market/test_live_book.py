"""The live order book and what walking it costs."""

from datetime import UTC, datetime

from engine.market.book import LiveBook, walk
from engine.model.market import Level
from engine.model.report import BookChange, BookSnapshot
from engine.model.symbol import Symbol

BTC = Symbol("tBTCUSD")
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def book() -> LiveBook:
    live = LiveBook(BTC)
    live.reset(BookSnapshot(symbol=BTC, rows=((100.0, 1, 2.0), (99.0, 1, 1.0), (101.0, 2, -3.0))))
    return live


def test_sides_are_best_first() -> None:
    picture = book().picture(NOW)
    assert [level.price for level in picture.bids] == [100.0, 99.0]
    assert picture.asks == (Level(101.0, 3.0, 2),)


def test_count_zero_removes_and_unknown_levels_are_tolerated() -> None:
    live = book()
    live.change(BookChange(BTC, 100.0, 0, 1.0))
    live.change(BookChange(BTC, 55.0, 0, 1.0))
    assert [level.price for level in live.picture(NOW).bids] == [99.0]


def test_walking_averages_over_levels_and_says_what_was_there() -> None:
    average, filled = walk([Level(100.0, 1.0), Level(102.0, 1.0)], 1.5)
    assert average == (100.0 + 0.5 * 102.0) / 1.5
    assert filled == 1.5
    _, little = walk([Level(100.0, 1.0)], 4.0)
    assert little == 1.0
