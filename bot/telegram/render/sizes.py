"""How large an order may be, and how that came about."""

from collections.abc import Sequence

from bot.telegram.render.orders import verb
from bot.telegram.render.table import table
from bot.telegram.render.text import bold, code, esc, lines, money, number
from engine.model.account import Wallet
from engine.model.money import plain, readable
from engine.model.order import Side
from engine.model.risk import SizeAdvice, SizeWish
from engine.model.symbol import base_of, quote_of


def advice(wish: SizeWish, ways: Sequence[SizeAdvice], commands: Sequence[str]) -> str:
    """The size and how it came about, and in short the same the other way, where there is one;
    each of `commands` makes an order of one of them."""
    seen, *others = ways
    terms, quote = seen.terms, quote_of(seen.terms.symbol)
    rows = [
        ("Equity", money(seen.equity, quote)),
        ("Risk", f"{plain(wish.risk_percent)} %"),
        ("At risk", money(seen.at_risk, quote)),
        ("Entry", readable(seen.entry)),
        ("Stop", readable(seen.stop) + _multiple(wish)),
        ("Distance", readable(abs(seen.entry - seen.stop))),
        ("Worth", money(seen.notional, quote)),
    ]
    notes = [f"<i>{esc(note)}</i>" for note in seen.notes]
    what = f"{bold(_what(seen, way_of(seen)))}{_where(seen)}"
    head = f"{what} · {esc(terms.symbol)}"
    more = [_in_short(each) for each in others]
    return lines([head, table(rows), *notes, *more, "", *(code(each) for each in commands)])


def way_of(seen: SizeAdvice) -> str:
    """`Buy`; `Short` for a sale on margin."""
    short = _is_on_margin(seen) and seen.terms.side is Side.SELL
    return "Short" if short else verb(seen.terms.side)


def button(seen: SizeAdvice) -> str:
    """`Short this size (margin)`."""
    return f"{way_of(seen)} this size{' (margin)' if _is_on_margin(seen) else ''}"


def _in_short(seen: SizeAdvice) -> str:
    """The other way round, with the note of what cut it."""
    cut = [f" {esc(note)}" for note in seen.notes[:-1]]
    what = _what(seen, way_of(seen).lower())
    return f"Or {bold(what)}{_where(seen)}, stop {readable(seen.stop)}.{''.join(cut)}"


def _what(seen: SizeAdvice, way: str) -> str:
    return f"{way} {number(seen.terms.amount)} {base_of(seen.terms.symbol)}"


def _where(seen: SizeAdvice) -> str:
    return " on margin" if _is_on_margin(seen) else ""


def _is_on_margin(seen: SizeAdvice) -> bool:
    return seen.terms.wallet is Wallet.MARGIN


def _multiple(wish: SizeWish) -> str:
    return f" ({plain(wish.atr_multiple)} ATR)" if wish.atr_multiple is not None else ""
