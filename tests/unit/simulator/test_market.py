"""Feeds: replayed files, walks, ticks, candles of every width, the depth of the book."""

import gzip
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest

from engine.simulator.market.candle_file import read_candles
from engine.simulator.market.candles import MINUTE, Candle, Series, opening
from engine.simulator.market.depth import Depth
from engine.simulator.market.feed import Feed, FeedPlace
from engine.simulator.market.replay import Replay, symbol_of
from engine.simulator.market.ticks import ticks_of
from engine.simulator.market.walk import Walk
from engine.simulator.wire.numbers import eight_down

START = 1_514_764_800_000
ROWS = [
    "1514764800000,100,101,102,99,5",
    "1514764860000,101,103,104,100,6",
    "1514764980000,103,102,105,101,7",
]
SHARED = Path(__file__).resolve().parents[3] / "../shared/data"


def written(path: Path, lines: list[str], *, zipped: bool = False) -> Path:
    text = "\n".join(lines) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if zipped else text.encode())
    return path


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("header", [[], ["MTS,OPEN,CLOSE,HIGH,LOW,VOLUME"]])
def test_candle_files_are_read_as_they_come(
    tmp_path: Path, zipped: bool, header: list[str]
) -> None:
    path = written(tmp_path / "tBTCUSD-1m.csv", header + ROWS, zipped=zipped)
    candles = list(read_candles(path))
    assert candles[0] == Candle(START, 100, 101, 102, 99, 5)
    assert len(candles) == 3


def test_a_damaged_file_names_its_line(tmp_path: Path) -> None:
    path = written(tmp_path / "tBTCUSD.csv", [ROWS[0], "garbage"])
    with pytest.raises(ValueError, match="line 2: not a candle row"):
        list(read_candles(path))
    with pytest.raises(ValueError, match="holds no candles"):
        Replay(written(tmp_path / "empty.csv", []), "tBTCUSD", 1.0, 0)


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("1790000180000,100,101", "not a candle row"),
        ("1790000180000,100,101,102,99,five", "not a candle row"),
        ("1790000180000,100,nan,102,99,5", "no candle has such figures"),
        ("1790000180000,100,101,100.5,99,5", "no candle has such figures"),
        ("1790000180000,100,101,102,99,-5", "no candle has such figures"),
        ("1,100,101,102,99,5", "older than the line before it"),
    ],
)
@pytest.mark.parametrize("place", [1, 2, 3, 25_000])
def test_a_bad_line_is_named_wherever_it_stands(
    tmp_path: Path, zipped: bool, bad: str, words: str, place: int
) -> None:
    lines = [ROWS[0]] * place
    lines[place - 1] = bad
    if place == 2:
        lines += ["", ROWS[0]]
    if place == 1 and words.startswith("older"):
        lines = [ROWS[0], *lines]
    path = written(tmp_path / "tBTCUSD.csv", lines, zipped=zipped)
    number = lines.index(bad) + 1
    with pytest.raises(ValueError, match=rf"tBTCUSD\.csv, line {number}: {words}"):
        Replay(path, "tBTCUSD", 1.0, 0)


def test_a_file_cut_off_in_the_middle_says_where(tmp_path: Path) -> None:
    path = written(tmp_path / "tBTCUSD.csv.gz", ROWS * 100, zipped=True)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ValueError, match=r"tBTCUSD\.csv\.gz, after line 0"):
        Replay(path, "tBTCUSD", 1.0, 0)


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("tBTCUSD-1m-2018.csv.gz", "tBTCUSD"),
        ("tETHUSD.csv", "tETHUSD"),
        ("tTESTBTC_TESTUSD-1m.csv", "tTESTBTC:TESTUSD"),
    ],
)
def test_the_symbol_is_in_the_name(name: str, symbol: str) -> None:
    assert symbol_of(Path(name)) == symbol


def test_a_replay_leaves_gaps_and_walks_on_behind_its_end(tmp_path: Path) -> None:
    replay = Replay(written(tmp_path / "x.csv", ROWS), "tBTCUSD", 1.0, 0)
    minute = START // MINUTE
    assert [replay.candle(minute + step) is None for step in range(4)] == [
        False,
        False,
        True,
        False,
    ]
    beyond = [candle for step in range(4, 40) if (candle := replay.candle(minute + step))]
    assert len(beyond) > 25
    assert abs(beyond[0].open - 102) < 2


def test_a_walk_is_the_same_walk_every_time_and_stays_near_its_price() -> None:
    one, two = (Walk("tBTCUSD", 30_000, 0.4, 7) for _ in range(2))
    minute = 29_000_000
    assert list(one.history(minute, 50)) == list(two.history(minute, 50))
    assert one.candle(minute) == two.candle(minute)
    other = Walk("tBTCUSD", 30_000, 0.4, 8)
    assert list(other.history(minute, 50)) != list(two.history(minute, 50))
    for candle in one.history(minute, 2_000):
        assert 20_000 < candle.low <= min(candle.open, candle.close)
        assert max(candle.open, candle.close) <= candle.high < 45_000


