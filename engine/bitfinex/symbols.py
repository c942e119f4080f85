"""Symbols as they may be asked for: what cannot be one is told so before anybody is asked (4.6)."""

import re

from engine.model.errors import UnknownSymbol
from engine.model.symbol import Symbol, split

_SYMBOL = re.compile(r"t[A-Za-z0-9:]{2,40}")
_CURRENCY = re.compile(r"[A-Za-z0-9]{2,20}")
_PLAIN_LENGTH = 6
_PAPER = "TEST"
_PERPETUAL = "F0"


def checked(symbol: Symbol) -> Symbol:
    """`symbol`, if it has the shape of one; the words of `UnknownSymbol` name a right one."""
    if not _SYMBOL.fullmatch(symbol):
        raise UnknownSymbol(f"{symbol[:40]!r} is not a trading symbol. One is tBTCUSD.")
    base, quote = split(symbol)
    paper = [name.startswith(_PAPER) for name in (base, quote)]
    if not quote or ":" in quote or (":" not in symbol and len(base + quote) != _PLAIN_LENGTH):
        raise UnknownSymbol(_colon_missing(symbol))
    if paper[0] != paper[1]:
        raise UnknownSymbol(
            f"{symbol} mixes play money and real money. On paper it is "
            f"t{_paper(base)}:{_paper(quote)}."
        )
    if base.endswith(_PERPETUAL) and not quote.endswith(_PERPETUAL):
        raise UnknownSymbol(f"{symbol} is no perpetual. One is tBTCF0:USTF0.")
    return symbol


def checked_currency(currency: str) -> str:
    """`currency`, if it has the shape of one: `BTC`, `UST`, `TESTUSD`."""
    if _CURRENCY.fullmatch(currency):
        return currency
    raise UnknownSymbol(f"{currency[:40]!r} is not a currency. One is BTC.")


def _colon_missing(symbol: Symbol) -> str:
    name = symbol[1:]
    if name.startswith(_PAPER):
        return f"{symbol} lacks its colon. Paper symbols are tTESTBTC:TESTUSD and the like."
    if _PERPETUAL in name:
        return f"{symbol} lacks its colon. Perpetuals are tBTCF0:USTF0 and the like."
    return f"{symbol} is not a trading symbol. Long names need a colon: tBTCUSD, but tAAVE:USD."


def _paper(currency: str) -> str:
    return currency if currency.startswith(_PAPER) else _PAPER + currency
