"""What an account's own trades in a symbol come to."""

from dataclasses import dataclass
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.symbol import Symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """`amount` in base units, negative when short; `cost` is what one unit of it was bought, or
    sold short, for on average, in quote currency."""

    wallet: Wallet
    symbol: Symbol
    amount: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
