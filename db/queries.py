"""Questions to the journal and its projections; `db.answers` says what comes back."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import ColumnElement, Executable, Select, Text, cast, func, or_, select

from db.projections import EQUITY, HOURS, POSITION, SERVICE, TRADING, VALUING
from db.tables import (
    balances,
    brackets,
    commands,
    desk,
    fills,
    is_ruling,
    journal,
    lots,
    orders,
    positions,
    templates,
)
from engine.model.event import (
    AmendRequested,
    OrderClosed,
)
from engine.model.ids import CommandId, OrderId, OrderKey
from engine.model.order import OrderStatus, Origin
from engine.telling import (
    HEARD_KINDS,
    HEARD_WINDOW,
    MISHAP_WINDOW,
    MISHAPS,
    REMEMBERED_CLOSED,
    REMEMBERED_FILLS,
    REMEMBERED_OUTCOMES,
)

# Asked over and over, by a link.
READ: Final = "SELECT seq, kind, body FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2"
LAST_SEQ: Final = "SELECT coalesce(max(seq), 0) AS seq FROM journal"
CURSOR: Final = "SELECT seq FROM readers WHERE name = $1"
ADVANCE: Final = (
    "INSERT INTO readers (name, seq) VALUES ($1, greatest($2, 0)) ON CONFLICT (name) "
    "DO UPDATE SET seq = greatest(readers.seq, excluded.seq), moved_at = excluded.moved_at"
)

_OPEN: Final = select(brackets.c.key)
_ENTRIES: Final = select(journal.c.seq, journal.c.kind, cast(journal.c.body, Text).label("body"))


def _held_by(pointer: ColumnElement[int]) -> Select[tuple[int, str, str]]:
    return _ENTRIES.where(journal.c.seq == pointer)


_ASKED: Final = (
    select(journal.c.order_key, func.max(journal.c.seq).label("since"))
    .join(orders, orders.c.key == journal.c.order_key)
    .where(orders.c.closed_at.is_(None), journal.c.kind == AmendRequested.__name__)
    .group_by(journal.c.order_key)
    .subquery()
)
# The body is read as text: one with a NUL in somebody's words cannot be taken apart as JSON.
_newest: Final = (
    select(journal).order_by(journal.c.seq.desc()).limit(MISHAP_WINDOW).subquery("newest")
)
_lost: Final = (_newest.c.kind == OrderClosed.__name__) & (
    cast(_newest.c.body, Text).contains(f'"status":"{OrderStatus.LOST}"')
)

# Asked at a start, all at one moment.
REMEMBERED: Final[Mapping[str, Executable]] = {
    "unsettled": _held_by(orders.c.seq).where(orders.c.closed_at.is_(None)),
    "closed": _held_by(orders.c.seq)
    .where(orders.c.closed_at.is_not(None))
    .order_by(orders.c.closed_at.desc(), orders.c.key.desc())
    .limit(REMEMBERED_CLOSED),
    "of_brackets": _held_by(orders.c.seq).where(
        orders.c.closed_at.is_not(None), or_(orders.c.key.in_(_OPEN), orders.c.bracket.in_(_OPEN))
    ),
    "traded": select(fills.c.order_key, func.sum(fills.c.amount).label("amount"))
    .join(orders, orders.c.key == fills.c.order_key)
    .where(or_(orders.c.closed_at.is_(None), orders.c.key.in_(_OPEN), orders.c.bracket.in_(_OPEN)))
    .group_by(fills.c.order_key),
    "brackets": _held_by(brackets.c.seq),
    "settled": select(
        fills.c.order_key,
        fills.c.symbol,
        fills.c.fee_currency,
        func.sum(fills.c.amount).label("amount"),
        func.sum(fills.c.fee).label("fee"),
    )
    .where(fills.c.order_key.in_(_OPEN), fills.c.fee.is_not(None))
    .group_by(fills.c.order_key, fills.c.symbol, fills.c.fee_currency),
    "templates": _held_by(templates.c.seq),
    "changes": _ENTRIES.join(_ASKED, _ASKED.c.order_key == journal.c.order_key)
    .where(journal.c.seq >= _ASKED.c.since)
    .order_by(journal.c.seq),
    "balances": select(balances),
    "positions": _held_by(positions.c.seq),
    "standings": _held_by(desk.c.seq).where(desk.c.matter.startswith(POSITION)),
    "fills": select(fills.c.trade_id, fills.c.fee.is_not(None).label("settled"))
    .order_by(fills.c.at.desc(), fills.c.trade_id.desc())
    .limit(REMEMBERED_FILLS),
    "trading": _held_by(desk.c.seq).where(desk.c.matter == TRADING),
    "service": _held_by(desk.c.seq).where(desk.c.matter == SERVICE),
    "equity": _held_by(desk.c.seq).where(desk.c.matter == EQUITY),
    "lots": _held_by(lots.c.seq),
    "outcomes": select(fills)
    .where(or_(fills.c.opening, fills.c.profit.is_not(None)))
    .order_by(fills.c.at.desc(), fills.c.trade_id.desc())
    .limit(REMEMBERED_OUTCOMES),
    "hours": _held_by(desk.c.seq).where(desk.c.matter == HOURS),
    "valuing": _held_by(desk.c.seq).where(desk.c.matter == VALUING),
    "mishaps": select(_newest.c.at, _newest.c.kind)
    .where(or_(_newest.c.kind.in_([kind.__name__ for kind in MISHAPS]), _lost))
    .order_by(_newest.c.seq),
    "rulings": _ENTRIES.where(is_ruling(journal.c.kind)).order_by(journal.c.seq),
    "heard": select(journal.c.at)
    .where(journal.c.kind.in_(sorted(HEARD_KINDS)))
    .order_by(journal.c.seq.desc())
    .limit(HEARD_WINDOW),
    "last_key": select(func.max(orders.c.key).label("key")).where(
        orders.c.origin == Origin.GENESIS.value
    ),
}


def order(key: OrderKey) -> Executable:
    """The entry that holds an order's newest state."""
    return _held_by(orders.c.seq).where(orders.c.key == key)


def order_named(order_id: OrderId) -> Executable:
    """The entry that holds the newest state of the order with the exchange's id.

    Read through without an index: a person's rare question, and one more would cost every order.
    """
    return _held_by(orders.c.seq).where(orders.c.order_id == order_id)


def order_of(command_id: CommandId) -> Executable:
    """The entry that holds the newest state of the first order a command made."""
    return (
        _held_by(orders.c.seq)
        .where(orders.c.command_id == command_id)
        .order_by(orders.c.key)
        .limit(1)
    )


def claimed_by(command_id: CommandId) -> Executable:
    """The first entry a command made."""
    return _ENTRIES.join(commands, commands.c.seq == journal.c.seq).where(
        commands.c.command_id == command_id
    )


def life(key: OrderKey) -> Executable:
    """All entries about an order."""
    about = or_(journal.c.order_key == key, journal.c.order_keys.contains([key]))
    return _ENTRIES.where(about).order_by(journal.c.seq)


def rulings(after: int) -> Executable:
    """The rulings after an entry."""
    return _ENTRIES.where(is_ruling(journal.c.kind), journal.c.seq > after).order_by(journal.c.seq)


def acts(before: int | None, actor_id: str | None, limit: int) -> Executable:
    """The newest entries before one that are somebody's doing."""
    done = _ENTRIES.where(journal.c.actor_id.is_not(None))
    if actor_id is not None:
        done = done.where(journal.c.actor_id == actor_id)
    if before is not None:
        done = done.where(journal.c.seq < before)
    return done.order_by(journal.c.seq.desc()).limit(max(limit, 0))
