"""An order as the paper account keeps it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.ids import OrderId
from engine.model.order import OrderStatus, OrderTerms, OrderType
from engine.model.report import OrderReport
from engine.paper import texts
from engine.paper.texts import ACTIVE

STOPS = frozenset({OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP})


@dataclass(slots=True, kw_only=True, eq=False)
class PaperOrder:
    """One order; `stop` is where its stop stands now, `spent` what its fills came to.

    `chain` tells its partial fills in words; `sibling` is the other order of an OCO.
    """

    order_id: OrderId
    cid: int | None
    terms: OrderTerms
    remaining: Decimal
    created_at: datetime
    updated_at: datetime
    status: OrderStatus = OrderStatus.WORKING
    text: str = ACTIVE
    stop: Decimal | None = None
    spent: Decimal = Decimal(0)
    chain: str = ""
    sibling: OrderId | None = None
    parent_id: OrderId | None = None

    @property
    def filled(self) -> Decimal:
        """Base units traded so far."""
        return self.terms.amount - self.remaining

    @property
    def on_margin(self) -> bool:
        """Whether it trades a position."""
        return self.terms.wallet is Wallet.MARGIN

    @property
    def waits(self) -> bool:
        """Whether it is a stop that has not been reached."""
        return self.terms.type in STOPS

    @property
    def reduces(self) -> bool:
        """Whether it may only make a position smaller."""
        return self.terms.reduce_only or self.terms.close

    def fill(self, price: Decimal, amount: Decimal, now: datetime, how: str) -> None:
        """Count a fill; `how` is the word for one that fills it whole."""
        self.remaining -= amount
        self.spent += price * amount
        self.updated_at = max(now, self.updated_at)
        if self.remaining:
            self.status = OrderStatus.PARTLY_FILLED
            self.text = texts.partly(price, amount)
            self.chain = texts.chained(self.chain, self.text)
        else:
            self.status = OrderStatus.FILLED
            self.text = texts.executed(how, price, amount, self.chain)

    def end(self, why: str, now: datetime) -> None:
        """Close it with a word of the exchange."""
        self.status = OrderStatus.CANCELLED
        self.text = texts.ended(why, self.chain)
        self.updated_at = max(now, self.updated_at)

    def report(self) -> OrderReport:
        """It, as the exchange would tell it."""
        filled = self.filled
        return OrderReport(
            order_id=self.order_id,
            cid=self.cid,
            terms=self.terms,
            status=self.status,
            remaining=self.remaining,
            average=texts.average(self.spent, filled) if filled else None,
            text=self.text,
            created_at=self.created_at,
            updated_at=self.updated_at,
            parent_id=self.parent_id,
        )
