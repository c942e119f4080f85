"""Orders sent and not yet answered: whose a refusal is that does not say so (facts sheet 5.5)."""

from collections.abc import Iterable
from decimal import Decimal

from engine.bitfinex.encode import type_name
from engine.bitfinex.wire import Row, Unreadable, number, text
from engine.model.approval import ApprovedOrder
from engine.model.ids import OrderKey
from engine.model.order import OrderTerms
from engine.model.report import (
    OrderReport,
    OrdersSnapshot,
    Report,
    SubmissionNoted,
    SubmissionRefused,
)

AT_MOST = 1_000


class Outstanding:
    """Terms by cid, from the moment they are sent until the exchange has said anything of them."""

    def __init__(self) -> None:
        self._terms: dict[OrderKey, OrderTerms] = {}

    def __len__(self) -> int:
        return len(self._terms)

    def sent(self, order: ApprovedOrder) -> None:
        """An order goes out; the oldest are forgotten where there are too many."""
        self._terms[order.key] = order.terms
        if len(self._terms) > AT_MOST:
            del self._terms[next(iter(self._terms))]

    def unsent(self, order: ApprovedOrder) -> None:
        """It did not go out after all."""
        self._terms.pop(order.key, None)

    def heard(self, reports: Iterable[Report]) -> None:
        """What is told of an order answers it; a snapshot begins a session, which answers none."""
        if not self._terms:
            return
        for report in reports:
            if isinstance(report, OrderReport):
                if report.cid is not None:
                    self._terms.pop(OrderKey(report.cid), None)
            elif isinstance(report, SubmissionNoted | SubmissionRefused):
                self._terms.pop(report.cid, None)
            elif isinstance(report, OrdersSnapshot):
                self._terms.clear()

    def meant_by(self, row: Row) -> OrderKey | None:
        """The only order that a refused row without cid can mean: same symbol, type and amount.

        None where none or several fit: a wrong guess would bury an order that lives.
        """
        fitting = [key for key, terms in self._terms.items() if _fits(row, terms)]
        return fitting[0] if len(fitting) == 1 else None


def _fits(row: Row, terms: OrderTerms) -> bool:
    return (
        text(row, 3) == terms.symbol
        and text(row, 8) == type_name(terms)
        and _amount(row) == terms.signed_amount
    )


def _amount(row: Row) -> Decimal | None:
    try:
        return number(row, 7) or number(row, 6)
    except Unreadable:
        return None
