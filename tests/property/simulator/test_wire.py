"""Number text and price cuts hold for every number."""

import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.simulator.trading.request import read_new_order
from engine.simulator.wire.json import Json, decode, encode
from engine.simulator.wire.numbers import cut_price, number_text
from engine.simulator.wire.refusal import Refusal


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_text_of_a_float_reads_back_as_that_float(value: float) -> None:
    text = number_text(value)
    assert float(text) == value
    assert "E" not in text
    assert not text.endswith(".0")
    assert "e-0" not in text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_text_of_a_decimal_is_exact(value: Decimal) -> None:
    assert Decimal(number_text(value)) == value


@given(st.decimals(min_value="1e-8", max_value=10**12, allow_nan=False))
def test_a_cut_price_is_never_above_and_has_five_digits(value: Decimal) -> None:
    cut = cut_price(value)
    assert 0 <= cut <= value
    assert len(cut.normalize().as_tuple().digits) <= 5
    assert cut_price(cut) == cut
    assert value - cut < max(value / 10_000, Decimal("1e-8"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=15,
)


@given(JSON)
def test_what_is_written_is_json(value: Json) -> None:
    assert json.loads(encode(value)) == value


FIELDS = st.sampled_from(["type", "symbol", "amount", "price", "cid", "flags", "tif", "meta"])


@given(st.dictionaries(FIELDS, JSON))
def test_any_order_fields_are_read_or_refused(fields: dict[str, Json]) -> None:
    try:
        new = read_new_order({"type": "LIMIT", "symbol": "tBTCUSD", "amount": "1", **fields})
    except Refusal as refusal:
        new, said = None, refusal.text
    else:
        said = ""
    assert (new is None) == bool(said)


@given(st.binary(max_size=60))
def test_any_bytes_are_json_or_refused(raw: bytes) -> None:
    try:
        said = encode(decode(raw))
    except ValueError as broken:
        said = str(broken)
    assert said.startswith("not JSON") or encode(decode(said)) == said
