"""What to do next in a panic: one pure function of how things stand, asked again and again.

Nothing is remembered from one step to the next but what the journal holds, so a step that was
lost, repeated or overtaken is put right by the ones after it. Two rules outweigh everything else:
what is sent can only make an exposure smaller, and for one position there is never more than one
order at work; one of unknown fate counts as at work until the exchange has told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.model.account import Wallet
from engine.model.ids import OrderKey
from engine.model.money import cut_amount
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.panic import LegKind, LegState, PanicLeg
from engine.model.symbol import Symbol
from engine.panic.legs import is_stubborn, legs, saleable
from engine.panic.situation import Situation, Stake

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
ASK_PAUSES = (2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
TELL_AFTER = (10.0, 60.0, 300.0, 900.0, 3600.0)
FRESH_SECONDS = 1.0
"""Before an unanswered order is asked to be cancelled: it cannot be, until it has arrived."""

STALE_SECONDS = 5.0
"""After which a market order that does not trade is taken back."""

CANCELLING = "cancelling"


@dataclass(frozen=True, slots=True)
class Pause:
    """Trading is not paused any more, and must be."""


@dataclass(frozen=True, slots=True)
class Release:
    """Brackets are still guarded, which places orders."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Ask the exchange to cancel these."""

    keys: tuple[OrderKey, ...]


@dataclass(frozen=True, slots=True)
class Send:
    """Send an order that empties a stake, in part or whole."""

    stake: Stake
    terms: OrderTerms


@dataclass(frozen=True, slots=True)
class Settle:
    """A leg is over, or is over in another way than was told."""

    leg: PanicLeg


@dataclass(frozen=True, slots=True)
class Tell:
    """It has been held up for so long that somebody should hear of it again."""

    reason: str
    legs: tuple[PanicLeg, ...]


@dataclass(frozen=True, slots=True)
class End:
    """Nothing is left to be done."""

    legs: tuple[PanicLeg, ...]


Step = Pause | Release | Cancel | Send | Settle | Tell | End


def plan(now: Situation) -> tuple[Step, ...]:
    """All steps that are due; none when there is something to wait for."""
    standing = legs(now)
    steps = (*_first(now), *_cancels(now), *_stakes(now, standing), *_settled(now, standing))
    if steps:
        return steps
    if _is_over(now, standing):
        return (End(standing),)
    return tuple(_tell(now, standing))


def _first(now: Situation) -> Iterator[Step]:
    if not now.paused:
        yield Pause()
    if now.brackets:
        yield Release()


def _cancels(now: Situation) -> Iterator[Cancel]:
    if CANCELLING in now.busy:
        return
    stale = (order for stake in now.stakes if (order := _stale(now, stake)) is not None)
    due = tuple(order.key for order in (*now.orders, *stale) if _is_due(now, order))
    if due:
        yield Cancel(due)


def _stale(now: Situation, stake: Stake) -> Order | None:
    order = stake.at_work
    if order is None or order.status is OrderStatus.PENDING:
        return None
    return order if _past(now, order.updated_at, STALE_SECONDS) else None


def _is_due(now: Situation, order: Order) -> bool:
    asked = now.asked.get(order.key)
    if asked is not None:
        pause = ASK_PAUSES[min(asked.times, len(ASK_PAUSES)) - 1]
        return not is_stubborn(now, order) and _past(now, asked.at, pause)
    fresh = order.status is OrderStatus.PENDING and now.closed is None
    return not fresh or _past(now, order.created_at, FRESH_SECONDS)


def _stakes(now: Situation, standing: tuple[PanicLeg, ...]) -> Iterator[Send]:
    if now.closed is not None or _is_before_cancels(now):
        return
    for stake, leg in zip(now.stakes, standing[1:], strict=True):
        wanted = leg.state is LegState.HELD_UP or (leg.state is LegState.WAITING and not leg.words)
        if wanted and stake.name not in now.busy and _is_ripe(now, stake):
            yield Send(stake, closing_terms(stake))


def _is_before_cancels(now: Situation) -> bool:
    """Whether orders are open that nobody has asked the exchange to cancel yet."""
    return any(
        order.key not in now.asked
        for order in now.orders
        if order.status is not OrderStatus.PENDING
    )


def _is_ripe(now: Situation, stake: Stake) -> bool:
    ripe = True
    if stake.failures:
        pause = PAUSES[min(len(stake.failures), len(PAUSES)) - 1]
        ripe = _past(now, stake.failures[0].updated_at, pause)
    if stake.trouble is not None:
        pause = PAUSES[min(stake.trouble.times, len(PAUSES)) - 1]
        ripe = ripe and _past(now, stake.trouble.at, pause)
    return ripe


def closing_terms(stake: Stake) -> OrderTerms:
    """The order that empties a stake, in part or whole."""
    symbol = stake.symbol or Symbol("")
    if stake.kind is LegKind.HOLDING:
        return OrderTerms(
            symbol=symbol, side=Side.SELL, amount=saleable(stake), type=OrderType.MARKET
        )
    held = cut_amount(abs(stake.held))
    small = stake.pair is not None and held < stake.pair.min_size
    # what is refused one way is tried the other: sizes we know may not be the exchange's
    close = small != bool((stake.refusals + stake.forbidden) % 2)
    return OrderTerms(
        symbol=symbol,
        side=Side.SELL if stake.held > 0 else Side.BUY,
        amount=held if stake.pair is None else min(held, stake.pair.max_size),
        type=OrderType.MARKET,
        wallet=Wallet.MARGIN,
        close=close,
        reduce_only=not close,
    )


def _settled(now: Situation, standing: tuple[PanicLeg, ...]) -> Iterator[Settle]:
    for leg in standing:
        if leg.state.is_settled and leg != now.panic.leg(leg.kind, leg.name):
            yield Settle(leg)


def _is_over(now: Situation, standing: tuple[PanicLeg, ...]) -> bool:
    quiet = now.closed is None and not (now.busy or now.leaving or now.unseen)
    return quiet and all(leg.state.is_settled for leg in standing)


def _tell(now: Situation, standing: tuple[PanicLeg, ...]) -> Iterator[Tell]:
    left = tuple(leg for leg in standing if not leg.state.is_settled)
    reason = now.closed or next((leg.words for leg in left if leg.words), "")
    since = now.told_at or now.panic.at
    if reason and _past(now, since, TELL_AFTER[min(now.tells, len(TELL_AFTER) - 1)]):
        yield Tell(reason, left)


def _past(now: Situation, since: datetime, seconds: float) -> bool:
    return now.now - since >= timedelta(seconds=seconds)
