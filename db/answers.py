"""What the answers to the questions of `db.queries` mean."""

from collections.abc import Iterable, Mapping, Sequence

import asyncpg
from sqlalchemy import RowMapping

from db import codec
from engine.asked import under_way
from engine.model.account import Balance, Wallet
from engine.model.bracket import Bracket, Settled
from engine.model.entry import Entry
from engine.model.errors import JournalDamaged
from engine.model.event import (
    AmendRequested,
    BracketEvent,
    OrderEvent,
    PositionChanged,
    ServiceStarted,
    TemplateSaved,
    TradingPaused,
)
from engine.model.ids import OrderKey
from engine.model.lot import Lot
from engine.model.order import Fill, Order, Origin, Side
from engine.model.position import Position
from engine.model.risk_event import EquityMarked, EquityUnknown, WindowClosed, WindowOpened
from engine.model.symbol import Symbol
from engine.model.template import OrderTemplate
from engine.ports import Memory
from engine.telling import (
    keys_of,
    lot_in,
    standing_of,
)

Rows = Sequence[RowMapping]


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
