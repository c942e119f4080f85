"""Templates as text: what goes out comes in, and what is damaged is refused whole."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.account import Wallet
from engine.model.bracket import Fallback
from engine.model.errors import InvalidInput
from engine.model.order import OrderType, Side
from engine.model.template import OrderTemplate, SizeKind
from engine.templates.checks import misfits
from engine.templates.text import LONGEST_TEXT, dumps, loads

DIP = OrderTemplate(
    name="dip",
    symbol="tBTCUSD",
    side=Side.BUY,
    size=Decimal("0.01"),
    type=OrderType.LIMIT,
    price=Decimal(30000),
    stop_loss=Decimal(29000),
    take_profit=Decimal(31000),
    fallback=Fallback.CLOSE,
)
SCALP = OrderTemplate(
    name="scalp-2",
    symbol="btcusd",
    side=Side.SELL,
    size=Decimal(250),
    size_kind=SizeKind.QUOTE,
    currency="USD",
    wallet=Wallet.MARGIN,
    reduce_only=True,
)

_numbers = st.decimals(allow_nan=True, allow_infinity=True)
_names = st.text(max_size=40)
_templates = st.builds(
    OrderTemplate,
    name=_names,
    symbol=st.sampled_from(["tBTCUSD", "BTC/USD", "", "t" * 50]),
    side=st.sampled_from(Side),
    size=_numbers,
    size_kind=st.sampled_from(SizeKind),
    currency=st.none() | st.sampled_from(["USD", "?"]),
    type=st.sampled_from(OrderType),
    price=st.none() | _numbers,
    trigger=st.none() | _numbers,
    trail=st.none() | _numbers,
    oco_stop=st.none() | _numbers,
    wallet=st.sampled_from(Wallet),
    post_only=st.booleans(),
    reduce_only=st.booleans(),
    hidden=st.booleans(),
    stop_loss=st.none() | _numbers,
    take_profit=st.none() | _numbers,
    fallback=st.sampled_from(Fallback),
)


def changed(**fields: object) -> str:
    """An export of one template with fields as given."""
    document = json.loads(dumps([DIP]))
    document["templates"][0] |= fields
    return json.dumps(document)


def test_what_goes_out_comes_in() -> None:
    assert loads(dumps([DIP, SCALP])) == (DIP, SCALP)
    assert loads(dumps([])) == ()


def test_what_is_as_always_is_left_out() -> None:
    (entry,) = json.loads(dumps([DIP]))["templates"]
    assert entry["price"] == "30000"
    assert "wallet" not in entry
    assert "trail" not in entry


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "no spaces"),
        ("name", "-dash"),
        ("name", "x" * 33),
        ("name", 5),
        ("name", "\u0430"),
        ("symbol", "tBTCUSD; drop"),
        ("side", "hold"),
        ("size", "0"),
        ("size", "-1"),
        ("size", "NaN"),
        ("size", "Infinity"),
        ("size", "1e999"),
        ("size", "0.000000001"),
        ("size", None),
        ("currency", "USD"),
        ("type", "limitless"),
        ("price", "30000.5"),
        ("price", None),
        ("trigger", "30000"),
        ("trail", "5"),
        ("wallet", "funding"),
        ("post_only", "yes"),
        ("reduce_only", True),
        ("stop_loss", "32000"),
        ("take_profit", "1e999"),
        ("fallback", "panic"),
        ("colour", "red"),
    ],
)
def test_a_wrong_field_is_named_with_its_entry(field: str, value: object) -> None:
    with pytest.raises(InvalidInput, match=rf"(?s)Entry 1\b.*{field}.*Nothing was taken"):
        loads(changed(**{field: value}))


def test_one_wrong_entry_refuses_all() -> None:
    document = json.loads(dumps([DIP, SCALP]))
    document["templates"][1]["size"] = "many"
    with pytest.raises(InvalidInput, match=r"Entry 2.*size"):
        loads(json.dumps(document))


def test_a_name_twice_is_refused_however_it_is_written() -> None:
    with pytest.raises(InvalidInput, match=r"Entry 2 \(DIP\): name: entry 1 has it too"):
        loads(dumps([DIP, replace(DIP, name="DIP")]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        "{",
        '{"genesis_templates": 1, "templates": {}}',
        '{"genesis_templates": 1, "templates": [], "more": 1}',
        '{"genesis_templates": 2, "templates": []}',
        '{"templates": []}',
        "\x00",
        "[" * 5000,
        dumps([DIP])[:-5],
    ],
)
def test_what_is_no_export_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="Nothing was taken"):
        loads(text)


def test_a_text_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(InvalidInput, match="64 KB"):
        loads(" " * (LONGEST_TEXT + 1))
    assert loads(dumps([DIP]) + " " * 100) == (DIP,)


@given(_templates)
def test_whatever_fits_travels_and_nothing_else_does(template: OrderTemplate) -> None:
    text = dumps([template])
    if misfits(template):
        with pytest.raises(InvalidInput, match="Entry 1"):
            loads(text)
    else:
        assert loads(text) == (template,)


@given(st.text(max_size=200))
def test_no_text_at_all_is_taken_for_an_export_by_mistake(text: str) -> None:
    with pytest.raises(InvalidInput):
        loads(text)


@given(st.integers(min_value=0, max_value=1000), st.text(min_size=1, max_size=3))
def test_a_damaged_export_is_refused_or_is_one_still(place: int, noise: str) -> None:
    text = dumps([DIP])
    at = place % len(text)
    try:
        taken = loads(text[:at] + noise + text[at + len(noise) :])
    except InvalidInput:
        return
    assert [misfits(template) for template in taken] == [()] * len(taken)
