"""What a paper account begins with, and what it pays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.market import Fees

Purse = tuple[Wallet, str]
USUAL_FEES = Fees(maker=Decimal("0.001"), taker=Decimal("0.002"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperConfig:
    """`balances` count when the account is opened; after that, what it has made of them."""

    balances: Mapping[Purse, Decimal] = field(default_factory=dict)
    fees: Fees = USUAL_FEES
