"""An order as the exchange keeps it."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntFlag
from typing import NamedTuple

ZERO = Decimal(0)
EXCHANGE_PREFIX = "EXCHANGE "
KINDS = ("LIMIT", "MARKET", "STOP", "STOP LIMIT", "TRAILING STOP", "FOK", "IOC")
TYPES = frozenset(KINDS) | {EXCHANGE_PREFIX + kind for kind in KINDS}
ACTIVE = "ACTIVE"


class Flag(IntFlag):
    """Order flags (sheet, 4.3)."""

    HIDDEN = 64
    CLOSE = 512
    REDUCE_ONLY = 1024
    POST_ONLY = 4096
    OCO = 16384
    NO_VAR_RATES = 524288


class Execution(NamedTuple):
    """One fill: price and signed amount."""

    price: Decimal
    amount: Decimal


@dataclass(slots=True, kw_only=True)
class Order:
    """One order; `amount` is what remains, both amounts are signed, times are ms."""

    id: int
    cid: int
    symbol: str
    kind: str
    amount: Decimal
    amount_orig: Decimal
    created: int
    updated: int
    gid: int | None = None
    kind_prev: str | None = None
    tif: int | None = None
    flags: int = 0
    status: str = ACTIVE
    price: Decimal = ZERO
    price_avg: Decimal = ZERO
    price_trailing: Decimal = ZERO
    price_aux_limit: Decimal = ZERO
    placed_id: int | None = None
    sibling: int | None = None
    routing: str = "API>BFX"
    meta: dict[str, int | str] = field(default_factory=dict)
    fills: list[Execution] = field(default_factory=list)
    open: bool = True

    @property
    def buys(self) -> bool:
        return self.amount_orig > 0

    @property
    def sign(self) -> int:
        return 1 if self.amount_orig > 0 else -1

    @property
    def remaining(self) -> Decimal:
        return abs(self.amount)

    @property
    def on_margin(self) -> bool:
        return not self.kind.startswith(EXCHANGE_PREFIX)

    @property
    def bare_kind(self) -> str:
        return self.kind.removeprefix(EXCHANGE_PREFIX)

    @property
    def hidden(self) -> bool:
        return bool(self.flags & Flag.HIDDEN)

    @property
    def reduces(self) -> bool:
        return bool(self.flags & (Flag.REDUCE_ONLY | Flag.CLOSE))

    @property
    def waits_for_trigger(self) -> bool:
        return self.bare_kind in ("STOP", "STOP LIMIT", "TRAILING STOP")

    @property
    def in_book(self) -> bool:
        return self.open and self.bare_kind == "LIMIT"

    def become(self, kind: str) -> None:
        """Change the type, keeping wallet and the former type."""
        self.kind_prev = self.kind
        self.kind = (EXCHANGE_PREFIX if not self.on_margin else "") + kind


@dataclass(slots=True, kw_only=True)
class Trade:
    """One fill of one order, as its owner sees it; `fee` is not positive."""

    id: int
    symbol: str
    mts: int
    order_id: int
    amount: Decimal
    price: Decimal
    kind: str
    order_price: Decimal
    maker: bool
    fee: Decimal
    fee_currency: str
    cid: int
