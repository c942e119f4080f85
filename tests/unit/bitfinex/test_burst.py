"""A flat-out burst arrives whole, in order, in bounded memory."""

import asyncio
from collections.abc import Sequence

from engine.bitfinex.outbox import Outbox
from engine.model.report import BookChange, BookSnapshot, MarketReport
from tests.unit.bitfinex.doubles import (
    BTC,
    FastClock,
    Peer,
    config,
    eventually,
    playing,
    running_market,
)
from tests.unit.bitfinex.test_gaps import numbered_market

FRAMES = 40_000


async def test_forty_thousand_frames_at_once_arrive_whole() -> None:
    async def burst(peer: Peer) -> None:
        await numbered_market(peer)
        for number in range(FRAMES):
            await peer.socket.send(f"[101,[{number % 25 + 5000},1,{number + 1}],{number + 3}]")
        await peer.stay()

    async with (
        playing(burst) as stage,
        running_market(config(ws=stage.url), FastClock(1)) as (market, told),
    ):
        await market.watch(BTC)
        await eventually(lambda: told.count(BookSnapshot) == 1)
        await eventually(lambda: sum(told.batches) == FRAMES + 2, 60)
        amounts = [report.amount for report in told.market if isinstance(report, BookChange)]
        assert amounts == [float(number + 1) for number in range(FRAMES)]
        assert max(told.batches) <= 10_001
        assert (stage.connects, market.reconnects) == (1, 0)


async def test_who_fills_waits_while_nobody_empties() -> None:
    outbox: Outbox[MarketReport] = Outbox(limit=3)
    changes: Sequence[MarketReport] = [BookChange(BTC, n, 1, 1) for n in range(3)]
    outbox.extend(changes[:2])
    async with asyncio.timeout(1):
        await outbox.relieved()
    outbox.put(changes[2])
    assert outbox.full
    waiting = asyncio.ensure_future(outbox.relieved())
    await asyncio.sleep(0)
    assert not waiting.done()
    assert await outbox.take() == changes
    await waiting
    assert len(outbox) == 0
