"""Exit orders as they were sent, one or an OCO's two at a time, and how each leg ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from engine.looks import AWAY
from engine.model.bracket import Bracket
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus, OrderType


class Ending(StrEnum):
    """What became of a leg."""

    UNKNOWN = "unknown"
    FORGIVEN = "taken for dead"
    AT_WORK = "at work"
    FILLED = "filled"
    WITH_ITS_PARTNER = "with its partner"
    WITHDRAWN = "withdrawn by us"
    BY_HAND = "cancelled by hand"
    WHILE_AWAY = "cancelled while the link was down"
    POSITION_GONE = "its position was gone"
    REFUSED = "refused"


_PLAINLY_CANCELLED = "CANCEL"
_NO_POSITION = "RSN_POS"


def ending(leg: Order, partner: Order | None, bracket: Bracket) -> Ending:
    """How a leg ended; a cancellation's cause is read from its status text (facts sheet 4.4)."""
    match leg.status:
        case OrderStatus.PENDING:
            return Ending.UNKNOWN
        case OrderStatus.LOST:
            return Ending.FORGIVEN if leg.key in bracket.forgiven else Ending.UNKNOWN
        case OrderStatus.WORKING | OrderStatus.PARTLY_FILLED:
            return Ending.AT_WORK
        case OrderStatus.FILLED:
            return Ending.FILLED
        case OrderStatus.REJECTED:
            return Ending.REFUSED
        case OrderStatus.CANCELLED:
            return _cancellation(leg, partner, bracket)


def _cancellation(leg: Order, partner: Order | None, bracket: Bracket) -> Ending:
    if partner is not None and partner.filled:
        return Ending.WITH_ITS_PARTNER
    if leg.key in bracket.withdrawn:
        return Ending.WITHDRAWN
    if leg.reason.startswith(_NO_POSITION):
        return Ending.POSITION_GONE
    if not _is_plain(leg):
        return Ending.REFUSED
    if partner is not None and _was_turned_away(partner):
        return Ending.WITH_ITS_PARTNER
    return Ending.WHILE_AWAY if leg.reason.endswith(AWAY) else Ending.BY_HAND


def _was_turned_away(partner: Order) -> bool:
    """What the exchange would not have takes the other leg along."""
    ended = partner.status is OrderStatus.CANCELLED and not _is_plain(partner)
    return ended or partner.status is OrderStatus.REJECTED


def _is_plain(leg: Order) -> bool:
    """Cancelled without a cause that would be the exchange's own."""
    return leg.reason.upper().startswith(_PLAINLY_CANCELLED)


@dataclass(frozen=True, slots=True)
class Placement:
    """The legs that were sent in one frame, and their endings, in the same order."""

    legs: tuple[Order, ...]
    endings: tuple[Ending, ...]

    @property
    def alive(self) -> tuple[Order, ...]:
        """Legs that may still trade."""
        return self._ended(Ending.AT_WORK)

    @property
    def filled(self) -> Decimal:
        """Base units that the legs together have traded."""
        return sum((leg.filled for leg in self.legs), Decimal(0))

    @property
    def refused(self) -> bool:
        """Whether it did nothing, because the exchange would not have it."""
        turned_away = {Ending.REFUSED, Ending.POSITION_GONE}
        return not self.filled and not self.alive and bool(turned_away & set(self.endings))

    @property
    def words(self) -> str:
        """Why it was refused."""
        return next((leg.reason for leg in self.legs if leg.reason), "no reason was given")

    @property
    def lost_its_stop(self) -> bool:
        """Whether only the take profit is left: a trade of it, say, has ended the stop."""
        stops = [leg for leg in self.legs if leg.terms.type is OrderType.STOP]
        return bool(stops) and not any(leg in self.alive for leg in stops)

    def has(self, kind: Ending) -> bool:
        """Whether a leg ended so."""
        return kind in self.endings

    def _ended(self, kind: Ending) -> tuple[Order, ...]:
        return tuple(leg for leg, how in zip(self.legs, self.endings, strict=True) if how is kind)


def placements(exits: Sequence[Order], bracket: Bracket) -> tuple[Placement, ...]:
    """Exits, oldest first, put together as they were sent."""
    by_key = {leg.key: leg for leg in exits}
    groups: dict[OrderKey, list[Order]] = {}
    for leg in exits:
        groups.setdefault(_first_of(leg, by_key), []).append(leg)
    return tuple(_placement(legs, by_key, bracket) for legs in groups.values())


def _first_of(leg: Order, by_key: Mapping[OrderKey, Order]) -> OrderKey:
    together = {leg.key, leg.partner} if leg.partner in by_key else {leg.key}
    return min(key for key in together if key is not None)


def _placement(
    legs: Sequence[Order], by_key: Mapping[OrderKey, Order], bracket: Bracket
) -> Placement:
    ends = (
        ending(leg, by_key.get(leg.partner) if leg.partner is not None else None, bracket)
        for leg in legs
    )
    return Placement(tuple(legs), tuple(ends))
