"""A panic: the card that asks, the list of legs as they settle, and what stands still after it."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from bot.telegram.render.orders import noted, signed
from bot.telegram.render.text import bold, code, esc, lines, money, number, when
from engine.model.event import CancelRequested, Event
from engine.model.ids import OrderKey
from engine.model.money import round_price
from engine.model.order import Order
from engine.model.panic import CANCELLING, PANIC, Kept, LegKind, LegState, PanicLeg
from engine.model.panic_event import PanicCalled, PanicEnded, PanicHeldUp, PanicLegSettled
from engine.model.panic_result import PanicPreview, PanicReport, Saleable
from engine.model.result import Holding
from engine.model.symbol import base_of, quote_of

MOST_POSITIONS = 15
MOST_HOLDINGS = 10
MOST_LEGS = 30
NOTHING_LEFT = "No margin position is open and no order is left."

Lines = Sequence[str]


def is_sent_by_panic(order: Order) -> bool:
    """Whether a panic sent it: its own report tells how that went."""
    return (order.command_id or "").startswith(f"{PANIC}:")


def cancelled_by(event: Event) -> tuple[OrderKey, ...]:
    """The orders a panic asked to have cancelled."""
    if not isinstance(event, CancelRequested):
        return ()
    return event.keys if (event.command_id or "").startswith(CANCELLING) else ()


def card(seen: PanicPreview) -> str:
    """Everything a person should know before pressing."""
    return lines(
        [
            bold("Panic?"),
            "Trading stops. Every order is cancelled and every margin position is closed at the "
            "market. An admin lifts it with /resume.",
            *_closed(seen.closed_because),
            "",
            *_orders(seen),
            "",
            *_positions(seen.holdings),
            *_spot(seen.spot),
        ]
    )


def _closed(because: str | None) -> Lines:
    if because is None:
        return []
    said = f"{bold('The exchange is not ready')}: {esc(because.rstrip('.'))}."
    return ["", f"{said} Trading stops at once; the rest follows by itself."]


def _orders(seen: PanicPreview) -> Lines:
    if not seen.orders:
        return ["No open orders."]
    worth = " + ".join(money(amount, quote) for quote, amount in seen.worth)
    facts = [f"worth {worth}"] if worth else []
    facts += [f"{seen.unpriced} without a known price"] if seen.unpriced else []
    facts += [f"{seen.elsewhere} made elsewhere, ignored ones too"] if seen.elsewhere else []
    guarded = len(seen.brackets)
    facts += [f"{_many(guarded, 'bracket')} let go"] if guarded else []
    return [bold(f"Cancel {_many(seen.orders, 'open order')}"), " · ".join(facts)]


def _positions(holdings: Sequence[Holding]) -> Lines:
    if not holdings:
        return ["No open positions."]
    shown = [row for holding in holdings[:MOST_POSITIONS] for row in _position(holding)]
    return [
        bold(f"Close {_many(len(holdings), 'position')}"),
        *shown,
        *_rest(holdings, MOST_POSITIONS),
    ]


def _position(holding: Holding) -> Lines:
    held = holding.position
    way, quote = "long" if held.amount > 0 else "short", quote_of(held.symbol)
    facts = []
    if holding.price is not None:
        facts.append(money(abs(held.amount) * holding.price, quote))
    if holding.profit is not None:
        facts.append(f"P/L {bold(signed(holding.profit, quote))}")
    amount = f"{number(abs(held.amount))} {base_of(held.symbol)}"
    worth = " · ".join(facts) or f"entered at {_price(held.base_price)}"
    return [f"{code(held.symbol)} {way} {amount}", worth]


def _spot(spot: Sequence[Saleable] | None) -> Lines:
    if spot is None:
        return ["", "<i>What the exchange wallet could sell is not known now.</i>"]
    able = [one for one in spot if one.symbol is not None]
    left = [one for one in spot if one.symbol is None]
    if not able and not left:
        return []
    head = ["", bold("Sold only with “sell spot”")] if able else [""]
    shown = [f"{_amount(one)}{_worth(one)}" for one in able[:MOST_HOLDINGS]]
    dust = [f"<i>Left: {', '.join(_amount(one) for one in left[:MOST_HOLDINGS])}</i>"]
    return [*head, *shown, *_rest(able, MOST_HOLDINGS), *(dust if left else [])]


def _amount(one: Saleable) -> str:
    return money(one.amount, one.currency)


def _worth(one: Saleable) -> str:
    if one.worth is None or one.symbol is None:
        return ""
    return f" · {money(one.worth, quote_of(one.symbol))}"


def report(seen: PanicReport) -> str:
    """The legs and their states; while it runs, and when it has ended."""
    panic = seen.panic
    head = f"{bold('Panic')}, called by {esc(panic.name)}, {when(panic.at)}"
    pause = "" if panic.ended_at is None else " Trading stays paused until an admin's /resume."
    return lines([head, "", *outcome(seen, pause), *noted(seen.notes)])


def outcome(seen: PanicReport, more: str = "") -> Lines:
    """The legs, and what they come to; `more` goes on from there."""
    return [*legs(seen.legs), "", f"{_standing(seen)}{more}", *_kept(seen.panic.kept)]


def legs(all_legs: Sequence[PanicLeg]) -> Lines:
    """One line a leg; what is not done yet first where they are many."""
    shown = all_legs
    if len(all_legs) > MOST_LEGS:
        shown = sorted(all_legs, key=lambda leg: leg.state is LegState.DONE)[:MOST_LEGS]
    return [*map(leg_line, shown), *_rest(all_legs, MOST_LEGS)]


def leg_line(leg: PanicLeg) -> str:
    """`tBTCUSD: closed, 0.01 BTC at 29,990`."""
    name = "Orders" if leg.kind is LegKind.ORDERS else code(leg.name)
    return f"{name}: {_state(leg)}"


def _state(leg: PanicLeg) -> str:
    why = f": {esc(leg.words)}" if leg.words else ""
    match leg.state:
        case LegState.DONE:
            return _done(leg)
        case LegState.LEFT:
            return f"{bold('left')}{_what_is_left(leg)}{why}{_by_hand(leg)}"
        case LegState.HELD_UP:
            return f"{bold('held up')}{_what_is_left(leg)}{why}"
        case LegState.AT_WORK:
            return f"{_doing(leg)}{_what_is_left(leg)}{why}"
        case LegState.WAITING:
            return f"waiting{_what_is_left(leg)}{why}"


def _by_hand(leg: PanicLeg) -> str:
    return f". {bold('By hand')}: {esc(leg.by_hand)}." if leg.by_hand else ""


def _done(leg: PanicLeg) -> str:
    if leg.kind is LegKind.ORDERS:
        return f"{bold('all cancelled')} ({number(leg.done)})" if leg.done else "none were open"
    did = "sold" if leg.kind is LegKind.HOLDING else "closed"
    if not leg.done:
        return f"{bold(did if leg.kind is LegKind.HOLDING else 'flat')}{_words(leg)}"
    price = "" if leg.average is None else f" at {_price(leg.average)}"
    rest = f", {number(leg.left)} left{_words(leg)}" if leg.left else ""
    return f"{bold(did)}, {number(leg.done)} {_base(leg)}{price}{rest}"


def _words(leg: PanicLeg) -> str:
    return f": {esc(leg.words)}" if leg.words else ""


def _doing(leg: PanicLeg) -> str:
    if leg.kind is LegKind.ORDERS:
        return "being cancelled"
    return "selling" if leg.kind is LegKind.HOLDING else "closing"


def _what_is_left(leg: PanicLeg) -> str:
    if leg.kind is LegKind.ORDERS:
        return f", {_many(int(leg.left), 'order')}" if leg.left else ""
    return f", {number(abs(leg.left))} {_base(leg)}" if leg.left else ""


def _base(leg: PanicLeg) -> str:
    return base_of(leg.symbol) if leg.symbol is not None else leg.name


def _standing(seen: PanicReport) -> str:
    if seen.panic.ended_at is None:
        if seen.closed_because is None:
            return f"{bold('Running')}. Trading is paused."
        whom = "database" if "database" in seen.closed_because else "exchange"
        return (
            f"{bold(f'Waiting for the {whom}')}: {esc(seen.closed_because.rstrip('.'))}. "
            "Trading is paused; this goes on by itself."
        )
    if left := _left_over(seen.legs):
        return f"{bold(f'Over, {left} left')}: see above, and the exchange's own page."
    return bold(f"Over. {NOTHING_LEFT}")


def _kept(kept: Sequence[Kept]) -> Lines:
    """What the exchange wallet still holds, for nobody asked to sell it."""
    if not kept:
        return []
    amounts = [money(each.amount, each.currency) for each in kept[:MOST_HOLDINGS]]
    more = "".join(f" {each}" for each in _rest(kept, MOST_HOLDINGS))
    them = "them" if len(kept) > 1 else "it"
    return [f"{bold('Kept')}: {', '.join(amounts)}{more} (sell {them} from /panic)"]


def called(event: PanicCalled) -> str:
    """Somebody pressed it."""
    spot = ", and what the exchange wallet holds is sold" if event.spot else ""
    return (
        f"{bold('PANIC')} called by {esc(event.name)}: trading is paused, every order is "
        f"cancelled, every position closed{spot}."
    )


def leg_settled(event: PanicLegSettled) -> str:
    """One leg is over."""
    return f"{bold('Panic')} · {leg_line(event.leg)}"


def held_up(event: PanicHeldUp) -> str:
    """It goes on, but not now."""
    head = f"{bold('The panic is held up')}: {esc(event.reason.rstrip('.'))}. It goes on by itself."
    return lines([head, *legs(event.legs)])


def ended(event: PanicEnded) -> str:
    """The final report."""
    left = _left_over(event.legs)
    head = f"The panic has ended, {left} left" if left else f"The panic is over. {NOTHING_LEFT}"
    stays = "Trading stays paused; /resume lifts it."
    return lines([bold(head), *legs(event.legs), *_kept(event.kept), stays])


def _left_over(all_legs: Sequence[PanicLeg]) -> str:
    """How many were given up, in words; empty where none was."""
    count = sum(leg.is_left_over for leg in all_legs)
    return _many(count, "leg") if count else ""


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count != 1 else ''}"


def _rest(items: Sequence[object], most: int) -> Iterable[str]:
    return [f"and {len(items) - most} more"] if len(items) > most else []


def _price(price: Decimal) -> str:
    return number(round_price(price))
