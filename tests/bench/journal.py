"""What journalling costs beside bare statements and the bare disk: `python -m tests.bench.journal`.

Options: --rounds N (blocks of fifty of each act, 20), --asyncio (instead of uvloop).
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import uvloop
from sqlalchemy import insert

from db import codec, schema
from db.embedded import EmbeddedPostgres
from db.journal import PostgresJournal
from db.session import Database
from db.tables import journal as journal_table
from engine.model.event import OrderEvent
from engine.model.ids import CommandId
from tests.contract.journal.made import accepted, closed, filled, submitted

BLOCK = 50
BURST = 100
KNOWN_ORDERS = 10_000
BARE = "bare INSERT, two columns"
ROW = "bare INSERT, an event's row"

Act = Callable[[int], Awaitable[object]]


def say(text: str) -> None:
    print(text)


class Bench:
    """Acts timed in turns of a block each, so that all see the same machine."""

    def __init__(self) -> None:
        self._acts: dict[str, Act] = {}
        self._number = 0
        self.times: dict[str, list[float]] = {}

    def add(self, name: str, act: Act) -> None:
        self._acts[name] = act
        self.times[name] = []

    async def run(self, rounds: int) -> None:
        for _ in range(rounds):
            for name, act in self._acts.items():
                await self._block(act, self.times[name])

    async def _block(self, act: Act, times: list[float]) -> None:
        for turn in range(BLOCK):
            self._number += 1
            began = time.perf_counter()
            await act(self._number)
            # The first of a block pay for what others left in the caches.
            if turn >= BLOCK // 5:
                times.append(time.perf_counter() - began)

    def print(self) -> None:
        """Medians, the slowest twentieth, and against the bare statements."""
        bare, row = (statistics.median(self.times[name]) for name in (BARE, ROW))
        say(f"{'':36}{'median':>9}{'p95':>10}{'x bare':>8}{'x row':>7}")
        for name, times in self.times.items():
            median, late = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            figures = f"{median * 1e6:6.0f} us{late * 1e6:7.0f} us"
            say(f"{name:36}{figures}{median / bare:8.2f}{median / row:7.2f}")


def event(number: int) -> OrderEvent:
    """A fact about an order; four make its life."""
    life = (submitted, accepted, accepted, closed)
    return life[number % 4](1_000_000 + number // 4)


FACTS = [event(number) for number in range(20_000)]
FILLS = [filled(number, number) for number in range(20_000)]


def add_disk(bench: Bench, folder: Path) -> int:
    """The disk alone: a journal row's bytes, written and on the plate."""
    file = os.open(folder / "disk", os.O_WRONLY | os.O_CREAT)
    page = b"x" * 8192

    async def write(number: int) -> None:
        os.pwrite(file, page, number % 64 * 8192)
        os.fdatasync(file)

    os.pwrite(file, page * 64, 0)
    bench.add("bare fdatasync", write)
    return file


async def add_bare(bench: Bench, connection: asyncpg.Connection) -> None:
    """Prepared statements and nothing else."""
    await connection.execute("CREATE TABLE bare (seq bigserial PRIMARY KEY, body json)")
    await connection.set_type_codec(
        "json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary"
    )
    bare = await connection.prepare("INSERT INTO bare (body) VALUES ($1) RETURNING seq")
    row = await connection.prepare(
        "INSERT INTO journal (kind, at, order_key, body) VALUES ($1, $2, $3, $4) RETURNING seq"
    )
    body = codec.encode(event(1))

    async def insert_event(number: int) -> None:
        fact = FACTS[number]
        await row.fetch("OrderAccepted", fact.at, fact.order.key, codec.encode(fact))

    bench.add(BARE, lambda _: bare.fetch(body))
    bench.add(ROW, insert_event)


def add_journal(bench: Bench, journal: PostgresJournal) -> None:
    """Ours, as the desk calls it."""
    bench.add("append, one order event", lambda number: journal.append([FACTS[number]]))
    bench.add(
        "append, one order event, claimed",
        lambda number: journal.append([FACTS[number]], claim=CommandId(f"tg:{number}")),
    )
    bench.add("append, a fill", lambda number: journal.append([FILLS[number]]))


def add_core(bench: Bench, database: Database) -> None:
    """The same row through SQLAlchemy Core."""

    async def add(number: int) -> None:
        at = FACTS[number].at
        values = {"kind": "OrderAccepted", "at": at, "order_key": number, "body": {"a": 1}}
        async with database.engine.begin() as connection:
            await connection.execute(insert(journal_table).values(values))

    bench.add("SQLAlchemy Core, journal row", add)


async def burst(journal: PostgresJournal, rounds: int) -> float:
    """Seconds for a burst of appends at once, the median."""
    times = []
    for turn in range(rounds):
        events = FACTS[BURST * turn : BURST * (turn + 1)]
        began = time.perf_counter()
        await asyncio.gather(*(journal.append([one]) for one in events))
        times.append(time.perf_counter() - began)
    return statistics.median(times)


async def remembering(journal: PostgresJournal) -> tuple[float, int]:
    """Seconds to remember with many orders known, the median, and how many it gave."""
    facts = [accepted(n) if n % 20 == 0 else closed(n, at=n) for n in range(KNOWN_ORDERS)]
    for first in range(0, KNOWN_ORDERS, 500):
        await journal.append(facts[first : first + 500])
    memory = await journal.remember()
    times = []
    for _ in range(9):
        began = time.perf_counter()
        await journal.remember()
        times.append(time.perf_counter() - began)
    return statistics.median(times), len(memory.orders)


async def main(rounds: int) -> None:
    """Measure on a server of its own, with everything it does to keep its promises."""
    with tempfile.TemporaryDirectory() as folder:
        async with EmbeddedPostgres(Path(folder) / "postgres") as server:
            await schema.upgrade(server.url)
            database = await Database.open(server.url)
            await measure(database, Path(folder), rounds)
            await database.close()


async def measure(database: Database, folder: Path, rounds: int) -> None:
    journal = PostgresJournal(database)
    connection = await database.connect(plan_cache_mode="force_generic_plan")
    bench = Bench()
    file = add_disk(bench, folder)
    await add_bare(bench, connection)
    add_journal(bench, journal)
    add_core(bench, database)
    await bench.run(rounds)
    bench.print()
    together = await burst(journal, rounds)
    each = together / BURST
    say(f"burst of {BURST} appends: {together * 1e3:.1f} ms, {each * 1e6:.0f} us each")
    seconds, orders = await remembering(journal)
    say(f"remember() with {KNOWN_ORDERS} orders: {seconds * 1e3:.1f} ms, {orders} given")
    await connection.close()
    os.close(file)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--asyncio", action="store_true")
    chosen = parser.parse_args()
    (asyncio.run if chosen.asyncio else uvloop.run)(main(chosen.rounds))
