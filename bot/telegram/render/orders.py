"""Orders: as a line, as a card, as an outcome."""

from collections.abc import Sequence
from decimal import Decimal

from bot.telegram.render.text import bold, code, esc, lines, money, number, percent, rate
from engine.model.account import Wallet
from engine.model.money import round_price
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.result import CancelFate, CancelReport, OrderPreview, OrderTicket, Refused
from engine.model.symbol import base_of, quote_of

MOST_FATES = 12


def verb(side: Side) -> str:
    """`Buy` or `Sell`."""
    return side.value.capitalize()


def kind(terms: OrderTerms) -> str:
    """The type with its prices: `limit 30,000`."""
    price = number(terms.price) if terms.price is not None else ""
    trigger = number(terms.trigger) if terms.trigger is not None else ""
    match terms.type:
        case OrderType.STOP_LIMIT:
            return f"stop {trigger}, limit {price}"
        case OrderType.STOP:
            return f"stop {trigger}"
        case OrderType.MARKET:
            return "market"
        case _:
            return f"{terms.type.value} {price}".strip()


def headline(terms: OrderTerms) -> str:
    """What is wanted, in one breath: `Buy 0.01 BTC, limit 30,000`."""
    what = f"{verb(terms.side)} {number(terms.amount)} {base_of(terms.symbol)}"
    return f"{bold(what)}, {esc(kind(terms))}"


def options(terms: OrderTerms) -> str:
    """Symbol, wallet and flags: `tBTCUSD · exchange wallet · post-only`."""
    words = [terms.symbol, f"{terms.wallet.value} wallet"]
    words += ["post-only"] if terms.post_only else []
    words += ["reduce-only"] if terms.reduce_only else []
    words += ["hidden"] if terms.hidden else []
    return esc(" · ".join(words))


def preview(seen: OrderPreview) -> str:
    """A card's body: everything a person should know before confirming."""
    terms, quote = seen.terms, quote_of(seen.terms.symbol)
    base = base_of(terms.symbol)
    worth = f"about {money(seen.cost, quote)}" if terms.price is None else money(seen.cost, quote)
    taken = f", taken in {seen.fee_currency}" if seen.fee_currency != quote else ""
    rows = [
        headline(terms),
        options(terms),
        "",
        f"{'Cost' if terms.side is Side.BUY else 'Proceeds'}: {bold(worth)}",
        f"Fee: {money(seen.fee, quote)} ({rate(seen.fee_rate)}{taken})",
        f"Market now: {number(seen.market)} {quote}",
        *_slippage(seen),
        *_exposure(seen, base, quote),
        *(f"<i>{esc(note)}</i>" for note in seen.notes),
    ]
    return lines(rows)


def _slippage(seen: OrderPreview) -> list[str]:
    if seen.slippage is None:
        return []
    slip = seen.slippage
    if not slip.complete:
        return [f"Slippage: {bold('the visible book is too thin for this size')}"]
    return [f"Slippage: {percent(slip.percent, 3)}, average {number(slip.average)}"]


def _exposure(seen: OrderPreview, base: str, quote: str) -> list[str]:
    name = "Position" if seen.terms.wallet is Wallet.MARGIN else "Held"
    after = f"{number(seen.after.amount)} {base} ({money(seen.after.worth, quote)})"
    return [f"{name} now: {number(seen.before.amount)} {base}", f"{name} after: {after}"]


def ticket(ticket: OrderTicket) -> str:
    """What became of a wish, in a line or two."""
    return standing(ticket.order)


def standing(order: Order) -> str:
    """Where an order stands, for its card."""
    base = base_of(order.terms.symbol)
    number_ = f"\nOrder {code(str(order.order_id))}" if order.order_id is not None else ""
    match order.status:
        case OrderStatus.PENDING:
            return (
                f"{bold('Sent, not yet answered')}. The exchange is being asked; "
                f"you will be told what became of it.{number_}"
            )
        case OrderStatus.WORKING:
            return f"{bold('Working')} at the exchange{number_}"
        case OrderStatus.PARTLY_FILLED:
            done = f"{number(order.filled)} of {number(order.terms.amount)} {base}"
            return f"{bold('Partly filled')}: {done}{_at(order)}{number_}"
        case OrderStatus.FILLED:
            return f"{bold('Filled')}: {number(order.filled)} {base}{_at(order)}{number_}"
        case OrderStatus.CANCELLED:
            return f"{bold('Cancelled')}{_why(order)}{_part(order, base)}{number_}"
        case OrderStatus.REJECTED:
            return f"{bold('Rejected')}{_why(order)}"
        case OrderStatus.LOST:
            return f"{bold('Not found')}{_why(order)}{number_}"


def _at(order: Order) -> str:
    return f" at {number(round_price(order.average))}" if order.average else ""


def _why(order: Order) -> str:
    reason = order.reason.strip()
    return "" if reason in {"", "CANCELED"} else f": {esc(reason)}"


def _part(order: Order, base: str) -> str:
    return f", after {number(order.filled)} {base} had filled" if order.filled else ""


def line(order: Order) -> str:
    """An open order in a list."""
    base = base_of(order.terms.symbol)
    done = order.filled
    filled = f" · {number(done)} {base} filled" if done else ""
    waiting = " · not yet answered" if order.status is OrderStatus.PENDING else ""
    name = order.order_id if order.order_id is not None else order.key
    return lines(
        [
            f"{headline(order.terms)}{filled}{waiting}",
            options(order.terms),
            f"Order {code(str(name))}",
        ]
    )


def cancel_report(report: CancelReport) -> str:
    """Each order's fate."""
    notes = [f"<i>{esc(note)}</i>" for note in report.notes]
    if not report.fates:
        return lines([f"{bold('Nothing was open')}: there was nothing to cancel.", *notes])
    fates = sorted(report.fates, key=lambda fate: not fate.order.status.is_open)
    shown = [*map(_fate, fates[:MOST_FATES]), *_other_fates(fates[MOST_FATES:])]
    return lines([*shown, *notes])


def _other_fates(fates: Sequence[CancelFate]) -> Sequence[str]:
    if not fates:
        return []
    still = sum(fate.order.status.is_open for fate in fates)
    told = f"{still} still open (see /orders)" if still else "none of them open any more"
    return [f"\nand {len(fates)} more, {told}"]


def _fate(fate: CancelFate) -> str:
    order = fate.order
    if fate.refusal and order.status.is_open:
        outcome = f"{bold('not cancelled')}: {esc(fate.refusal)}"
    elif order.status.is_open:
        outcome = f"{bold('asked to cancel')}, the exchange has not answered yet"
    else:
        outcome = standing(order)
    return f"{headline(order.terms)}: {outcome}"


def refusal(refused: Refused, head: str = "Not sent") -> str:
    """All reasons, one a line."""
    said = [f"• {esc(reason.sentence)}" for reason in refused.reasons]
    return lines([bold(head), *said])


def signed(value: Decimal, currency: str) -> str:
    """A gain or a loss with its sign."""
    return ("+" if value > 0 else "") + money(value, currency)
