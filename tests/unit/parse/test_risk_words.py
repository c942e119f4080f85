"""Limits, windows, locks and sizes as people say them."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from bot.telegram import parse
from bot.telegram.parse import LimitWish, LockWish, MissingWord, WindowsVerb, WrongWord
from engine.model.limits import LIMITS, LimitGroup
from engine.model.order import Side
from engine.model.risk import SizeWish
from engine.model.windows import Weekday, Window

NOW = datetime(2026, 11, 22, 13, 30, tzinfo=UTC)
OFFICE = Window(time(8), time(17))
NIGHT = Window(time(22), time(2))
WORKDAYS = tuple(Weekday)[:5]


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        ("max_trades_per_day 10", "max_trades_per_day", "10"),
        ("max trades 10", "max_trades_per_day", "10"),
        ("max-trades-per-day = 10", "max_trades_per_day", "10"),
        ("trades 10", "max_trades_per_day", "10"),
        ("daily-loss 5%", "max_daily_loss_percent", "5%"),
        ("Daily Loss 5 %", "max_daily_loss_percent", "5"),
        ("cooldown 15m", "trade_cooldown_seconds", "900"),
        ("guard cooldown 2h", "guard_cooldown_minutes", "120"),
        ("risk off", "enabled", "off"),
        ("denied symbols tBTCUSD, tETHUSD", "denied_symbols", "tBTCUSD,tETHUSD"),
        ("low profit mark -1.5", "low_profit_percent", "-1.5"),
        ("price band settings", "price_band_percent", None),
    ],
)
def test_a_limit_is_set_in_many_ways(words: str, name: str, value: str | None) -> None:
    wish = parse.limits(words.split())
    assert wish == LimitWish(name=name, value=value, sets=True)


def test_a_group_and_a_limit_are_looked_at() -> None:
    assert parse.limits(["guards"]) == LimitWish(group=LimitGroup.GUARDS)
    assert parse.limits(["drawdown"]) == LimitWish(name="max_drawdown_percent")
    assert parse.limits([]) == LimitWish()


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_is_known_by_its_name_and_its_title(name: str) -> None:
    assert parse.limits([name]).name == name
    assert parse.limits(f"{LIMITS[name].title} settings".split()).name == name


@pytest.mark.parametrize(
    ("words", "said", "example"),
    [
        ("dayly los 5", "dayly", "/limits max_daily_loss_percent 5"),
        ("max trades abc", "abc", "/limits max trades 10"),
        ("max trades -1", "-1", "/limits max trades 10"),
        ("enabled maybe", "maybe", "/limits enabled on"),
        ("мах trades 1", "Cyrillic", "/limits max_trades_per_day 10"),
        ("max trades 3 4", "4", "/limits max trades 3"),
        ("max trades 1e9", "1e9", "/limits max trades 10"),
    ],
)
def test_a_wrong_word_is_named(words: str, said: str, example: str) -> None:
    with pytest.raises(WrongWord, match=said) as refused:
        parse.limits(words.split())
    assert refused.value.examples[0] == example
    parse.limits(example.split()[1:])


@pytest.mark.parametrize(
    ("words", "days", "windows"),
    [
        ("mon 08:00-17:00, 22:00-02:00", (Weekday.MON,), (OFFICE, NIGHT)),
        ("mon - fri 8-17", WORKDAYS, (OFFICE,)),
        ("weekdays 0800-1700", WORKDAYS, (OFFICE,)),
        ("monday wed 08:00 \N{EN DASH} 17:00", (Weekday.MON, Weekday.WED), (OFFICE,)),
        ("fri-mon closed", (Weekday.MON, *tuple(Weekday)[4:]), ()),
        ("sun 00:00-24:00", (Weekday.SUN,), (Window(time(0), time(0)),)),
        ("daily open", tuple(Weekday), (Window(time(0), time(0)),)),
    ],
)
def test_hours_of_days(words: str, days: object, windows: object) -> None:
    wish = parse.windows(words.split())
    assert (wish.verb, wish.days, wish.windows) == (WindowsVerb.SET, days, windows)


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Europe/Stockholm", "Europe/Stockholm"),
        ("europe:stockholm", "Europe/Stockholm"),
        ("stockholm", "Europe/Stockholm"),
        ("new york", "America/New_York"),
        ("utc", "UTC"),
    ],
)
def test_zones_by_many_names(words: str, zone: str) -> None:
    assert parse.windows(["zone", *words.split()]).zone == zone


def test_a_window_is_put_together_step_by_step() -> None:
    steps = ["mon add", "mon add 08", "mon add 08:15", "mon add 08:15 17"]
    wishes = [parse.windows(step.split()) for step in steps]
    assert [wish.verb for wish in wishes] == [WindowsVerb.PICK] * 4
    assert wishes[-1].picked == ("08:15", "17")
    whole = parse.windows(["mon", "add", "08:15", "17:30"])
    assert (whole.verb, whole.windows) == (WindowsVerb.ADD, (Window(time(8, 15), time(17, 30)),))


def test_blackouts_come_and_go() -> None:
    eve = date(2026, 12, 24)
    assert parse.windows(["blackout", "2026-12-24"]).dates == (eve,)
    gone = parse.windows(["blackout", "2026-12-24", "off"])
    assert (gone.verb, gone.dates) == (WindowsVerb.ALLOW, (eve,))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("mon 25-26", "25-26"),
        ("mon 08:00", "08:00"),
        ("mon 08:00-08:00", "same time"),
        ("moon 8-17", "moon"),
        ("zone Stokholm", "Stokholm"),
        ("blackout 2026-02-30", "calendar"),
        ("blackout tomorrow", "tomorrow"),
        ("off now", "now"),
    ],
)
def test_wrong_hours_are_named(words: str, said: str) -> None:
    with pytest.raises(WrongWord, match=said) as refused:
        parse.windows(words.split())
    for example in refused.value.examples:
        parse.windows(example.split()[1:])


@pytest.mark.parametrize(
    ("words", "hours", "reason"),
    [
        ("tBTCUSD", None, ""),
        ("tBTCUSD 2h", 2, ""),
        ("btcusd for 2h news at noon", 2, "news at noon"),
        ("tBTCUSD until 15:30 wild", 2, "wild"),
        ("tBTCUSD too wild", None, "too wild"),
        ("tBTCUSD open", None, ""),
    ],
)
def test_a_symbol_is_locked(words: str, hours: int | None, reason: str) -> None:
    until = None if hours is None else NOW + timedelta(hours=hours)
    symbol = words.split()[0]
    assert parse.lock(words.split(), NOW) == LockWish(symbol=symbol, until=until, reason=reason)


def test_a_lock_without_its_words_teaches() -> None:
    with pytest.raises(MissingWord, match="needs a symbol"):
        parse.lock([], NOW)
    with pytest.raises(MissingWord, match="how long"):
        parse.lock(["tBTCUSD", "for"], NOW)
    with pytest.raises(WrongWord, match="second command"):
        parse.lock(["tBTCUSD", "/buy", "tBTCUSD"], NOW)


def test_a_size_is_asked_for() -> None:
    by_stop = parse.size(["tBTCUSD", "1%", "stop", "29000"])
    assert by_stop == SizeWish(symbol="tBTCUSD", risk_percent=Decimal(1), stop=Decimal(29000))
    by_range = parse.size(["tBTCUSD", "0.5", "1.5atr", "entry", "30000"])
    assert by_range == SizeWish(
        symbol="tBTCUSD",
        risk_percent=Decimal("0.5"),
        atr_multiple=Decimal("1.5"),
        entry=Decimal(30000),
    )
    with pytest.raises(MissingWord, match="Where is the stop"):
        parse.size(["tBTCUSD", "1%"])
    with pytest.raises(WrongWord, match="second time"):
        parse.size(["tBTCUSD", "1%", "stop", "29000", "atr", "2"])
    with pytest.raises(WrongWord, match="200%"):
        parse.size(["tBTCUSD", "200%", "stop", "29000"])


@pytest.mark.parametrize(
    "line", ["tBTCUSD 1% 2atr short", "tBTCUSD 1% sell atr 2", "sell tBTCUSD 1 2atr"]
)
def test_a_size_is_asked_for_on_either_side(line: str) -> None:
    wish = parse.size(line.split())
    assert wish == SizeWish(
        symbol="tBTCUSD", risk_percent=Decimal(1), atr_multiple=Decimal(2), side=Side.SELL
    )
    assert parse.size(["tBTCUSD", "1%", "2atr", "long"]).side is Side.BUY


@pytest.mark.parametrize(
    ("line", "said", "example"),
    [
        ("tBTCUSD 1% atr 2 sell buy", "says a second time which way", "tBTCUSD 1% atr 2 sell"),
        ("tBTCUSD 1%", "Where is the stop", "tBTCUSD 1% atr 2 sell"),
        ("tBTCUSD 1% sideways", "and buy or sell", "tBTCUSD 1% atr 2 sell"),
        ("sell", "In which symbol", "sell tBTCUSD 1% atr 2"),
        ("sell tBTCUSD 1%", "Where is the stop", "sell tBTCUSD 1% atr 2"),
    ],
)
def test_which_way_is_named_in_the_examples(line: str, said: str, example: str) -> None:
    with pytest.raises((WrongWord, MissingWord), match=said) as refused:
        parse.size(line.split())
    assert f"/size {example}" in refused.value.sentence
