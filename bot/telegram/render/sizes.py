"""How large an order may be, and how that came about."""

from bot.telegram.render.orders import verb
from bot.telegram.render.table import table
from bot.telegram.render.text import bold, code, esc, lines, money, number
from engine.model.money import plain, readable
from engine.model.risk import SizeAdvice, SizeWish
from engine.model.symbol import base_of, quote_of


def advice(wish: SizeWish, seen: SizeAdvice, line: str) -> str:
    """The size and its way; `line` is the command that makes an order of it."""
    terms = seen.terms
    base, quote = base_of(terms.symbol), quote_of(terms.symbol)
    what = f"{verb(terms.side)} {number(terms.amount)} {base}"
    rows = [
        ("Equity", money(seen.equity, quote)),
        ("Risk", f"{plain(wish.risk_percent)} %"),
        ("At risk", money(seen.at_risk, quote)),
        ("Entry", readable(seen.entry)),
        ("Stop", readable(seen.stop) + _multiple(wish)),
        ("Apart", readable(abs(seen.entry - seen.stop))),
        ("Worth", money(seen.notional, quote)),
    ]
    notes = [f"<i>{esc(note)}</i>" for note in seen.notes]
    return lines([f"{bold(what)} · {esc(terms.symbol)}", table(rows), *notes, "", code(line)])


def _multiple(wish: SizeWish) -> str:
    return f" ({plain(wish.atr_multiple)} atr)" if wish.atr_multiple is not None else ""