@pytest.mark.parametrize("coarse", [False, True])
def test_ticks_tell_exactly_their_candle(coarse: bool) -> None:
    candle = Candle(START, 100.0, 101.0, 103.5, 98.2, 12.5)
    ticks = ticks_of(candle, "tBTCUSD", 42, coarse=coarse)
    prices = [tick.price for tick in ticks]
    assert [prices[0], prices[-1], max(prices), min(prices)] == [100.0, 101.0, 103.5, 98.2]
    assert sum(abs(tick.amount) for tick in ticks) == pytest.approx(12.5)
    times = [tick.mts for tick in ticks]
    assert times == sorted(times)
    assert START <= times[0] <= times[-1] < START + MINUTE


def test_a_feed_replays_the_file_minute_by_minute(tmp_path: Path) -> None:
    replay = Replay(written(tmp_path / "x.csv", ROWS), "tBTCUSD", 1.0, 0)
    now = 1_790_000_000_000 // MINUTE * MINUTE
    feed = Feed({"tBTCUSD": replay}, FeedPlace(place=START), now=now, speed=1.0, seed=0)
    assert list(feed.history("tBTCUSD", 10)) == []
    series = Series()
    for tick in feed.begin():
        series.trade(tick.mts, tick.price, abs(tick.amount))
    for moment in range(now, now + 4 * MINUTE, 1_000):
        for tick in feed.advance(moment):
            assert tick.mts <= moment
            series.trade(tick.mts, tick.price, abs(tick.amount))
    told = series.between("1m", oldest_first=True)
    replayed = list(read_candles(tmp_path / "x.csv"))
    assert [candle.mts - now for candle in told] == [candle.mts - START for candle in replayed]
    for one, other in zip(told, replayed, strict=True):
        assert one[1:5] == other[1:5]
        assert one.volume == pytest.approx(other.volume)


def test_wider_candles_are_made_of_minutes() -> None:
    series = Series()
    for step in range(150):
        price = 100.0 + step
        series.add(Candle(START + step * MINUTE, price, price + 1, price + 2, price - 1, 1.0))
    newest = series.between("5m", limit=2)
    assert newest[0] == Candle(START + 145 * MINUTE, 245, 250, 251, 244, 5)
    hours = series.between("1h", oldest_first=True)
    assert [candle.volume for candle in hours] == [60, 60, 30]
    assert hours[0] == Candle(START, 100, 160, 161, 99, 60)
    assert series.between("30m", end=START + 30 * MINUTE, limit=1)[0].volume == 30
    assert series.last("1D") == Candle(START, 100, 250, 251, 99, 150)
    assert series.between("1m", start=START + 10 * MINUTE, end=START + 12 * MINUTE, limit=9)[
        -1
    ].mts == (START + 10 * MINUTE)


def test_weeks_begin_on_monday_and_months_on_their_first() -> None:
    assert opening("1W")(START) == START
    assert opening("1W")(START + 6 * 86_400_000) == START
    assert opening("1M")(START + 30 * 86_400_000) == START
    assert opening("1M")(START + 31 * 86_400_000) == START + 31 * 86_400_000


def test_taken_depth_comes_back_with_later_ticks() -> None:
    depth = Depth("tBTCUSD", 0.4, 30_000.0, 1)
    first = next(depth.asks())
    depth.take(first.price, first.amount)
    assert next(depth.asks()).price > first.price
    for _ in range(40):
        depth.move(30_000.0)
    assert next(depth.asks()).price == first.price


@pytest.mark.parametrize("price", [13752.18233851, 0.066, 0.6, 99_999.0, 3829.8, 1e-6])
def test_the_depth_never_crosses_and_has_five_digits(price: float) -> None:
    depth = Depth("tX", 1.0, price, 1)
    bids = [level.price for level in islice(depth.bids(), 30)]
    asks = [level.price for level in islice(depth.asks(), 30)]
    assert bids == sorted(bids, reverse=True)
    assert asks == sorted(asks)
    assert bids[0] <= Decimal(repr(price)) < asks[0]
    assert all(len(number.normalize().as_tuple().digits) <= 5 for number in bids + asks)


def test_a_year_of_real_candles_is_read_as_it_is_needed() -> None:
    path = SHARED / "tBTCUSD-1m-2018.csv.gz"
    if not path.exists():
        pytest.skip("the shared candle files are not beside this checkout")
    replay = Replay(path, "tBTCUSD", 0.4, 0)
    behind = list(replay.history(replay.first_minute + 2_000, 1_500))
    assert len(behind) > 1_400
    assert replay.candle(replay.first_minute + 2_000) is not None


def test_what_comes_back_to_a_level_is_an_amount_the_exchange_would_write() -> None:
    """Its check figure is reckoned over the digits it sends, and a float holds no more."""
    depth = Depth("tBTCUSD", typical=1.0, price=30_000.0, seed=7)
    best = next(depth.bids())
    depth.take(best.price, best.amount - Decimal("0.00000003"))
    for _ in range(40):
        depth.move(30_000.0)
        amounts = [level.amount for level in islice(depth.bids(), 25)]
        assert all(amount == eight_down(amount) for amount in amounts)
