"""What the exchange tells of balances and positions, made into facts, as `engine.digest` does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from engine.book import Book
from engine.model.account import Balance
from engine.model.event import BalanceChanged, Event, PositionChanged
from engine.model.position import Position
from engine.model.report import BalancesReport, PositionsReport


def balances(book: Book, report: BalancesReport, now: datetime) -> Sequence[Event]:
    """Totals that are news; what is free is noted and not journalled."""
    told = {(b.wallet, b.currency): b for b in report.balances}
    if report.whole:
        gone = {key: b for key, b in book.balances.items() if key not in told and b.total}
        told |= {key: replace(b, total=Decimal(0), available=Decimal(0)) for key, b in gone.items()}
    return [event for b in told.values() for event in _balance(book, b, now)]


def positions(book: Book, report: PositionsReport, now: datetime) -> Sequence[Event]:
    """Amounts and base prices that are news; profits are noted and not journalled."""
    told = {position.symbol: position for position in report.positions}
    if report.whole:
        gone = {symbol: p for symbol, p in book.positions.items() if symbol not in told}
        told |= {symbol: replace(p, amount=Decimal(0)) for symbol, p in gone.items()}
    return [event for p in told.values() for event in _position(book, p, now)]


def _balance(book: Book, balance: Balance, now: datetime) -> Sequence[Event]:
    known = book.balances.get((balance.wallet, balance.currency))
    if known is None or known.total != balance.total:
        return [BalanceChanged(at=now, balance=balance)]
    if balance.available is not None:
        book.put_balance(balance)
    return []


def _position(book: Book, position: Position, now: datetime) -> Sequence[Event]:
    known = book.positions.get(position.symbol)
    if known is None and not position.amount:
        return []
    if known is None or (known.amount, known.base_price) != (position.amount, position.base_price):
        return [PositionChanged(at=now, position=position, before=known)]
    book.put_position(position)
    return []
