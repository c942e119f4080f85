"""Orders: as a line, as a card, as an outcome."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from bot.telegram.render.text import bold, code, esc, lines, money, number, percent, rate
from bot.telegram.render.verdicts import folded, switched_off
from engine.model.account import Wallet
from engine.model.ids import OrderKey
from engine.model.money import round_price
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Origin, Side
from engine.model.result import CancelFate, CancelReport, OrderPreview, Refused
from engine.model.symbol import base_of, quote_of

MOST_FATES = 12
Numbers = Mapping[OrderKey, int]
ORIGINS = {
    Origin.ELSEWHERE: "made elsewhere",
    Origin.ADOPTED: "made elsewhere, adopted",
    Origin.IGNORED: "made elsewhere, left alone",
}
_UNNAMED: Numbers = {}


def verb(side: Side) -> str:
    """`Buy` or `Sell`."""
    return side.value.capitalize()


def kind(terms: OrderTerms) -> str:
    """The type with its prices: `limit 30,000`, `limit 31,000 or stop 29,000`."""
    price, trigger, trail = map(_figure, (terms.price, terms.trigger, terms.trail))
    match terms.type:
        case OrderType.STOP_LIMIT:
            return f"stop {trigger}, limit {price}"
        case OrderType.STOP:
            return f"stop {trigger}"
        case OrderType.MARKET:
            return "market"
        case OrderType.TRAILING_STOP:
            return f"trailing stop, {trail} behind"
        case OrderType.IOC:
            return f"at once or not, limit {price}"
        case OrderType.FOK:
            return f"all at once or nothing, limit {price}"
        case OrderType.LIMIT:
            other = f" or stop {_figure(terms.oco_stop)}" if terms.oco_stop is not None else ""
            return f"limit {price}{other}"


def _figure(value: Decimal | None) -> str:
    return "" if value is None else number(value)


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
    words += [f"until {terms.good_until:%d %b %H:%M} UTC"] if terms.good_until is not None else []
    return esc(" · ".join(words))


def preview(seen: OrderPreview, near: Sequence[str] = ()) -> str:
    """A card's body: everything a person should know before confirming.

    `near` are figures that have come near their limit.
    """
    return lines([*meaning(seen), *noted(seen.notes), *folded(seen.verdict, near)])


def noted(notes: Iterable[str]) -> Sequence[str]:
    """What else is to be known, a line each."""
    return [f"<i>{esc(note)}</i>" for note in notes]


def meaning(seen: OrderPreview) -> Sequence[str]:
    """What an order would be and cost, line by line."""
    terms, quote = seen.terms, quote_of(seen.terms.symbol)
    base = base_of(terms.symbol)
    worth = f"about {money(seen.cost, quote)}" if terms.price is None else money(seen.cost, quote)
    taken = f", taken in {seen.fee_currency}" if seen.fee_currency != quote else ""
    pair = ["<i>Two orders: one cancels the other.</i>"] if terms.oco_stop is not None else []
    return [
        *switched_off(seen.verdict),
        headline(terms),
        options(terms),
        *pair,
        "",
        f"{'Cost' if terms.side is Side.BUY else 'Proceeds'}: {bold(worth)}",
        f"Fee: {money(seen.fee, quote)} ({rate(seen.fee_rate)}{taken})",
        f"Market now: {number(seen.market)} {quote}",
        *_slippage(seen),
        *_exposure(seen, base, quote),
    ]


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
    reason = order.reason.strip().removeprefix("CANCELED").strip(" :")
    return f": {esc(reason)}" if reason else ""


def _part(order: Order, base: str) -> str:
    return f", after {number(order.filled)} {base} had filled" if order.filled else ""


def line(order: Order, named: Numbers = _UNNAMED) -> str:
    """An open order in a list; `named` gives the numbers of those it may be tied to."""
    base = base_of(order.terms.symbol)
    done = order.filled
    filled = f" · {number(done)} {base} filled" if done else ""
    waiting = " · not yet answered" if order.status is OrderStatus.PENDING else ""
    name = code(str(number_of(order)))
    rows = [f"{headline(order.terms)}{filled}{waiting}", options(order.terms), f"Order {name}"]
    return lines([*rows, *belonging(order, named)])


def number_of(order: Order) -> int:
    """The number an operator says: the exchange's, or ours until there is one."""
    return order.order_id if order.order_id is not None else order.key


def numbers(orders: Iterable[Order]) -> Numbers:
    """The numbers an operator says, by our keys."""
    return {order.key: number_of(order) for order in orders}


def belonging(order: Order, named: Numbers = _UNNAMED) -> Sequence[str]:
    """Whose the order is and what it is tied to; nothing for an order on its own."""
    ties = []
    if order.bracket is not None:
        ties.append(f"exit of {code(str(named.get(order.bracket, order.bracket)))}")
    if order.partner is not None:
        other = code(str(named.get(order.partner, order.partner)))
        ties.append(f"paired with {other}: one cancels the other")
    if order.origin in ORIGINS:
        ties.append(ORIGINS[order.origin])
    said = " · ".join(ties)
    return [f"<i>{said[:1].upper()}{said[1:]}</i>"] if said else []


def cancel_report(report: CancelReport) -> str:
    """Each order's fate."""
    if not report.fates:
        nothing = f"{bold('Nothing was open')}: there was nothing to cancel."
        return lines([nothing, *noted(report.notes)])
    fates = sorted(report.fates, key=lambda fate: not fate.order.status.is_open)
    shown = [*map(_fate, fates[:MOST_FATES]), *_other_fates(fates[MOST_FATES:])]
    return lines([*_sum(fates), *shown, *noted(report.notes)])


def _sum(fates: Sequence[CancelFate]) -> Sequence[str]:
    """How many are still open, where some are and some are not."""
    still = sum(fate.order.status.is_open for fate in fates)
    if still in {0, len(fates)}:
        return []
    return [f"{bold(f'{still} of {len(fates)} still open')}", ""]


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
