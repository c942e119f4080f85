"""Brackets: the card, the list, what became of one, the news of one."""

from collections.abc import Sequence
from decimal import Decimal

from bot.telegram.render.orders import headline, meaning, noted, number_of, options, standing
from bot.telegram.render.text import bold, code, esc, lines, money, number
from bot.telegram.render.verdicts import folded
from engine.model.account import Wallet
from engine.model.bracket import Bracket, BracketStatus, BracketTerms, Fallback
from engine.model.money import plain
from engine.model.order import Order, Side
from engine.model.result import BracketPreview, BracketTicket
from engine.model.symbol import base_of, quote_of

Lines = Sequence[str]


def preview(seen: BracketPreview, near: Sequence[str] = ()) -> str:
    """A card's body: the entry, both ends, and what is done should the exits not be taken."""
    quote = quote_of(seen.terms.entry.symbol)
    return lines(
        [
            *meaning(seen.entry),
            "",
            *_end("Stop loss", seen.terms.stop_loss, "Worst loss", seen.loss, quote),
            *_end("Take profit", seen.terms.take_profit, "Best gain", seen.gain, quote),
            *_ratio(seen.loss, seen.gain),
            _promise(seen.terms.fallback),
            *noted(dict.fromkeys((*seen.entry.notes, *seen.notes))),
            *folded(seen.entry.verdict, near),
        ]
    )


def _end(name: str, price: Decimal | None, end: str, worth: Decimal | None, quote: str) -> Lines:
    if price is None:
        return [f"{name}: {bold('none')}"]
    figure = [f"{end}: {bold(money(worth, quote))}"] if worth is not None else []
    return [f"{name}: {bold(number(price))}", *figure]


def _ratio(loss: Decimal | None, gain: Decimal | None) -> list[str]:
    if not loss or gain is None:
        return []
    return [f"Gain to loss: {gain / loss:.2f}"]


def _promise(fallback: Fallback) -> str:
    act = (
        "what is held is closed at market"
        if fallback is Fallback.CLOSE
        else "the position stays open and you are alerted"
    )
    return f"<i>The exits follow what has filled. Should the exchange not take them, {act}.</i>"


def exits(terms: BracketTerms) -> str:
    """`stop loss 29,000, take profit 33,000`."""
    ends = (("stop loss", terms.stop_loss), ("take profit", terms.take_profit))
    return ", ".join(f"{name} {number(price)}" for name, price in ends if price is not None)


def ticket(ticket: BracketTicket) -> str:
    """What became of the wish."""
    bracket = ticket.bracket
    rows = [standing(ticket.entry)]
    if bracket.status.is_open or bracket.guarded:
        rows.append(state(bracket))
    return lines(rows)


def state(bracket: Bracket) -> str:
    """Where it is in its life, in a line."""
    base = base_of(bracket.terms.entry.symbol)
    ends = exits(bracket.terms)
    match bracket.status:
        case BracketStatus.WAITING:
            return f"Exits wait for the entry: {ends}"
        case BracketStatus.GUARDED:
            return f"Exits stand for {number(bracket.guarded)} {base}: {ends}"
        case BracketStatus.EXPOSED:
            return f"{bold('EXPOSED')}: {esc(bracket.reason or 'the exits are not in place')}"
        case BracketStatus.CLOSING:
            return f"{bold('Closing at market')}{_because(bracket)}"
        case BracketStatus.DONE:
            return f"Done{_because(bracket)}"


def listed(bracket: Bracket, orders: Sequence[Order]) -> str:
    """A bracket in a list, with how much of its entry has filled."""
    terms = bracket.terms.entry
    entry = next((order for order in orders if order.key == bracket.key), None)
    filled = ""
    if entry is not None:
        whole = f"{number(terms.amount)} {base_of(terms.symbol)}"
        filled = f"\nFilled {number(entry.filled)} of {whole}"
    name = code(str(number_of(entry) if entry is not None else bracket.key))
    rows = [headline(terms), options(terms), f"Entry {name}{filled}", state(bracket)]
    return lines(rows)


def farewell(going: Sequence[Bracket]) -> Lines:
    """What cancelling everything means for brackets."""
    if not going:
        return []
    held = [f"{number(b.held)} {base_of(b.terms.entry.symbol)}" for b in going if b.held]
    count = f"{len(going)} bracket{'s' if len(going) > 1 else ''}"
    left = f": nothing will guard {', '.join(held)}" if held else ""
    return ["", f"{bold(f'{count} let go')}{left}. No exits are placed anew."]


def opened(bracket: Bracket) -> str:
    """An entry is leaving, and its exits will follow."""
    return _news("Bracket opened", bracket)


def changed(bracket: Bracket) -> str:
    """The exits stand for more or less."""
    return _news("Bracket", bracket)


def exposed(bracket: Bracket) -> str:
    """Something is held without its exits: what acts now, and what a person can do."""
    terms = bracket.terms.entry
    symbol = terms.symbol
    acts = (
        "Genesis closes it at market now."
        if bracket.terms.fallback is Fallback.CLOSE
        else "Nothing else acts: it is held without its exits. /brackets lets you send new ones "
        f"or let it go. {_remedy(bracket.terms)}"
    )
    why = esc((bracket.reason or "the exits are not in place").rstrip("."))
    return lines([f"{bold('UNGUARDED')} {code(symbol)}: {why}.", headline(terms), acts])


def _remedy(terms: BracketTerms) -> str:
    """A line that guards it again, or ends it."""
    entry = terms.entry
    margin = entry.wallet is Wallet.MARGIN
    side = "sell" if entry.side is Side.BUY else "buy"
    words = [f"/{side} {entry.symbol} {plain(entry.amount)}"]
    words += [f"stop {plain(terms.stop_loss)}"] if terms.stop_loss is not None else []
    words += ["reduce margin"] if margin else []
    end = f", or close it: {code(f'/close {entry.symbol}')}" if margin else ""
    return f"Guard it yourself: {code(' '.join(words))}{end}"


def closed(bracket: Bracket) -> str:
    """It is over."""
    why = esc((bracket.reason or "nothing is left to guard").rstrip("."))
    return lines([f"{bold('Bracket over')}: {why}.", headline(bracket.terms.entry)])


def _news(head: str, bracket: Bracket) -> str:
    return lines([f"{bold(head)} {headline(bracket.terms.entry)}", state(bracket)])


def _because(bracket: Bracket) -> str:
    return f": {esc(bracket.reason)}" if bracket.reason else ""
