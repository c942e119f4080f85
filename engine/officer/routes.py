"""How one currency is priced in another: by a pair, by its inverse, or over a third currency."""

from collections.abc import Container
from typing import NamedTuple

from engine.model.symbol import Symbol, of_pair

BRIDGES = ("USD", "UST", "BTC")


class Leg(NamedTuple):
    """One price on the way; `inverted` where the pair trades the other way round."""

    symbol: Symbol
    inverted: bool = False


def route(currency: str, target: str, pairs: Container[Symbol]) -> tuple[Leg, ...] | None:
    """The prices to multiply; none between the same, None where there is no way."""
    start = _collateral(currency)
    if start == target:
        return ()
    if (direct := _leg(start, target, pairs)) is not None:
        return (direct,)
    for bridge in BRIDGES:
        first, second = _leg(start, bridge, pairs), _leg(bridge, target, pairs)
        if first is not None and second is not None:
            return (first, second)
    return None


def symbol_of(currency: str, target: str) -> Symbol:
    """The symbol that trades a currency for another, by name, whether there is one or not."""
    colon = ":" if max(len(currency), len(target)) > 3 else ""
    return of_pair(f"{currency}{colon}{target}")


def _collateral(currency: str) -> str:
    """A derivative's currency is the one it stands for (facts sheet 4.1)."""
    return currency.removesuffix("F0")


def _leg(one: str, other: str, pairs: Container[Symbol]) -> Leg | None:
    for joint in ("", ":"):
        if (symbol := of_pair(f"{one}{joint}{other}")) in pairs:
            return Leg(symbol)
        if (symbol := of_pair(f"{other}{joint}{one}")) in pairs:
            return Leg(symbol, inverted=True)
    return None
