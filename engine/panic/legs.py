"""How far each leg of a panic has come; pure."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from engine.model.money import cut_amount, plain
from engine.model.order import Order, OrderStatus
from engine.model.panic import LegKind, LegState, PanicLeg
from engine.model.symbol import base_of
from engine.panic.situation import Situation, Stake

MOST_REFUSALS = 10
"""After so many in a row, spread over minutes, it is left to a person: the exchange's, or those of
our own rules. What cannot be sent because nobody answers is tried for ever."""

UNANSWERED = "the exchange has not answered yet"
UNTOLD = "the exchange has not said yet what is left"
ORDERS_FIRST = "its open orders are cancelled first"
NOT_KNOWN = "what is free of it is not known yet"
NO_PAIRS = "the exchange does not say in which pairs it trades"
NO_PAIR = "it trades in no pair for dollars"
DUST = "less than an order may be"
NO_SUCH_POSITION = "the exchange knows no such position"
NOT_CANCELLED = "the exchange will not cancel"
NOT_CLOSED = "the order that closes it does not trade, and the exchange will not cancel it"
BY_HAND = {
    LegKind.ORDERS: "cancel them on the exchange's own page",
    LegKind.POSITION: "close it on the exchange's own page",
    LegKind.HOLDING: "sell it on the exchange's own page, if it is not to be kept",
}

_NOTHING = Decimal(0)


def legs(now: Situation) -> tuple[PanicLeg, ...]:
    """Every leg as it stands, orders first."""
    return (orders_leg(now), *(stake_leg(now, stake) for stake in now.stakes))


def orders_leg(now: Situation) -> PanicLeg:
    """All that was open when the panic was called, or turned up since."""
    before = now.panic.leg(LegKind.ORDERS, "")
    left = len(now.orders)
    leg = PanicLeg(
        kind=LegKind.ORDERS,
        state=LegState.WAITING,
        done=max(Decimal(now.panic.orders), before.done if before else _NOTHING, Decimal(left)),
        left=Decimal(left),
    )
    if not left:
        done = now.closed is None or before is not None
        return replace(leg, state=LegState.DONE) if done else _waiting(leg, now.closed or "")
    if all(is_stubborn(now, order) for order in now.orders):
        return _given_up(leg, NOT_CANCELLED)
    return _waiting(leg, now.closed) if now.closed else replace(leg, state=LegState.AT_WORK)


def is_stubborn(now: Situation, order: Order) -> bool:
    """Whether the exchange has refused to cancel it too often."""
    asked = now.asked.get(order.key)
    return asked is not None and asked.refused >= MOST_REFUSALS


def stake_leg(now: Situation, stake: Stake) -> PanicLeg:
    """A position or a holding."""
    leg = PanicLeg(
        kind=stake.kind,
        name=stake.name,
        state=LegState.WAITING,
        done=stake.traded,
        left=stake.held,
        average=stake.average,
        symbol=stake.symbol,
    )
    before = now.panic.leg(stake.kind, stake.name)
    if before is not None and before.left == stake.held and stake.at_work is None:
        return before
    if (order := stake.at_work) is not None:
        if is_stubborn(now, order):
            return _given_up(leg, NOT_CLOSED)
        words = UNANSWERED if order.status is OrderStatus.PENDING else ""
        return replace(leg, state=LegState.AT_WORK, words=words)
    if now.closed is not None:
        return _waiting(leg, now.closed)
    if stake.name in now.busy:  # what is on its way counts as spent before it is known to be sent
        return replace(leg, state=LegState.AT_WORK)
    if stake.untold > 0:
        return replace(leg, state=LegState.AT_WORK, words=UNTOLD)
    return _position(leg, stake) if stake.kind is LegKind.POSITION else _holding(leg, now, stake)


def saleable(stake: Stake) -> Decimal:
    """What one order may take of a holding."""
    free = cut_amount(stake.free or _NOTHING)
    return free if stake.pair is None else min(free, stake.pair.max_size)


def _position(leg: PanicLeg, stake: Stake) -> PanicLeg:
    if not stake.held:
        return replace(leg, state=LegState.DONE)
    if stake.is_gone:
        return replace(leg, state=LegState.DONE, words=NO_SUCH_POSITION)
    if not cut_amount(abs(stake.held)):
        return replace(leg, state=LegState.LEFT, words=DUST)
    return _tried(leg, stake)


def _holding(leg: PanicLeg, now: Situation, stake: Stake) -> PanicLeg:
    if stake.held <= 0:
        return replace(leg, state=LegState.DONE, left=_NOTHING)
    if not now.pairs_known:
        return _waiting(leg, NO_PAIRS)
    if stake.symbol is None or stake.pair is None:
        return replace(leg, state=LegState.LEFT, words=NO_PAIR)
    if _is_tied_up(now, stake):
        return _waiting(leg, ORDERS_FIRST)
    if stake.free is None:
        return _waiting(leg, NOT_KNOWN)
    if saleable(stake) < stake.pair.min_size:
        state = LegState.DONE if stake.traded else LegState.LEFT
        return replace(leg, state=state, words=f"{DUST} ({plain(stake.pair.min_size)} {leg.name})")
    return _tried(leg, stake)


def _is_tied_up(now: Situation, stake: Stake) -> bool:
    return any(
        base_of(order.terms.symbol) == stake.name and not is_stubborn(now, order)
        for order in now.orders
    )


def _tried(leg: PanicLeg, stake: Stake) -> PanicLeg:
    """Not done yet, and with what success so far."""
    trouble = stake.trouble
    if stake.refusals >= MOST_REFUSALS:
        return _given_up(leg, _refused(stake.failures))
    if trouble is not None and stake.forbidden >= MOST_REFUSALS:
        return _given_up(leg, _times(trouble.words, stake.forbidden))
    if stake.failures:
        return replace(leg, state=LegState.HELD_UP, words=_refused(stake.failures))
    if trouble is not None:
        return replace(leg, state=LegState.HELD_UP, words=trouble.words)
    return leg


def _refused(failures: Sequence[Order]) -> str:
    return _times(failures[0].reason.strip() or failures[0].status.value, len(failures))


def _times(words: str, tries: int) -> str:
    return f"{words.rstrip('.')}{f'; tried {tries} times' if tries > 1 else ''}"


def _given_up(leg: PanicLeg, words: str) -> PanicLeg:
    """It is a person's now, so that the panic can end and trading be resumed."""
    return replace(leg, state=LegState.LEFT, words=words, by_hand=BY_HAND[leg.kind])


def _waiting(leg: PanicLeg, words: str) -> PanicLeg:
    return replace(leg, state=LegState.WAITING, words=words)
