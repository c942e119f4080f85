"""Questions to the journal and its projections, and what their answers mean."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import asyncpg
from sqlalchemy import ColumnElement, Executable, RowMapping, Select, Text, cast, func, or_, select

from db import codec
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
from engine.asked import under_way
from engine.model.account import Balance, Wallet
from engine.model.bracket import Bracket, Settled
from engine.model.entry import Entry
from engine.model.errors import JournalDamaged
from engine.model.event import (
    AmendRequested,
    BracketEvent,
    OrderClosed,
    OrderEvent,
    PositionChanged,
    ServiceStarted,
    TemplateSaved,
    TradingPaused,
)
from engine.model.ids import CommandId, OrderId, OrderKey
from engine.model.lot import Lot
from engine.model.order import Fill, Order, OrderStatus, Origin, Side
from engine.model.position import Position
from engine.model.risk_event import EquityMarked, EquityUnknown, WindowClosed, WindowOpened
from engine.model.symbol import Symbol
from engine.model.template import OrderTemplate
from engine.ports import Memory
from engine.telling import (
    HEARD_KINDS,
    HEARD_WINDOW,
    MISHAP_WINDOW,
    MISHAPS,
    REMEMBERED_CLOSED,
    REMEMBERED_FILLS,
    REMEMBERED_OUTCOMES,
    keys_of,
    lot_in,
    standing_of,
)

Rows = Sequence[RowMapping]

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
_newest: Final = (
    select(journal).order_by(journal.c.seq.desc()).limit(MISHAP_WINDOW).subquery("newest")
)
_lost: Final = (_newest.c.kind == OrderClosed.__name__) & (
    _newest.c.body[("order", "status")].as_string() == OrderStatus.LOST.value
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


def acts(before: int | None, actor_id: str | None, limit: int) -> Executable:
    """The newest entries before one that are somebody's doing."""
    done = _ENTRIES.where(journal.c.actor_id.is_not(None))
    if actor_id is not None:
        done = done.where(journal.c.actor_id == actor_id)
    if before is not None:
        done = done.where(journal.c.seq < before)
    return done.order_by(journal.c.seq.desc()).limit(max(limit, 0))


def entry_of(row: RowMapping | asyncpg.Record) -> Entry:
    """A journal row as an entry. Raises `JournalDamaged`."""
    return codec.decode(row["seq"], row["kind"], row["body"])


def order_in(row: RowMapping) -> Order:
    """The order an entry holds. Raises `JournalDamaged` when it holds none."""
    entry = entry_of(row)
    if isinstance(entry.event, OrderEvent):
        return entry.event.order
    raise _misled(entry, "an order")


def memory_of(answers: Mapping[str, Rows]) -> Memory:
    """What the answers to `REMEMBERED` come to."""
    trading = [entry_of(row).event for row in answers["trading"]]
    service = [entry_of(row).event for row in answers["service"]]
    equity = [entry_of(row).event for row in answers["equity"]]
    hours = [entry_of(row).event for row in answers["hours"]]
    valuing = [entry_of(row).event for row in answers["valuing"]]
    kept = ("unsettled", "closed", "of_brackets")
    remembered = {order.key: order for name in kept for order in map(order_in, answers[name])}
    return Memory(
        orders=tuple(order for _, order in sorted(remembered.items())),
        traded={row["order_key"]: row["amount"] for row in answers["traded"]},
        brackets=tuple(sorted(map(_bracket_in, answers["brackets"]), key=lambda b: b.key)),
        settled=_settled(answers["settled"]),
        templates=tuple(sorted(map(_template_in, answers["templates"]), key=lambda t: t.name)),
        amending=_amending(map(entry_of, answers["changes"])),
        balances=tuple(sorted(map(_balance, answers["balances"]), key=_purse)),
        positions=tuple(sorted(map(_position_in, answers["positions"]), key=_symbol)),
        standings=_standings(answers["standings"]),
        trade_ids=frozenset(row["trade_id"] for row in answers["fills"]),
        settled_ids=frozenset(row["trade_id"] for row in answers["fills"] if row["settled"]),
        paused=next((event for event in trading if isinstance(event, TradingPaused)), None),
        rulings=tuple(entry_of(row).event for row in answers["rulings"]),
        lots=tuple(sorted(filter(_is_held, map(_lot_in, answers["lots"])), key=_lot_key)),
        fills=tuple((row["order_key"], _fill(row)) for row in reversed(answers["outcomes"])),
        mishaps=tuple((row["at"], row["kind"]) for row in answers["mishaps"]),
        hours=next(
            (event for event in hours if isinstance(event, WindowOpened | WindowClosed)), None
        ),
        unvalued=next((event for event in valuing if isinstance(event, EquityUnknown)), None),
        mark=next((event.mark for event in equity if isinstance(event, EquityMarked)), None),
        last_at=max((row["at"] for row in answers["heard"]), default=None),
        last_key=answers["last_key"][0]["key"] or 0,
        stopped_well=not any(isinstance(event, ServiceStarted) for event in service),
    )


