"""What the account holds."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Wallet(StrEnum):
    """The exchange's three purses (facts sheet 5.3)."""

    EXCHANGE = "exchange"
    MARGIN = "margin"
    FUNDING = "funding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One currency in one wallet; `available` is None until the exchange has said it."""

    wallet: Wallet
    currency: str
    total: Decimal
    available: Decimal | None = None
