"""All that a panic's next steps depend on, gathered, so that the steps are a pure function."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from engine.model.ids import OrderKey
from engine.model.market import Pair
from engine.model.order import Order, OrderStatus
from engine.model.panic import LegKind, Panic
from engine.model.symbol import Symbol

NOTHING_SENT = "nothing was sent"
NO_POSITION = "RSN_POS_NOTFOUND"
_NOTHING = Decimal(0)


class Asked(NamedTuple):
    """How often the exchange was asked to cancel an order, how often it would not, and when."""

    times: int
    refused: int
    at: datetime


class Trouble(NamedTuple):
    """How often in a row we ourselves could not send an order, when last, and why.

    `refused` is how often our own rules would not have it, with just `held` to empty, for a reason
    that does not pass by itself.
    """

    times: int
    at: datetime
    words: str
    refused: int
    held: Decimal


@dataclass(frozen=True, kw_only=True)
class Stake:
    """One thing to empty: a position or a currency of the exchange wallet.

    `held` is signed, in base units; of a holding `free` is what can be sold now, None while that
    is not known. `orders` are those the panic has sent for it, oldest first; `untold` is what they
    traded that the account does not show yet. `symbol` is None where it cannot be sold.
    """

    kind: LegKind
    name: str
    symbol: Symbol | None
    held: Decimal
    free: Decimal | None = None
    pair: Pair | None = None
    orders: tuple[Order, ...] = ()
    untold: Decimal = _NOTHING
    trouble: Trouble | None = None

    @property
    def at_work(self) -> Order | None:
        """The order that may still trade; no other is sent beside it."""
        return next((order for order in self.orders if order.status.is_open), None)

    @property
    def traded(self) -> Decimal:
        """Base units that went out."""
        return sum((order.filled for order in self.orders), _NOTHING)

    @property
    def average(self) -> Decimal | None:
        """The price they went at."""
        filled = [o for o in self.orders if o.filled and o.average is not None]
        amount = sum((o.filled for o in filled), _NOTHING)
        worth = sum((o.filled * (o.average or _NOTHING) for o in filled), _NOTHING)
        return worth / amount if amount else None

    @cached_property
    def failures(self) -> tuple[Order, ...]:
        """Orders in a row, newest first, that came to nothing."""
        failed: list[Order] = []
        for order in reversed(self.orders):
            if order.filled or order.status.is_open or order.status is OrderStatus.FILLED:
                break
            failed.append(order)
        return tuple(failed)

    @property
    def refusals(self) -> int:
        """How many of those the exchange itself would not have."""
        return sum(not order.reason.startswith(NOTHING_SENT) for order in self.failures)

    @property
    def forbidden(self) -> int:
        """How often in a row our own rules would not have it, as things stand."""
        trouble = self.trouble
        return trouble.refused if trouble is not None and trouble.held == self.held else 0

    @property
    def is_gone(self) -> bool:
        """Whether the exchange has said twice that there is no such position."""
        newest = self.failures[:2]
        return len(newest) > 1 and all(NO_POSITION in order.reason for order in newest)


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A panic and what is left to do.

    `closed` is why no order can be sent; `orders` are open and not the panic's own, `leaving` how
    many are being journalled; `unseen` is whether trades may have made positions that are not
    told yet; `busy` are steps under way, by name; `told_at` is when it was last told that it is
    held up, `tells` how often.
    """

    panic: Panic
    now: datetime
    closed: str | None = None
    paused: bool = True
    brackets: int = 0
    orders: tuple[Order, ...] = ()
    leaving: int = 0
    unseen: bool = False
    asked: Mapping[OrderKey, Asked] = field(default_factory=dict)
    stakes: tuple[Stake, ...] = ()
    pairs_known: bool = True
    busy: frozenset[str] = frozenset()
    told_at: datetime | None = None
    tells: int = 0