def _amending(entries: Iterable[Entry]) -> tuple[AmendRequested, ...]:
    """What is asked of orders, and not answered, by key."""
    known: dict[OrderKey, AmendRequested | None] = {}
    for entry in entries:
        for key in keys_of(entry.event):
            known[key] = under_way(known.get(key), entry.event)
    return tuple(asked for _, asked in sorted(known.items()) if asked is not None)


def _lot_in(row: RowMapping) -> Lot:
    entry = entry_of(row)
    if (lot := lot_in(entry.event)) is not None:
        return lot
    raise _misled(entry, "a lot")


def _is_held(lot: Lot) -> bool:
    return bool(lot.amount)


def _fill(row: RowMapping) -> Fill:
    return Fill(
        trade_id=row["trade_id"],
        order_id=row["order_id"],
        symbol=row["symbol"],
        side=Side(row["side"]),
        amount=row["amount"],
        price=row["price"],
        maker=row["maker"],
        at=row["at"],
        fee=row["fee"],
        fee_currency=row["fee_currency"],
        opening=row["opening"],
        profit=row["profit"],
        paid=row["paid"],
        stopped=row["stopped"],
    )


def _balance(row: RowMapping) -> Balance:
    return Balance(
        wallet=Wallet(row["wallet"]),
        currency=row["currency"],
        total=row["total"],
        available=row["available"],
    )


def _position_in(row: RowMapping) -> Position:
    entry = entry_of(row)
    if isinstance(entry.event, PositionChanged):
        return entry.event.position
    raise _misled(entry, "a position")


def _bracket_in(row: RowMapping) -> Bracket:
    entry = entry_of(row)
    if isinstance(entry.event, BracketEvent):
        return entry.event.bracket
    raise _misled(entry, "a bracket")


def _template_in(row: RowMapping) -> OrderTemplate:
    entry = entry_of(row)
    if isinstance(entry.event, TemplateSaved):
        return entry.event.template
    raise _misled(entry, "a template")


def _settled(rows: Rows) -> Mapping[OrderKey, Settled]:
    """What entries' trades came to, of which each currency of fees is one row."""
    known: dict[OrderKey, Settled] = {}
    for row in rows:
        before = known.get(row["order_key"], Settled())
        known[row["order_key"]] = before.with_trade(
            row["symbol"], row["amount"], row["fee"], row["fee_currency"]
        )
    return known


def _standings(rows: Rows) -> Mapping[Symbol, Origin]:
    told = (standing_of(entry_of(row).event) for row in rows)
    return {one[0]: one[1] for one in told if one is not None and one[1] is not None}


def _misled(entry: Entry, wanted: str) -> JournalDamaged:
    return JournalDamaged(
        f"The journal's entry {entry.seq} ({type(entry.event).__name__}) should hold {wanted}. "
        "Restore a backup."
    )


def _key(order: Order) -> OrderKey:
    return order.key


def _lot_key(lot: Lot) -> tuple[str, str]:
    return lot.wallet, lot.symbol


def _purse(balance: Balance) -> tuple[str, str]:
    return balance.wallet, balance.currency


def _symbol(position: Position) -> str:
    return position.symbol
