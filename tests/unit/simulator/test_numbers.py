"""Number text, price cuts and book checksums."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from engine.simulator.wire.checksum import checksum, checksum_text
from engine.simulator.wire.json import Row, decode, encode
from engine.simulator.wire.numbers import cut_price, number_text, tidy

FIXTURES = Path(__file__).resolve().parents[3] / "../shared/bitfinex/fixtures"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (100.0, "100"),
        (8.1, "8.1"),
        (0.0000011, "0.0000011"),
        (7e-7, "7e-7"),
        (1e21, "1e+21"),
        (123456789012345680000.0, "123456789012345680000"),
        (1.5e-10, "1.5e-10"),
        (5e-324, "5e-324"),
        (-12.5, "-12.5"),
        (12, "12"),
    ],
)
def test_numbers_are_written_as_javascript_writes_them(value: float, text: str) -> None:
    assert number_text(value) == text
    assert number_text(Decimal(repr(value))) == text


def test_decimals_lose_their_trailing_zeros_and_exponents() -> None:
    assert number_text(Decimal("1E+2")) == "100"
    assert number_text(Decimal("2.50000000")) == "2.5"
    assert number_text(Decimal("0E-8")) == "0"
    assert number_text(Decimal("-0.00000010")) == "-1e-7"
    assert str(tidy(Decimal("1E+2"))) == "100"


def test_what_is_no_number_is_not_written() -> None:
    with pytest.raises(ValueError, match="NaN"):
        number_text(Decimal("NaN"))


@pytest.mark.parametrize(
    ("given", "cut"),
    [
        ("40123.4", "40123"),
        ("1234567", "1234500"),
        ("0.0667899", "0.066789"),
        ("0.000000123456", "0.00000012"),
        ("100", "100"),
        ("0", "0"),
        ("99999.9", "99999"),
    ],
)
def test_prices_are_cut_to_five_digits(given: str, cut: str) -> None:
    assert cut_price(Decimal(given)) == Decimal(cut)


def test_json_keeps_decimals_and_text_whole() -> None:
    assert decode('{"a":0.1,"b":[1,"\u00e5",null,true]}') == {
        "a": Decimal("0.1"),
        "b": [1, "å", None, True],
    }
    assert (
        encode({"a": Decimal("0.10"), "b": [1, 'q"', None, True]})
        == '{"a":0.1,"b":[1,"q\\"",null,true]}'
    )
    with pytest.raises(ValueError, match="not JSON"):
        decode("[1,")


def test_the_checksum_of_the_official_models_vectors() -> None:
    path = FIXTURES / "book_checksum_vectors.json"
    if not path.exists():
        pytest.skip("the shared fixtures are not beside this checkout")
    vectors = json.loads(path.read_text())
    assert vectors
    for vector in vectors:
        bids: list[Row] = vector["bids"]
        asks: list[Row] = vector["asks"]
        assert checksum_text(bids, asks) == vector["string"]
        assert checksum(bids, asks) == vector["signed_crc32"]


def test_an_uneven_book_has_a_checksum_too() -> None:
    assert checksum_text([[10, 1, Decimal("0.00000050")]], []) == "10:5e-7"
    assert checksum([], []) == 0
