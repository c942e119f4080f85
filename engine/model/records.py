"""What the exchange keeps on record of an account, beyond what the book needs (facts sheet 3)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.symbol import Symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which part of a record: from `start` to `end`, both included, the newest `limit` of it."""

    start: datetime | None = None
    end: datetime | None = None
    limit: int = 100


EVERYTHING_RECENT = Span()


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletRecord:
    """One currency in one wallet, and what moved it last."""

    wallet: Wallet
    currency: str
    total: Decimal
    available: Decimal | None
    unsettled_interest: Decimal
    last_change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One change of a wallet: `amount` signed, `balance` what it left; `wallet` as it is named.

    `moved` is whether it was neither won nor lost: a deposit, a withdrawal, their fees, a transfer.
    """

    entry_id: int
    currency: str
    wallet: str
    at: datetime
    amount: Decimal
    balance: Decimal
    description: str
    moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionRecord:
    """A position now or in the past: `amount` in base units, negative when short.

    What the exchange leaves out of a row is None; profit and its kin are only told of open ones.
    """

    position_id: int | None
    symbol: Symbol
    active: bool
    amount: Decimal
    base_price: Decimal | None
    funding: Decimal | None = None
    profit: Decimal | None = None
    profit_percent: Decimal | None = None
    liquidation_price: Decimal | None = None
    leverage: Decimal | None = None
    opened_at: datetime | None = None
    updated_at: datetime | None = None
    derivative: bool = False
    collateral: Decimal | None = None
    least_collateral: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginBase:
    """The margin wallet as a whole, in US dollars; `required` is not told in old rows."""

    profit: Decimal
    interest: Decimal
    balance: Decimal
    net: Decimal
    required: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginRoom:
    """What may be traded on margin in one symbol; `buy` and `sell` in base units."""

    symbol: Symbol
    tradable: Decimal | None
    gross: Decimal | None
    buy: Decimal | None
    sell: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountInfo:
    """Whose account it is."""

    user_id: int
    email: str
    username: str
    created_at: datetime | None
    verified: bool
    verification_level: int | None
    time_zone: str
    locale: str
    company: str
    email_verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """What a key may do in one scope: `orders`, `wallets`, `withdraw` and so on."""

    scope: str
    read: bool
    write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSummary:
    """Rates of the account: 0.001 is 0.1 %, a negative one is a rebate."""

    maker: Decimal
    taker: Decimal
    derivative_maker: Decimal | None = None
    derivative_taker: Decimal | None = None
    leo_level: int | None = None
    leo_amount_average: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A deposit (`amount` positive) or a withdrawal (negative)."""

    movement_id: str
    currency: str
    method: str
    started_at: datetime | None
    updated_at: datetime | None
    status: str
    amount: Decimal
    fees: Decimal | None
    address: str
    transaction_id: str
    note: str
