"""The exchange's precision, exactly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.money import cut_amount, is_price, of_market, plain, round_price


@pytest.mark.parametrize(
    ("price", "rounded"),
    [("40123.4", "40123"), ("0.00000110456", "0.0000011"), ("1.234567", "1.2346"), ("0", "0")],
)
def test_prices_keep_five_significant_digits(price: str, rounded: str) -> None:
    assert round_price(Decimal(price)) == Decimal(rounded)


def test_amounts_are_cut_never_rounded_up() -> None:
    assert cut_amount(Decimal("0.123456789")) == Decimal("0.12345678")


@given(st.decimals(min_value="0.00000001", max_value="9999999", places=8))
def test_a_rounded_price_is_a_price(price: Decimal) -> None:
    assert is_price(round_price(price))


@given(st.floats(min_value=1e-8, max_value=1e8))
def test_market_numbers_keep_their_value(value: float) -> None:
    assert float(of_market(value)) == value


def test_plain_has_no_exponent_and_no_idle_zeros() -> None:
    assert plain(Decimal("1E+2")) == "100"
    assert plain(Decimal("1E-8")) == "0.00000001"
    assert plain(Decimal("30000.500")) == "30000.5"
