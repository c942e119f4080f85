"""Codes as RFC 4226 and RFC 6238 print them."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from engine.people.totp import (
    address_of,
    code_at,
    digits_of,
    matching_step,
    spelled,
    step_of,
)

SECRET = b"12345678901234567890"
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)

# RFC 4226, appendix D.
COUNTED = {
    0: "755224",
    1: "287082",
    2: "359152",
    3: "969429",
    4: "338314",
    5: "254676",
    6: "287922",
    7: "162583",
    8: "399871",
    9: "520489",
}

# RFC 6238, appendix B, SHA-1: the last six of its eight digits.
TIMED = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}


@pytest.mark.parametrize(("step", "code"), list(COUNTED.items()))
def test_codes_by_counter(step: int, code: str) -> None:
    assert code_at(SECRET, step) == code


@pytest.mark.parametrize(("seconds", "code"), list(TIMED.items()))
def test_codes_by_time(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert code_at(SECRET, step_of(moment)) == code[-6:]
    assert matching_step(SECRET, code[-6:], moment, after=0) == step_of(moment)


def test_a_phone_may_be_one_step_off_and_no_more() -> None:
    step = step_of(NOON)
    for off in (-1, 0, 1):
        assert matching_step(SECRET, code_at(SECRET, step + off), NOON, after=0) == step + off
    for off in (-3, -2, 2, 3):
        assert matching_step(SECRET, code_at(SECRET, step + off), NOON, after=0) is None


def test_nothing_up_to_the_last_used_step_counts() -> None:
    step = step_of(NOON)
    code = code_at(SECRET, step)
    assert matching_step(SECRET, code, NOON, after=step) is None
    assert matching_step(SECRET, code, NOON, after=step - 1) == step
    older = code_at(SECRET, step - 1)
    assert matching_step(SECRET, older, NOON + timedelta(seconds=1), after=step) is None


@pytest.mark.parametrize("text", ["123456", " 123 456 ", "123\N{NO-BREAK SPACE}456", "000000\n"])
def test_what_is_a_code(text: str) -> None:
    digits = digits_of(text)
    assert digits is not None
    assert len(digits) == 6


@pytest.mark.parametrize("text", ["", "12345", "1234567", "12 34 56", "١٢٣٤٥٦", "/123456"])
def test_what_is_none(text: str) -> None:
    assert digits_of(text) is None


@pytest.mark.parametrize("code", ["", "١٢٣٤٥٦", "75522", "7552240"])
def test_what_is_no_code_never_matches(code: str) -> None:
    assert matching_step(SECRET, code, datetime.fromtimestamp(31, UTC), after=-1) is None


def test_the_address_says_the_secret_and_whose_it_is() -> None:
    address = address_of(SECRET, issuer="Genesis", account="Olivia & Åke: one")
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/Genesis:Olivia & Åke: one"
    said = parse_qs(parts.query)
    assert said == {"secret": [spelled(SECRET)], "issuer": ["Genesis"]}
    assert base64.b32decode(said["secret"][0]) == SECRET
