"""How large an order may be, and how that came about."""

from collections.abc import Sequence

from bot.telegram.render.orders import verb
from bot.telegram.render.table import table
from bot.telegram.render.text import bold, code, esc, lines, money, number
from engine.model.money import plain, readable
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
        ("Apart", readable(abs(seen.entry - seen.stop))),
        ("Worth", money(seen.notional, quote)),
    ]
    notes = [f"<i>{esc(note)}</i>" for note in seen.notes]
    what = f"{verb(terms.side)} {number(terms.amount)} {base_of(terms.symbol)}"
    head = f"{bold(what)} · {esc(terms.symbol)}"
    more = [_in_short(each) for each in others]
    return lines([head, table(rows), *notes, *more, "", *(code(each) for each in commands)])


def _in_short(seen: SizeAdvice) -> str:
    """The other way round, with the note of what cut it."""
    cut = [f" {esc(note)}" for note in seen.notes[:-1]]
    what = f"{seen.terms.side} {number(seen.terms.amount)} {base_of(seen.terms.symbol)}"
    return f"Or {bold(what)}, stop {readable(seen.stop)}.{''.join(cut)}"


def _multiple(wish: SizeWish) -> str:
    return f" ({plain(wish.atr_multiple)} atr)" if wish.atr_multiple is not None else ""
