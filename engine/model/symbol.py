"""Trading symbols as the exchange writes them: `tBTCUSD`, `tAAVE:USD`, `tBTCF0:USTF0`."""

from functools import lru_cache
from typing import NewType

Symbol = NewType("Symbol", str)


def of_pair(pair: str) -> Symbol:
    """The trading symbol of a pair name of the exchange's lists (facts sheet 2, conf)."""
    return Symbol("t" + pair)


@lru_cache(maxsize=4096)
def split(symbol: Symbol) -> tuple[str, str]:
    """Base and quote currency; a pair without a colon is two names of three letters."""
    pair = symbol[1:]
    if ":" in pair:
        base, _, quote = pair.partition(":")
        return base, quote
    return pair[:3], pair[3:]


@lru_cache(maxsize=4096)
def is_derivative(symbol: Symbol) -> bool:
    """Whether it is a perpetual: both its names end in F0 (facts sheet 4.1)."""
    return all(name.endswith("F0") for name in split(symbol))


def base_of(symbol: Symbol) -> str:
    """The currency that is bought and sold."""
    return split(symbol)[0]


def quote_of(symbol: Symbol) -> str:
    """The currency prices are given in."""
    return split(symbol)[1]
