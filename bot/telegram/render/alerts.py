"""Events as news: what happened, in the fewest words that leave no question."""

from collections.abc import Sequence
from decimal import Decimal

from bot.telegram.render.orders import headline, options, signed, standing
from bot.telegram.render.text import bold, by_whom, code, esc, lines, money, number, when
from engine.model.endpoint import EndpointType
from engine.model.event import (
    ExchangeLinkLost,
    ExchangeReconciled,
    FactSetAside,
    LeadershipTaken,
    MaintenanceChanged,
    PositionChanged,
    ServiceStarted,
    TradingPaused,
    TradingResumed,
    TransportBreakerChanged,
)
from engine.model.money import round_price
from engine.model.order import Fill, Order, OrderStatus, Side
from engine.model.position import Position
from engine.model.symbol import base_of, quote_of

ELSEWHERE = "Made elsewhere"


def placed_by(name: str, done: str = "Placed", *, guard: bool = False) -> str:
    """Whose order it is, or who did what is told."""
    return f"{done} by {by_whom(name, guard=guard)}"


def with_owner(text: str, whose: str, joint: str = "\n") -> str:
    """The text, and whose order it is about where that is said."""
    return f"{text}{joint}{whose}" if whose else text


def traded(order: Order, fills: Sequence[Fill]) -> str:
    """Fills of one order, together: `12 fills, 0.34 BTC, average ...`."""
    base, quote = base_of(order.terms.symbol), quote_of(order.terms.symbol)
    amount = sum((fill.amount for fill in fills), Decimal(0))
    worth = sum((fill.amount * fill.price for fill in fills), Decimal(0))
    average = number(round_price(worth / amount)) if amount else "?"
    many = f"{len(fills)} fills · " if len(fills) > 1 else ""
    verb = "Bought" if order.terms.side is Side.BUY else "Sold"
    head = f"{bold(f'{verb} {number(amount)} {base}')} at {average}"
    figures = f"{many}{money(worth, quote)}{_fees(fills)}"
    return lines([head, f"{esc(order.terms.symbol)} · {figures}", _left(order, base)])


def _left(order: Order, base: str) -> str:
    name = code(str(order.order_id or order.key))
    if order.status is OrderStatus.FILLED:
        return f"Order {name} is filled"
    if order.status.is_open and order.filled:
        return f"Order {name}, {number(order.remaining)} {base} still open"
    return f"Order {name}"


def _fees(fills: Sequence[Fill]) -> str:
    totals: dict[str, Decimal] = {}
    for fill in fills:
        if fill.fee is not None and fill.fee_currency is not None:
            totals[fill.fee_currency] = totals.get(fill.fee_currency, Decimal(0)) - fill.fee
    said = " + ".join(money(total, currency) for currency, total in totals.items())
    return f" · fee {said}" if said else ""


def closed(order: Order) -> str:
    """An order that ended without a trade of its own just now."""
    return lines([f"{headline(order.terms)}", standing(order), options(order.terms)])


def accepted(order: Order) -> str:
    """The exchange took its time, and has the order."""
    return lines([headline(order.terms), standing(order), options(order.terms)])


def recovered(order: Order) -> str:
    """The fate of an order that had been unknown."""
    head = bold("Its fate is known now")
    return lines([head, headline(order.terms), standing(order)])


def cancel_failed(order: Order, reason: str) -> str:
    """The exchange would not cancel."""
    return lines([f"{bold('Not cancelled')}: {esc(reason)}", headline(order.terms)])


def position(event: PositionChanged) -> str:
    """Opened, changed or closed."""
    now, before = event.position, event.before
    symbol = code(now.symbol)
    if not now.amount:
        return f"{bold('Position closed')} {symbol}{_result(before)}"
    head = bold("Position opened" if before is None else "Position changed")
    way = "long" if now.amount > 0 else "short"
    amount = f"{way} {number(abs(now.amount))} {base_of(now.symbol)}"
    return f"{head} {symbol}: {amount} at {number(round_price(now.base_price))}"


def _result(before: Position | None) -> str:
    if before is None or before.profit is None:
        return ""
    return f", P/L {signed(before.profit, quote_of(before.symbol))}"


def paused(event: TradingPaused) -> str:
    """Trading stands still."""
    why = f": {esc(event.reason)}" if event.reason else ""
    return f"{bold('Trading paused')} by {esc(event.name)}{why}. /resume lifts it."


def resumed(event: TradingResumed) -> str:
    """Trading goes on."""
    return f"{bold('Trading resumed')} by {esc(event.name)}."


def link_lost(event: ExchangeLinkLost) -> str:
    """No link to the exchange."""
    return lines(
        [
            f"{bold('Exchange link lost')}: {esc(event.reason.rstrip('.'))}.",
            f"No order can be sent until it is back. {when(event.at)}",
        ]
    )


def reconciled(event: ExchangeReconciled) -> str:
    """The book equals the exchange again."""
    rows = [f"{bold('Exchange link up')}, the book equals the exchange. Trading is open."]
    if event.settled:
        count = len(event.settled)
        orders = "order whose fate was" if count == 1 else "orders whose fate was"
        rows.append(f"Found {count} {orders} unknown; see below.")
    if event.missed:
        rows.append(f"{event.missed} trade{'s' if event.missed > 1 else ''} happened meanwhile.")
    return lines(rows)


def set_aside(event: FactSetAside) -> str:
    """Something was told that cannot be kept."""
    said = f"{bold('Not understood')}: the exchange told something that cannot be kept."
    return lines([said, f"{esc(event.kind)}: {esc(event.detail)}", "Compare /orders with it."])


def maintenance(event: MaintenanceChanged) -> str:
    """The exchange closed or reopened."""
    if event.active:
        return f"{bold('The exchange is in maintenance')}. No order can be sent until it reopens."
    return f"{bold('The exchange has reopened')}."


_KINDS = {
    EndpointType.PUBLIC_MARKET: "market data",
    EndpointType.PRIVATE_ACCOUNT: "the account",
    EndpointType.PRIVATE_TRADING: "trading",
    EndpointType.PRIVATE_MARGIN: "margin and positions",
}


def breaker(event: TransportBreakerChanged) -> str:
    """REST calls of a kind are held back, or pass again."""
    kind = _KINDS[event.endpoint_type]
    if not event.open:
        return f"{bold('The exchange answers again')} over REST: calls for {kind}."
    return lines(
        [
            f"{bold('The exchange keeps failing')} over REST: calls for {kind} are held back.",
            f"{esc(event.reason.rstrip('.'))}. Genesis tries again by itself; cancels are "
            f"never held back. {when(event.at)}",
        ]
    )


def leadership(event: LeadershipTaken) -> str:
    """Another service took over."""
    head = f"{bold('This is another Genesis')}: {code(event.name)} leads now"
    if event.heard_at is None:
        return f"{head}, because {code(event.before)} stepped down."
    silence = max(1, round((event.at - event.heard_at).total_seconds()))
    return f"{head}, because {code(event.before)} was not heard from for {silence} s."


def started(event: ServiceStarted) -> str:
    """The service is up."""
    crash = " The run before ended without a goodbye; orders are being compared." * event.crashed
    return f"{bold('Genesis started')} (version {esc(event.version)}).{crash}"


def stopped() -> str:
    """The service is down."""
    return f"{bold('Genesis stopped')}. Orders at the exchange stay as they are."


def digest(count: int, since: str, totals: Sequence[str]) -> str:
    """One message instead of a flood."""
    return lines(
        [bold(f"{count} things happened since {since}"), *totals, "See /orders, /balance, /strays."]
    )
