"""Whatever `append` returned is there, however the process ends."""

import asyncio
import sys
from pathlib import Path

from db.journal import PostgresJournal
from db.session import Database
from engine.model.event import OrderFilled, OrderSubmitted
from tests.integration.database import appender

ROOT = Path(__file__).resolve().parents[3]


async def test_a_killed_process_loses_nothing_it_was_promised(
    database_url: str, database: Database, journal: PostgresJournal
) -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        appender.__name__,
        database_url,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdout is not None
    promised: list[int] = []
    for _ in range(40):
        promised += map(int, (await program.stdout.readline()).split())
    program.kill()
    # What it still said before it died counts as well.
    promised += map(int, (await program.stdout.read()).rpartition(b"\n")[0].split())
    await program.wait()

    memory = await journal.remember()
    entries = {entry.seq: entry.event for entry in await journal.read(0, 100_000)}

    assert len(promised) >= 160
    assert set(promised) <= set(entries)
    submitted = {e.order.key for e in entries.values() if isinstance(e, OrderSubmitted)}
    filled = {e.fill.trade_id for e in entries.values() if isinstance(e, OrderFilled)}
    assert {order.key for order in memory.orders} == submitted
    assert memory.trade_ids == filled
