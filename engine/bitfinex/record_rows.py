"""Rows of the account's records to the words of trading (facts sheet 3, 5.2, 5.3, 5.6)."""

import re
from collections.abc import Mapping
from decimal import Decimal

from engine.bitfinex.decode import trading_symbol, wallet_name
from engine.bitfinex.wire import (
    Row,
    Unreadable,
    field,
    identity,
    integer,
    moment,
    money,
    number,
    row_of,
    text,
    truth,
)
from engine.model.records import (
    AccountInfo,
    AccountSummary,
    LedgerEntry,
    MarginBase,
    MarginRoom,
    Movement,
    Permission,
    PositionRecord,
    WalletRecord,
)

_NOTHING = Decimal(0)
_WHERE = " on wallet "  # cut off first: a wallet was once called deposit
_MOVED = re.compile(r"^transfer of |\b(deposit|withdrawal)\b", re.IGNORECASE)


def wallet(row: Row) -> WalletRecord:
    """A wallet row (5.3): 5 fields in old rows, 7 today."""
    return WalletRecord(
        wallet=wallet_name(text(row, 0)),
        currency=text(row, 1),
        total=money(row, 2),
        available=number(row, 4),
        unsettled_interest=number(row, 3) or _NOTHING,
        last_change=text(row, 5),
    )


def ledger(row: Row) -> LedgerEntry:
    """A ledger row (5.6): 9 fields; of what kind it is, its description alone tells."""
    at = moment(row, 3)
    if at is None:
        raise Unreadable("a ledger entry without a time")
    return LedgerEntry(
        entry_id=identity(row, 0),
        currency=text(row, 1),
        wallet=text(row, 2),
        at=at,
        amount=money(row, 5),
        balance=money(row, 6),
        description=text(row, 8),
        moved=_MOVED.search(text(row, 8).rpartition(_WHERE)[0] or text(row, 8)) is not None,
    )


def position(row: Row) -> PositionRecord:
    """A position row now or of the past (5.2): from 10 to 20 fields."""
    return PositionRecord(
        position_id=integer(row, 11),
        symbol=trading_symbol(row, 0),
        active=text(row, 1) == "ACTIVE",
        amount=money(row, 2),
        base_price=number(row, 3),
        funding=number(row, 4),
        profit=number(row, 6),
        profit_percent=number(row, 7),
        liquidation_price=number(row, 8),
        leverage=number(row, 9),
        opened_at=moment(row, 12),
        updated_at=moment(row, 13),
        derivative=truth(row, 15),
        collateral=number(row, 17),
        least_collateral=number(row, 18),
    )


def margin_base(row: Row) -> MarginBase:
    """`["base",[...]]` (5.6): 4 figures in old rows, 5 today."""
    figures = row_of(field(row, 1))
    return MarginBase(
        profit=money(figures, 0),
        interest=money(figures, 1),
        balance=money(figures, 2),
        net=money(figures, 3),
        required=number(figures, 4),
    )


def margin_room(row: Row) -> MarginRoom:
    """`["sym",SYMBOL,[...]]` (5.6)."""
    figures = row_of(field(row, 2))
    return MarginRoom(
        symbol=trading_symbol(row, 1),
        tradable=number(figures, 0),
        gross=number(figures, 1),
        buy=number(figures, 2),
        sell=number(figures, 3),
    )


def account_info(row: Row) -> AccountInfo:
    """The first of the 55 fields of `auth/r/info/user` (3)."""
    return AccountInfo(
        user_id=identity(row, 0),
        email=text(row, 1),
        username=text(row, 2),
        created_at=moment(row, 3),
        verified=truth(row, 4),
        verification_level=integer(row, 5),
        time_zone=text(row, 7),
        locale=text(row, 8),
        company=text(row, 9),
        email_verified=truth(row, 10),
    )


def permission(row: Row) -> Permission:
    """`[SCOPE,READ,WRITE]` (3)."""
    return Permission(scope=text(row, 0), read=truth(row, 1), write=truth(row, 2))


def summary(row: Row) -> AccountSummary:
    """Fees and LEO of `auth/r/summary` (3): elements 4 and 9."""
    fees = row_of(field(row, 4))
    makers, takers = row_of(field(fees, 0)), row_of(field(fees, 1))
    found = field(row, 9)
    leo: Mapping[str, object] = found if isinstance(found, dict) else {}
    level = leo.get("leo_lev")
    return AccountSummary(
        maker=money(makers, 0),
        taker=money(takers, 0),
        derivative_maker=number(makers, 5),
        derivative_taker=number(takers, 5),
        leo_level=level if isinstance(level, int) else None,
        leo_amount_average=number([leo.get("leo_amount_avg")], 0),
    )


def movement(row: Row) -> Movement:
    """A movement row (3): 22 fields."""
    return Movement(
        movement_id=str(field(row, 0) or ""),
        currency=text(row, 1),
        method=text(row, 2),
        started_at=moment(row, 5),
        updated_at=moment(row, 6),
        status=text(row, 9),
        amount=money(row, 12),
        fees=number(row, 13),
        address=text(row, 16),
        transaction_id=text(row, 20),
        note=text(row, 21),
    )
