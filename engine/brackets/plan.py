"""What to do next for a bracket: one pure function of how things stand, asked again and again.

Nothing is remembered from one step to the next but what the journal holds, so a step that was
lost, repeated or overtaken by the market is put right by the one after it. Two rules outweigh
everything else: while the fate of an exit is unknown no other is sent, and a new exit goes out
only when the one before it is certainly dead. What is held grows by amending the exits where they
stand, so that a stop works at every moment; only exits that will not be changed are replaced.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.brackets.placement import Ending, Placement
from engine.brackets.situation import Situation
from engine.model.bracket import BracketStatus, Fallback
from engine.model.ids import OrderKey
from engine.model.money import plain
from engine.model.order import Order, OrderStatus, OrderType
from engine.model.symbol import base_of

RETRY_SECONDS = (0.0, 1.0, 2.0, 4.0)
SLOW_SECONDS = 60.0
FEE_SECONDS = 0.5
GATHER_SECONDS = 0.25
SETTLE_SECONDS = 2.0

ANSWER_OWED = "the exchange has not said yet what became of an exit"
EXIT_LOST = (
    "the fate of an exit order is unknown, so no other is sent that might trade twice; "
    "look at the exchange's own page"
)
REFUSED = "exits were refused"
CLOSING_REFUSED = "exits were refused, and so was closing"
BY_HAND = "exits were cancelled by hand"
WHILE_AWAY = "exits were cancelled while the link was down, by hand or by a dead-man switch"
ENTRY_STILL_OPEN = "; the entry still works, and what it fills is not guarded"
POSITION_GONE = "the position was closed elsewhere"
NOTHING_FILLED = "the entry ended before anything was filled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Somebody owes an answer."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Send exits for `size`, or a market order; `after` so many seconds of unchanged need."""

    size: Decimal
    at_market: bool = False
    closing: bool = False
    after: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend:
    """Change exits where they stand to these whole sizes, what is filled included."""

    sizes: tuple[tuple[OrderKey, Decimal], ...]
    after: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Have these orders cancelled."""

    keys: tuple[OrderKey, ...]
    after: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recede:
    """Have exits reach no further than what is `left` of the position, of all that is `held`.

    Somebody else has closed some of it. An exit for more than there is guards nothing: the
    exchange turns it away when it is needed (facts sheet 4.4).
    """

    left: Decimal
    held: Decimal
    after: float = SETTLE_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Expose:
    """Tell that something is held which cannot be guarded."""

    reason: str
    after: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Nothing is left to guard, or nobody wants it guarded, which is told `loudly`."""

    reason: str
    after: float = 0.0
    loudly: bool = False


Action = Wait | Place | Amend | Withdraw | Recede | Expose | Close


def plan(now: Situation) -> Action | None:
    """The next step; None when everything is as it should be."""
    if any(leg.status is OrderStatus.PENDING for leg in now.exits):
        return Wait(reason=ANSWER_OWED)
    if any(placement.has(Ending.UNKNOWN) for placement in now.placements):
        return _expose_once(now, EXIT_LOST) or Wait(reason=EXIT_LOST)
    at_work = [placement for placement in now.placements if placement.alive]
    if len(at_work) > 1:
        return _withdraw(leg for placement in at_work for leg in placement.alive)
    return _tend(now, at_work[0]) if at_work else _begin(now)


def _tend(now: Situation, exits: Placement) -> Action | None:
    """Exits are at work: are they the right ones?"""
    alive, held = exits.alive, now.held
    taken_back = [leg for leg in alive if leg.key in now.bracket.withdrawn]
    if taken_back or (now.closing and not _at_market(exits)):
        return _withdraw(alive)
    if _at_market(exits):
        return Wait(reason=ANSWER_OWED)
    if held and (dropped := _dropped(now, [exits])):
        return _left_alone(now, f"{dropped}; the other is left at work as it is")
    if not held or held < now.min_size:
        return _tend_little(exits, held) or _recede(now, exits)
    if exits.lost_its_stop and now.prices[0] is not None:
        return _withdraw(alive)
    return _resize(now, exits) or _recede(now, exits)


def _tend_little(exits: Placement, held: Decimal) -> Action | None:
    """Less is held than an order may be: what is at work may stay, if it is not too much."""
    if all(leg.remaining <= held for leg in exits.alive):
        return None
    # the end of an OCO's other leg is told a moment after the trade that brought it about
    return _withdraw(exits.alive, SETTLE_SECONDS if exits.filled else 0.0)


def _recede(now: Situation, exits: Placement) -> Action | None:
    """Of several brackets on a symbol each may reach as far as the position they share.

    A position is told a moment after the trades that made it: only what stays as it is counts.
    """
    if not now.on_margin or now.bounded or all(leg.remaining <= now.left for leg in exits.alive):
        return None
    return Recede(left=now.left, held=now.held)


