"""Changing an order where it stands: the card, what became of it, what can be chosen."""

from collections.abc import Sequence
from decimal import Decimal

from bot.telegram.render.orders import Numbers, headline, line, noted, number_of, standing
from bot.telegram.render.text import bold, code, esc, lines, money, number
from bot.telegram.render.verdicts import folded, switched_off
from engine.model.change import OrderChange
from engine.model.order import Order, OrderTerms
from engine.model.result import AmendPreview
from engine.model.symbol import base_of, quote_of


def preview(seen: AmendPreview, named: Numbers) -> str:
    """A card's body: each figure before and after."""
    quote = quote_of(seen.after.symbol)
    return lines(
        [
            *switched_off(seen.verdict),
            bold("Change this order?"),
            line(seen.order, named),
            "",
            *steps(seen.order.terms, seen.after),
            "",
            f"Worth of what remains: {bold(money(seen.cost, quote))}",
            f"Market now: {number(seen.market)} {quote}",
            *noted(seen.notes),
            *folded(seen.verdict),
        ]
    )


def steps(before: OrderTerms, after: OrderTerms) -> Sequence[str]:
    """What changes, one a line: `Price: 30,000 → 29,500`."""
    base = base_of(after.symbol)
    figures = (
        ("Amount", before.amount, after.amount, f" {base}"),
        ("Price", before.price, after.price, ""),
        ("Stop", before.trigger, after.trigger, ""),
        ("Distance", before.trail, after.trail, ""),
    )
    return [
        f"{name}: {_figure(was)} → {bold(_figure(now))}{unit}"
        for name, was, now, unit in figures
        if was != now
    ]


def wanted(change: OrderChange) -> str:
    """The new figures alone: `price 29,500, amount 0.02`."""
    figures = (
        ("amount", change.amount),
        ("price", change.price),
        ("stop", change.trigger),
        ("distance", change.trail),
    )
    return ", ".join(f"{name} {number(value)}" for name, value in figures if value is not None)


def outcome(order: Order, change: OrderChange) -> str:
    """Where the order stands after a change was asked for."""
    if not order.status.is_open:
        return standing(order)
    if _holds(order.terms, change):
        return lines([f"{bold('Changed')}: {headline(order.terms)}", standing(order)])
    return lines(
        [
            f"{bold('Asked to change')}, the exchange has not answered yet. "
            "You will be told if it refuses.",
            standing(order),
        ]
    )


def _holds(terms: OrderTerms, change: OrderChange) -> bool:
    pairs = (
        (change.amount, terms.amount),
        (change.price, terms.price),
        (change.trigger, terms.trigger),
        (change.trail, terms.trail),
    )
    return all(wish is None or wish == have for wish, have in pairs)


def choice(order: Order, field: str, market: Decimal | None, named: Numbers) -> str:
    """What to change: by button, by reply, or by a line to copy; `field` is a word of /amend."""
    number_, terms = number_of(order), order.terms
    quote = quote_of(terms.symbol)
    now = [f"Market now: {number(market)} {quote}"] if market is not None else []
    return lines(
        [
            bold("Change this order"),
            line(order, named),
            *now,
            "",
            f"Choose a new {esc(field)}, or reply to this message with one. Or copy and complete:",
            code(f"/amend {number_} {field} "),
            code(f"/amend {number_} amount "),
        ]
    )


def requested(order: Order, change: OrderChange) -> str:
    """Somebody asked for a change."""
    return lines([f"{bold('Change asked for')}: {esc(wanted(change))}", headline(order.terms)])


def failed(order: Order, reason: str) -> str:
    """The exchange would not change it."""
    said = esc(reason.rstrip("."))
    rows = [f"{bold('Not changed')}: {said}.", f"It stands as it stood: {headline(order.terms)}"]
    return lines([*rows, standing(order)])


def _figure(value: Decimal | None) -> str:
    return "none" if value is None else number(value)
