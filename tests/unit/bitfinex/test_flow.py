"""Everything that arrives is told, in order, however fast it comes and however slow we are."""

import asyncio
import json
import random
from collections.abc import Sequence

import pytest

from engine.bitfinex.exchange import BitfinexExchange
from engine.model.errors import LinkDown
from engine.model.report import (
    BalancesReport,
    OrderReport,
    Report,
)
from tests.unit.bitfinex.doubles import (
    AUTH_OK,
    INFO,
    FastClock,
    Peer,
    Told,
    config,
    eventually,
    limit_order,
    lost,
    playing,
    running_exchange,
    welcome,
)
from tests.unit.bitfinex.recorded import ours

FRAMES = {str(sample["name"]): str(sample["raw"]) for sample in ours("account_frames.json")}


async def test_rubbish_is_survived() -> None:
    async def rave(peer: Peer) -> None:
        await peer.let_in()
        await peer.tell("not json", "[0", "[]", "[7]", '{"event":', "[0,7]", "[0,null,[]]", "{}")
        await peer.tell('[0,"on",[1]]', '[0,"on",7]', '[0,"n",[]]', "[" * 5000, "1e999", '[0,"os"]')
        await peer.tell(FRAMES["order accepted, 32 fields"])
        await peer.stay()

    async with playing(rave) as stage, running_exchange(config(ws=stage.url)) as (_, told):
        await eventually(lambda: told.count(OrderReport) == 1)
        assert lost(told) == []


async def test_missing_available_balances_are_asked_for_once() -> None:
    async def hold_back(peer: Peer) -> None:
        await peer.tell(INFO)
        await peer.heard()
        wallets = [["exchange", f"C{n}", 1, 0, None, None, None] for n in range(40)]
        await peer.tell(AUTH_OK, [0, "ps", []], [0, "ws", wallets], [0, "os", []])
        await peer.heard()
        await peer.heard()
        for n in range(40):
            await peer.tell([0, "wu", ["exchange", f"C{n}", 1, 0, None, None, None]])
        await peer.tell([0, "wu", ["exchange", "USD", 5, 0, 4.5, None, None]])
        await peer.tell([0, "wu", ["exchange", "EUR", 5, 0, None, None, None]])
        await peer.stay()

    async with playing(hold_back) as stage, running_exchange(config(ws=stage.url)):
        await eventually(lambda: len(stage.received) == 4)
        first, second, third = stage.received[1:]
        assert isinstance(first, list)
        assert isinstance(second, list)
        assert first[:3] == [0, "calc", None]
        assert (len(first[3]), len(second[3])) == (30, 10)
        assert first[3][0] == ["wallet_exchange_C0"]
        assert third == [0, "calc", None, [["wallet_exchange_EUR"]]]


async def test_a_burst_arrives_whole_in_order_and_in_groups() -> None:
    count = 15_000
    template = json.loads(FRAMES["wallet update without available"])

    async def burst(peer: Peer) -> None:
        await peer.let_in()
        for number in range(count):
            template[2][2], template[2][4] = number, number
            await peer.socket.send(json.dumps(template))
        await peer.stay()

    async with (
        playing(burst) as stage,
        running_exchange(config(ws=stage.url), clock=FastClock(1)) as (_, told),
    ):
        await eventually(lambda: told.count(BalancesReport) == count + 1, 30)
        totals = [
            int(report.balances[0].total)
            for report in told.reports
            if isinstance(report, BalancesReport) and not report.whole
        ]
        assert totals == list(range(count))
        assert max(told.batches) > 1


async def test_a_slow_reader_loses_nothing_and_keeps_the_link() -> None:
    class Slow(Told):
        async def absorb(self, reports: Sequence[Report]) -> None:
            await asyncio.sleep(0.15)
            await super().absorb(reports)

    async def tick(peer: Peer) -> None:
        await peer.let_in()
        for _ in range(50):
            await peer.tell(FRAMES["order accepted, 32 fields"])
            await asyncio.sleep(0.005)
        waiter = await peer.socket.ping()
        await waiter
        await peer.tell(FRAMES["executed"])
        await peer.stay()

    async with (
        playing(tick) as stage,
        running_exchange(config(ws=stage.url), Slow(), FastClock(10)) as (_, told),
    ):
        await eventually(lambda: told.count(OrderReport) == 51)
        assert len(told.batches) < 12
        assert lost(told) == []


async def test_what_the_reader_raises_comes_out_of_run() -> None:
    class Unwilling(Exception):
        pass

    class Refusing(Told):
        async def absorb(self, reports: Sequence[Report]) -> None:
            raise Unwilling

    async with playing(welcome) as stage:
        exchange = BitfinexExchange(
            config(ws=stage.url), clock=FastClock(), chance=random.Random(7)
        )
        with pytest.raises(Unwilling):
            await exchange.run(Refusing().absorb)
        with pytest.raises(LinkDown):
            await exchange.submit(limit_order())