def _resize(now: Situation, exits: Placement) -> Action | None:
    wrong = [leg for leg in exits.alive if leg.remaining != now.held]
    if not wrong:
        return None
    after = FEE_SECONDS if _fee_owed(now) else GATHER_SECONDS
    if any(leg.key in now.stubborn for leg in exits.alive):
        return _withdraw(exits.alive, after)
    if any(leg.key in now.owing for leg in exits.alive):
        # sizes are told as differences: two on their way would add up
        return Wait(reason=ANSWER_OWED)
    # stops first: they are what must never be too small
    wrong.sort(key=lambda leg: leg.terms.type is not OrderType.STOP)
    return Amend(sizes=tuple((leg.key, leg.filled + now.held) for leg in wrong), after=after)


def _begin(now: Situation) -> Action | None:
    """Nothing is at work: should something be?"""
    held = now.held
    if held and (dropped := _dropped(now, now.placements)):
        return _left_alone(now, dropped)
    if not held or held < now.min_size:
        return _too_little(now, held)
    return _place(now, held)


def _dropped(now: Situation, placements: Sequence[Placement]) -> str | None:
    """In which way somebody else has ended exits; what a dead-man switch ends is sent anew."""
    if any(placement.has(Ending.BY_HAND) for placement in placements):
        return BY_HAND
    away = any(placement.has(Ending.WHILE_AWAY) for placement in placements)
    return WHILE_AWAY if away and not now.dead_man else None


def _too_little(now: Situation, held: Decimal) -> Action | None:
    if now.entry_open:
        # what closes must not be filled any further
        return _withdraw([now.entry]) if now.closing and now.entry.status.is_open else None
    if not held:
        # how far a bounded one reaches is told a moment after the fill that made it
        unsure = now.bounded or _position_gone(now)
        return Close(reason=_end_of(now), after=SETTLE_SECONDS if unsure else 0.0)
    base = base_of(now.entry.terms.symbol)
    dust = f"{plain(held)} {base}, less than the exchange's minimum of {plain(now.min_size)} {base}"
    if now.exited:
        # a fee that is smaller than reckoned leaves more than dust
        after = SETTLE_SECONDS if _fee_owed(now) or now.bounded else 0.0
        return Close(reason=f"exits are filled; left over is {dust}", after=after)
    return _expose_once(now, f"{dust}, was filled and cannot be guarded")


def _place(now: Situation, held: Decimal) -> Action | None:
    refusals, tries = now.refusals, len(RETRY_SECONDS)
    closes = now.bracket.terms.fallback is Fallback.CLOSE
    told = now.bracket.reason
    if refusals >= tries and not (told.startswith(REFUSED) or now.closing):
        return Expose(reason=f"{REFUSED}: {_last_words(now)}")
    if refusals >= 2 * tries and now.closing and not told.startswith(CLOSING_REFUSED):
        return Expose(reason=f"{CLOSING_REFUSED}: {_last_words(now)}")
    closing = now.closing or (closes and refusals >= tries)
    patient = refusals >= (2 * tries if closes else tries)
    return Place(
        size=held,
        at_market=closing or now.breached,
        closing=closing,
        after=_pause(now, SLOW_SECONDS if patient else RETRY_SECONDS[refusals % tries]),
    )


def _pause(now: Situation, seconds: float) -> float:
    return max(seconds, FEE_SECONDS) if _fee_owed(now) else seconds


def _fee_owed(now: Situation) -> bool:
    """A fee is told moments after its trade, and says exactly how much there is to guard."""
    return bool(now.unsettled) and not now.on_margin


def _left_alone(now: Situation, reason: str) -> Close:
    """Told with a second look: a trade that ended the exit may be told after its end."""
    gone = now.on_margin and now.position * now.entry.terms.side.sign <= 0
    still = ENTRY_STILL_OPEN if now.entry_open else ""
    return Close(
        reason=(POSITION_GONE if gone else reason) + still,
        after=SETTLE_SECONDS,
        loudly=not gone or now.entry_open,
    )


def _end_of(now: Situation) -> str:
    if not now.traded:
        return NOTHING_FILLED
    if _position_gone(now):
        return POSITION_GONE
    last = next((leg for leg in reversed(now.exits) if leg.filled), None)
    names = {OrderType.LIMIT: "take profit is filled", OrderType.STOP: "stop loss is filled"}
    return names.get(last.terms.type, "closed at the market") if last else "nothing is held"


def _position_gone(now: Situation) -> bool:
    if not now.placements:
        return False
    last = now.placements[-1]
    closed_elsewhere = now.bracket.bounded and now.traded > now.exited
    return last.has(Ending.POSITION_GONE) or (closed_elsewhere and not last.has(Ending.FILLED))


def _expose_once(now: Situation, reason: str) -> Expose | None:
    told = now.bracket.status is BracketStatus.EXPOSED and now.bracket.reason == reason
    return None if told else Expose(reason=reason)


def _last_words(now: Situation) -> str:
    return now.placements[-1].words


def _at_market(exits: Placement) -> bool:
    return exits.legs[0].terms.type is OrderType.MARKET


def _withdraw(orders: Iterable[Order], after: float = 0.0) -> Withdraw:
    return Withdraw(keys=tuple(order.key for order in orders), after=after)
