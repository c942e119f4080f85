"""The journal's one writing statement, composed of the parts an append has need of.

Everything an append changes is one statement, so it is one transaction and one round trip.
"""

# ruff: noqa: S608 - the texts are ours, and values travel beside them

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from sqlalchemy import JSON, BigInteger, Boolean, DateTime, Numeric, Text

from db.tables import metadata

Row = tuple[object, ...]

# Any number will do, as long as all writers of a database take the same, and the schema's
# function `writers_turn`: it waits for the turn, and fails for who writes in an epoch that is over.
WRITERS_LOCK: Final = 7_266_427_112
_TYPES: Final = {
    BigInteger: "bigint",
    Boolean: "boolean",
    DateTime: "timestamptz",
    JSON: "json",
    Numeric: "numeric",
    Text: "text",
}


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One change: its rows, with columns of these `types`, go between `head` and `tail`.

    Where it `points` into the journal, each row ends with the number, from 1, of the entry it
    means among this statement's, and the table's last column is that entry's seq.
    """

    name: str
    head: str
    tail: str
    types: tuple[str, ...]
    points: bool = False


def _upsert(name: str) -> Part:
    table = metadata.tables[name]
    keys = [column.name for column in table.primary_key]
    names = [column.name for column in table.columns]
    points = names[-1] == "seq"
    types = tuple(_TYPES[type(column.type)] for column in table.columns)
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
    return Part(
        name=name,
        head=f"INSERT INTO {name} ({', '.join(names)})",
        tail=f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}",
        types=types[:-1] if points else types,
        points=points,
    )


def _delete(name: str, key: str, kind: str) -> Part:
    return Part(
        name=f"gone_{name}",
        head=f"DELETE FROM {name} WHERE {key} IN (",
        tail=")",
        types=(kind,),
    )


# Writers take turns until their commit, so that seqs become visible in their own order and no
# reader ever steps over one. The many order keys of one row travel as text: arrays of arrays
# would be taken apart.
JOURNAL: Final = Part(
    name="entries",
    head="INSERT INTO journal (kind, at, order_key, order_keys, body, actor_id) "
    "SELECT r.kind, r.at, r.order_key, r.order_keys::bigint[], r.body, r.actor_id "
    "FROM writers_turn(), (",
    tail=") AS r(kind, at, order_key, order_keys, body, actor_id) RETURNING seq",
    types=("text", "timestamptz", "bigint", "text", "json", "text"),
)
ORDERS: Final = _upsert("orders")
FILLS: Final = _upsert("fills")
LOTS: Final = _upsert("lots")
BALANCES: Final = _upsert("balances")
POSITIONS: Final = _upsert("positions")
BRACKETS: Final = _upsert("brackets")
TEMPLATES: Final = _upsert("templates")
DESK: Final = _upsert("desk")
CLOSED_POSITIONS: Final = _delete("positions", "symbol", "text")
CLOSED_BRACKETS: Final = _delete("brackets", "key", "bigint")
DELETED_TEMPLATES: Final = _delete("templates", "name", "text")
CLAIM: Final = Part(
    name="claim",
    head="INSERT INTO commands (command_id, seq)",
    tail="",
    types=("text",),
    points=True,
)
BARE_CLAIM: Final = "INSERT INTO commands (command_id) SELECT $1 FROM writers_turn()"
WAIT_FOR_WRITERS: Final = f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})"


def compose(changes: Sequence[tuple[Part, Sequence[Row]]]) -> tuple[str, list[object]]:
    """The statement for these changes, `JOURNAL` first, and its values; it answers the new seqs."""
    parts = tuple(part for part, _ in changes)
    columns = (list(column) for _, rows in changes for column in zip(*rows, strict=True))
    return _statement(parts, many=True), list(columns)


def of_one(parts: tuple[Part, ...]) -> str:
    """The statement for one row of each part, without the numbers by which they point.

    Plain values the server takes in faster than arrays.
    """
    return _statement(parts, many=False)


@cache
def _statement(parts: tuple[Part, ...], *, many: bool) -> str:
    changes = []
    first = 1
    for part in parts:
        types = (*part.types, "int") if part.points and many else part.types
        marks = [f"${n}::{kind}{'[]' if many else ''}" for n, kind in enumerate(types, first)]
        rows = _many(part, marks) if many else _single(part, marks)
        changes.append((part, f"{part.head} {rows} {part.tail}"))
        first += len(types)
    last, change = changes[-1]
    if last.points and not many:
        # One row there, one row here: what is not put aside first need not be read again.
        return f"WITH {_aside(changes[:-1])} {change} RETURNING seq"
    return f"WITH {_aside(changes)} SELECT seq FROM entries"


def _aside(changes: Iterable[tuple[Part, str]]) -> str:
    return ", ".join(f"{part.name} AS ({change})" for part, change in changes)


def _single(part: Part, marks: Sequence[str]) -> str:
    return f"SELECT {', '.join(marks)}{', seq FROM entries' if part.points else ''}"


def _many(part: Part, marks: Sequence[str]) -> str:
    if not part.points:
        return f"SELECT * FROM unnest({', '.join(marks)})"
    names = ", ".join(f"c{n}" for n in range(len(part.types)))
    return (
        f"SELECT {names}, seqs[entry] FROM unnest({', '.join(marks)}) AS r({names}, entry), "
        "(SELECT array_agg(seq ORDER BY seq) AS seqs FROM entries) AS given"
    )
