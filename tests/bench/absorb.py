"""From an account frame's bytes to the committed state: `python -m tests.bench.absorb`.

Each order's life is four frames (`on`, `te`, `tu`, `oc`); every frame is decoded, digested,
journalled durably with its projections, and applied. Beside it: a bare prepared INSERT.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import asyncpg

from db import schema
from db.embedded import EmbeddedPostgres
from db.journal import PostgresJournal
from db.session import Database
from engine.bitfinex.frames import AccountFrames
from engine.clock import SystemClock
from engine.floor import Floor
from engine.model.event import OrderSubmitted
from engine.model.ids import CommandId, OrderKey
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.symbol import Symbol

ORDERS = 150
FIRST_CID = 1_790_000_000_000
KINDS = ("on", "te", "tu", "oc")


async def main() -> None:
    """Measure and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        async with EmbeddedPostgres(Path(folder) / "postgres") as server:
            bare = await _bare(server.dsn)
            times = await _absorbing(server.url)
    _print("bare prepared INSERT", bare)
    for kind in KINDS:
        _print(f"{kind}: bytes to committed state", times[kind])
    _print("all frames", [each for kind in KINDS for each in times[kind]])


async def _absorbing(url: str) -> dict[str, list[float]]:
    await schema.upgrade(url)
    database = await Database.open(url)
    journal = PostgresJournal(database)
    floor = Floor(journal=journal, clock=SystemClock())
    frames = AccountFrames()
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for number in range(ORDERS):
        cid = FIRST_CID + number
        await floor.record([_submitted(cid)])
        for kind, raw in zip(KINDS, _life(cid, number + 1), strict=True):
            began = time.perf_counter()
            await floor.absorb(frames.hear(raw)[1])
            times[kind].append(time.perf_counter() - began)
        assert floor.book.orders[OrderKey(cid)].status is OrderStatus.FILLED
    await journal.close()
    await database.close()
    return times


async def _bare(dsn: str) -> list[float]:
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE TABLE bare (seq bigint GENERATED ALWAYS AS IDENTITY, t text)")
    insert = await connection.prepare("INSERT INTO bare (t) VALUES ($1)")
    times = []
    for _ in range(ORDERS):
        began = time.perf_counter()
        await insert.fetch("x" * 600)
        times.append(time.perf_counter() - began)
    await connection.close()
    return times


def _submitted(cid: int) -> OrderSubmitted:
    now = datetime.now(UTC)
    terms = OrderTerms(
        symbol=Symbol("tBTCUSD"),
        side=Side.BUY,
        amount=Decimal("0.01"),
        type=OrderType.LIMIT,
        price=Decimal(30000),
    )
    order = Order(
        key=OrderKey(cid),
        terms=terms,
        status=OrderStatus.PENDING,
        remaining=terms.amount,
        created_at=now,
        updated_at=now,
        command_id=CommandId(f"bench:{cid}"),
    )
    return OrderSubmitted(at=now, order=order)


def _life(cid: int, number: int) -> Sequence[bytes]:
    order = 118_000_000 + number
    row = (
        f'[{order},null,{cid},"tBTCUSD",1790000000100,%d,%s,0.01,"EXCHANGE LIMIT",null,null,null,'
        '0,"%s",null,null,30000,%s,0,0,null,null,null,0,0,null,null,null,"API>BFX",null,null,null]'
    )
    trade = (
        f'[{number},"tBTCUSD",1790000000200,{order},0.01,30000,"EXCHANGE LIMIT",30000,-1,%s,{cid}]'
    )
    return [
        f'[0,"on",{row % (1790000000100, "0.01", "ACTIVE", "0")}]'.encode(),
        f'[0,"te",{trade % "null,null"}]'.encode(),
        f'[0,"tu",{trade % """-0.00002,"BTC" """.strip()}]'.encode(),
        f'[0,"oc",{row % (1790000000300, "0", "EXECUTED @ 30000.0(0.01)", "30000")}]'.encode(),
    ]


def _print(name: str, seconds: list[float]) -> None:
    cuts = statistics.quantiles(seconds, n=20)
    sys.stdout.write(
        f"{name:<32} median {statistics.median(seconds) * 1000:6.2f} ms   "
        f"p95 {cuts[18] * 1000:6.2f} ms\n"
    )


if __name__ == "__main__":
    asyncio.run(main())
