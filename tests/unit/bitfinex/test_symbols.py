"""Symbols of every sort, and those that only look like one."""

import pytest

from engine.bitfinex.symbols import checked
from engine.model.errors import UnknownSymbol
from engine.model.symbol import Symbol
from tests.unit.bitfinex.recorded import needs_shared, shared


@pytest.mark.parametrize(
    "symbol",
    ["tBTCUSD", "tAAVE:USD", "tBTCF0:USTF0", "tTESTBTC:TESTUSD", "tTESTBTC:TESTUSDT",
     "tTESTBTCF0:TESTUSDTF0", "t1INCH:USD", "tCNH:CNHT"],
)  # fmt: skip
def test_right_ones(symbol: str) -> None:
    assert checked(Symbol(symbol)) == symbol


@pytest.mark.parametrize(
    ("symbol", "hint"),
    [
        ("tTESTBTCTESTUSD", "tTESTBTC:TESTUSD"),
        ("tBTC:TESTUSD", "tTESTBTC:TESTUSD"),
        ("tTESTBTC:USD", "tTESTBTC:TESTUSD"),
        ("tAAVEUSD", "tAAVE:USD"),
        ("tBTCF0USTF0", "tBTCF0:USTF0"),
        ("tBTCF0:USD", "tBTCF0:USTF0"),
        ("BTCUSD", "tBTCUSD"),
        ("fUSD", "tBTCUSD"),
        ("tBTC:", "tBTCUSD"),
        ("tBTC:USD:X", "tBTCUSD"),
        ("tBTC/../x", "tBTCUSD"),
        ("", "tBTCUSD"),
    ],
)
def test_wrong_ones_are_told_a_right_one(symbol: str, hint: str) -> None:
    with pytest.raises(UnknownSymbol, match=hint):
        checked(Symbol(symbol))


@needs_shared
def test_every_recorded_pair_is_a_right_one() -> None:
    lists = [s["response"] for s in shared("rest_conf_recorded_2021.json") if "pair" in str(s)]
    names = [name for found in lists for name in found[0]]  # type: ignore[index]  # recorded
    pairs = [name for name in names if len(name) >= 6]
    assert len(pairs) > 300
    for name in pairs:
        assert checked(Symbol(f"t{name}"))
