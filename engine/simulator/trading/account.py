"""What belongs to one user."""

from dataclasses import dataclass, field
from decimal import Decimal

from engine.simulator.trading.order import ZERO, Order, Trade

EXCHANGE = "exchange"
MARGIN = "margin"
FUNDING = "funding"


Detail = dict[str, int | str | None]


@dataclass(slots=True, kw_only=True)
class Wallet:
    """One currency in one wallet, with the words of its last change."""

    kind: str
    currency: str
    balance: Decimal = ZERO
    last_change: str | None = None
    last_detail: Detail | None = None


@dataclass(slots=True, kw_only=True)
class Position:
    """A margin position; `amount` is signed and 0 once closed."""

    id: int
    symbol: str
    amount: Decimal
    base_price: Decimal
    created: int
    updated: int
    detail: Detail

    @property
    def open(self) -> bool:
        return self.amount != 0


@dataclass(slots=True, kw_only=True)
class LedgerEntry:
    """One change of one balance."""

    id: int
    currency: str
    wallet: str
    mts: int
    amount: Decimal
    balance: Decimal
    text: str


@dataclass(slots=True, kw_only=True)
class Movement:
    """A deposit, or a withdrawal: then `amount` is negative, as `fee` always is."""

    id: int
    currency: str
    method: str
    mts: int
    amount: Decimal
    fee: Decimal = ZERO


@dataclass(slots=True, kw_only=True)
class Account:
    """One user's wallets, orders and past; `nonces` are kept per API key elsewhere."""

    name: str
    user_id: int
    wallets: dict[str, Wallet] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    closed_orders: list[Order] = field(default_factory=list)
    closed_positions: list[Position] = field(default_factory=list)
    trades: list[Trade] = field(default_factory=list)
    ledger: list[LedgerEntry] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)

    def wallet(self, kind: str, currency: str) -> Wallet:
        """The wallet, made empty when it is new."""
        key = f"{kind}:{currency}"
        if key not in self.wallets:
            self.wallets[key] = Wallet(kind=kind, currency=currency)
        return self.wallets[key]

    def position(self, symbol: str) -> Position | None:
        return self.positions.get(symbol)

    def sibling_of(self, order: Order) -> Order | None:
        """The other leg of an OCO while it is open."""
        return self.orders.get(order.sibling) if order.sibling is not None else None


def opened_account(name: str, user_id: int, balances: dict[str, Decimal]) -> Account:
    """A new account with `CUR` or `WALLET:CUR` balances."""
    account = Account(name=name, user_id=user_id)
    for key, amount in balances.items():
        kind, _, currency = key.rpartition(":")
        if kind not in ("", EXCHANGE, MARGIN, FUNDING) or not currency or amount < 0:
            raise ValueError(f"balance {key}={amount}: expected CUR or WALLET:CUR and an amount")
        account.wallet(kind or EXCHANGE, currency).balance = amount
    return account
