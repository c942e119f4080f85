"""The tables, as migrated: the journal, projections that point into it, stores beside it.

Bodies are `json`, not `jsonb`: kept to the letter, and a NUL in somebody's text cannot stop a fact.
A projection holds what is searched by, and the `seq` of the entry that holds the rest.
"""

from enum import StrEnum

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Numeric,
    Sequence,
    SmallInteger,
    Table,
    Text,
    column,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from engine.model.account import Wallet
from engine.model.entry import RULINGS
from engine.model.order import Side


def _one_of(column: str, words: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(word.value) for word in words)})"


def is_ruling(kind: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether an entry of this kind is read again, whole, at every start."""
    return kind.in_([literal_column(f"'{name}'") for name in _RULINGS])


_RULINGS = sorted(kind.__name__ for kind in RULINGS)
_MOMENT = DateTime(timezone=True)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

journal = Table(
    "journal",
    metadata,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("at", _MOMENT, nullable=False),
    Column("order_key", BigInteger, comment="the one order it is about"),
    Column("order_keys", ARRAY(BigInteger), comment="the orders it is about, where several"),
    Column("body", JSON, nullable=False),
    Column("recorded_at", _MOMENT, nullable=False, server_default=func.now()),
    Column("actor_id", Text, comment="who did, or was refused, what it tells"),
    Index(None, "actor_id", "seq", postgresql_where=text("actor_id IS NOT NULL")),
    Index(None, "order_key", "seq", postgresql_where=text("order_key IS NOT NULL")),
    Index("ix_journal_rulings", "seq", postgresql_where=is_ruling(column("kind"))),
    Index(
        None,
        "order_keys",
        postgresql_using="gin",
        postgresql_where=text("order_keys IS NOT NULL"),
    ),
)

commands = Table(
    "commands",
    metadata,
    Column("command_id", Text, primary_key=True),
    Column("seq", BigInteger, comment="the first entry it made; null when it made none"),
    Column("claimed_at", _MOMENT, nullable=False, server_default=func.now()),
)

# Indexes name columns that change only when an order closes, so that its many small updates
# stay within the page (fillfactor) and touch no index. A CHECK on the status would cost every
# commit twenty microseconds; that it is one of the known is the enumeration's care.
orders = Table(
    "orders",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("order_id", BigInteger),
    Column("symbol", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("command_id", Text),
    Column("bracket", BigInteger, comment="the entry whose exit it is"),
    Column("closed_at", _MOMENT, comment="when it became final; null while open or lost"),
    Column("seq", BigInteger, nullable=False, comment="the entry that holds its newest state"),
    Index(None, "command_id", postgresql_where=text("command_id IS NOT NULL")),
    Index(None, "bracket", postgresql_where=text("bracket IS NOT NULL")),
    Index("ix_orders_open", "key", postgresql_where=text("closed_at IS NULL")),
    Index(None, "closed_at", "key", postgresql_where=text("closed_at IS NOT NULL")),
    postgresql_with={"fillfactor": "70"},
)

fills = Table(
    "fills",
    metadata,
    Column("trade_id", BigInteger, primary_key=True, autoincrement=False),
    Column("order_key", BigInteger, nullable=False),
    Column("order_id", BigInteger, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("amount", Numeric, nullable=False),
    Column("price", Numeric, nullable=False),
    Column("fee", Numeric, comment="null until settled"),
    Column("fee_currency", Text),
    Column("maker", Boolean, nullable=False),
    Column("at", _MOMENT, nullable=False),
    Column("opening", Boolean, nullable=False, server_default=text("false")),
    Column("profit", Numeric, comment="of the part that closed, before fees, in quote currency"),
    Column("paid", Numeric, comment="what that part had cost"),
    Column("stopped", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint(_one_of("side", Side), name="side"),
    Index(None, "order_key"),
    Index(None, "at", "trade_id"),
)

lots = Table(
    "lots",
    metadata,
    Column("wallet", Text, primary_key=True),
    Column("symbol", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False, comment="the entry that holds it"),
    CheckConstraint(_one_of("wallet", Wallet), name="wallet"),
)

balances = Table(
    "balances",
    metadata,
    Column("wallet", Text, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("total", Numeric, nullable=False),
    Column("available", Numeric),
    CheckConstraint(_one_of("wallet", Wallet), name="wallet"),
)

positions = Table(
    "positions",
    metadata,
    Column("symbol", Text, primary_key=True),
    Column("amount", Numeric, nullable=False),
    Column("seq", BigInteger, nullable=False, comment="the entry that holds it"),
    CheckConstraint("amount <> 0", name="open"),
)

brackets = Table(
    "brackets",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False, comment="its entry's"),
    Column("seq", BigInteger, nullable=False, comment="the entry that holds its newest state"),
)

templates = Table(
    "templates",
    metadata,
    Column("name", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False, comment="the entry that holds it"),
)

desk = Table(
    "desk",
    metadata,
    Column("matter", Text, primary_key=True, comment="trading or service"),
    Column("seq", BigInteger, nullable=False, comment="the newest entry on it"),
)

readers = Table(
    "readers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("moved_at", _MOMENT, nullable=False, server_default=func.now()),
    CheckConstraint("seq >= 0", name="seq"),
)

nonces = Table(
    "nonces",
    metadata,
    Column("key", Text, primary_key=True, comment="a fingerprint of the API key"),
    Column("free", BigInteger, nullable=False, comment="the lowest number that nobody was given"),
)

# The only place that holds the secrets of people's authenticators.
second_factors = Table(
    "second_factors",
    metadata,
    Column("actor_id", Text, primary_key=True),
    Column("secret", LargeBinary, nullable=False),
    Column("begun_at", _MOMENT, nullable=False),
    Column("confirmed", Boolean, nullable=False, comment="whether it counts"),
    Column("last_step", BigInteger, nullable=False, comment="no code up to this one counts again"),
    Column("failures", SmallInteger, nullable=False, comment="wrong codes in a row"),
    Column("lockouts", SmallInteger, nullable=False, comment="lock-outs in a row"),
    Column("locked_until", _MOMENT),
)

request_keys = Table(
    "request_keys",
    metadata,
    Column("key", Text, primary_key=True),
    Column("digest", Text, nullable=False, comment="SHA-256 of the words it came with first"),
    Column("came_at", _MOMENT, nullable=False, server_default=func.now()),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("received_at", _MOMENT, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("done_at", _MOMENT),
    Index("ix_inbox_waiting", "received_at", "update_id", postgresql_where=text("done_at IS NULL")),
)

shelf = Table(
    "shelf",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("place", BigInteger, Identity(always=True), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("put_at", _MOMENT, nullable=False, server_default=func.now()),
    Index(None, "kind", "place"),
)

# The lease's epoch again, set by a trigger, where `writers_turn` reads it without a query.
leadership_epoch = Sequence("leadership_epoch", minvalue=0, metadata=metadata)

# One row. It is renewed every second: room on the page keeps that from touching the index.
leadership = Table(
    "leadership",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("epoch", BigInteger, nullable=False, comment="how many reigns there were"),
    Column("name", Text, nullable=False, comment="the service that leads, or led last"),
    Column("process", Text, nullable=False, comment="its mark; empty where it has none"),
    Column("taken_at", _MOMENT, nullable=False),
    Column("renewed_at", _MOMENT, nullable=False),
    Column("expires_at", _MOMENT, comment="null once it has stepped down"),
    CheckConstraint("id = 1", name="one"),
    postgresql_with={"fillfactor": "50"},
)
