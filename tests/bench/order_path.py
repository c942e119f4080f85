"""An order from the decision to the wire, and its word back: `python -m tests.bench.order_path`.

Three clients trade with the same counterpart, each in its turn and several times over: a bare
loop over `websockets` and msgspec, the desk with risk and a journal in memory, and the
exchange's official Python client where BFXAPI_PYTHON names an interpreter that has it. The CPU
is that of the client's process. The desk commits twice an order: once before it leaves, once
when its word is in. What these commits took is told in a line of its own, and left out of the
next one (what they take on a disk is `tests.bench.journal`'s to say).
"""

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import aiohttp
import msgspec
import uvloop
from websockets.asyncio.client import connect

from bot.cli.run import settle_memory
from engine.bitfinex.auth import Secret
from engine.bitfinex.config import BitfinexConfig
from engine.bitfinex.exchange import BitfinexExchange
from engine.bitfinex.market import BitfinexMarketData
from engine.clock import SystemClock
from engine.desk import Desk
from engine.market.facade import MarketDataFacade
from engine.memory_journal import MemoryJournal
from engine.model.actor import Actor, Role
from engine.model.command import PlaceOrder
from engine.model.entry import Entry
from engine.model.event import Event, OrderEvent
from engine.model.ids import CommandId
from engine.model.order import OrderTerms, OrderType, Side
from engine.model.result import OrderTicket
from engine.model.symbol import Symbol
from tests.eventually import eventually

BTC = Symbol("tBTCUSD")
TRADER = Actor(actor_id="bench", name="Bench", role=Role.TRADER)
OFFICIAL = os.environ.get("BFXAPI_PYTHON", "")


@dataclass
class Run:
    """One client's orders: by cid when decided and when known; CPU seconds an order."""

    decided: dict[int, float] = field(default_factory=dict)
    known: dict[int, float] = field(default_factory=dict)
    cpu: float = 0.0
    commits: list[float] = field(default_factory=list)


class CountingJournal(MemoryJournal):
    """Notes how long each commit of an order's word took."""

    def __init__(self) -> None:
        super().__init__()
        self.took: list[float] = []

    async def append(
        self, events: Sequence[Event], *, claim: CommandId | None = None
    ) -> Sequence[Entry]:
        """As any journal."""
        begun = time.monotonic()
        entries = await super().append(events, claim=claim)
        if any(isinstance(event, OrderEvent) for event in events):
            self.took.append(time.monotonic() - begun)
        return entries


@dataclass
class Figures:
    """Seconds, for all runs of one client."""

    to_wire: list[float] = field(default_factory=list)
    to_state: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    before: list[float] = field(default_factory=list)
    after: list[float] = field(default_factory=list)

    def take(self, run: Run, times: dict[str, tuple[float, float]]) -> None:
        """All but the first quarter, which pays for what is done once."""
        self.cpu.append(run.cpu)
        self.before += run.commits[0::2]
        self.after += run.commits[1::2]
        for cid in list(run.decided)[len(run.decided) // 4 :]:
            arrived, told = times[str(cid)]
            self.to_wire.append(arrived - run.decided[cid])
            self.to_state.append(run.known[cid] - told)


@contextmanager
def counterpart() -> Iterator[str]:
    """An exchange in a process of its own; its address without a scheme."""
    command = [sys.executable, "-m", "tests.bench.counterpart"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield f"127.0.0.1:{int(process.stdout.readline())}"
        process.terminate()


async def bare(address: str, orders: int) -> Run:
    """The least that can be done: encode, send, receive, decode."""
    run, encode, decode = Run(), msgspec.json.encode, msgspec.json.Decoder().decode
    async with connect(f"ws://{address}/ws/2", compression=None, ping_interval=None) as socket:
        await socket.recv()
        await socket.send('{"event":"auth"}')
        for _ in range(4):
            await socket.recv()
        cpu = 0.0
        for number in range(orders):
            if number == orders // 4:
                cpu = time.process_time()
            cid = 2_000_000 + number
            run.decided[cid] = time.monotonic()
            order = {"cid": cid, "type": "EXCHANGE LIMIT", "symbol": "tBTCUSD"}
            order |= {"amount": "0.01", "price": "25000"}
            await socket.send(encode((0, "on", None, order)), text=True)
            while decode(await socket.recv(decode=False))[1] != "on":
                continue
            run.known[cid] = time.monotonic()
        run.cpu = (time.process_time() - cpu) / (orders - orders // 4)
    return run


async def desk(address: str, orders: int) -> Run:
    """Ours, whole."""
    clock, chance, config = SystemClock(), random.Random(1), _config(address)
    async with (
        BitfinexExchange(config, clock=clock, chance=chance) as exchange,
        BitfinexMarketData(config, clock=clock, chance=chance) as source,
    ):
        market = MarketDataFacade(source, clock)
        journal = CountingJournal()
        ours = Desk(journal=journal, exchange=exchange, market=market, clock=clock)
        await ours.open("bench")
        tasks = [asyncio.create_task(ours.run()), asyncio.create_task(market.run())]
        await eventually(lambda: ours.floor.closed_because() is None)
        await market.book(BTC)
        await eventually(lambda: market.last_price(BTC) is not None and market.hears)
        settle_memory()  # as the service does when it has started
        run = await _trade(ours, orders, journal)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return run


async def _trade(ours: Desk, orders: int, journal: CountingJournal) -> Run:
    run, cpu = Run(), 0.0
    journal.took.clear()
    for number in range(orders):
        if number == orders // 4:
            cpu = time.process_time()
        terms = OrderTerms(
            symbol=BTC,
            side=Side.BUY,
            amount=Decimal("0.01"),
            type=OrderType.LIMIT,
            price=Decimal(25000),
        )
        decided = time.monotonic()
        ticket = await ours.execute(TRADER, PlaceOrder(terms), CommandId(f"bench:{number}"))
        known = time.monotonic()
        assert isinstance(ticket, OrderTicket), ticket
        run.decided[ticket.order.key], run.known[ticket.order.key] = decided, known
    assert len(journal.took) == 2 * orders, "two commits an order"
    run.commits = journal.took
    run.cpu = (time.process_time() - cpu) / (orders - orders // 4)
    return run


async def official(address: str, orders: int) -> Run:
    """The official client, in its own interpreter."""
    program = Path(__file__).with_name("official_order_path.py")
    addresses = (f"http://{address}/v2", f"ws://{address}/ws/2")
    process = await asyncio.create_subprocess_exec(
        OFFICIAL, program, *addresses, str(orders), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return msgspec.json.decode(said, type=Run)


def _config(address: str) -> BitfinexConfig:
    rest, socket = f"http://{address}/v2", f"ws://{address}/ws/2"
    return BitfinexConfig(
        api_key="key",
        api_secret=Secret("secret"),
        ws_api_key="key",
        ws_api_secret=Secret("secret"),
        rest_url=rest,
        public_rest_url=rest,
        ws_auth_url=socket,
        ws_public_url=socket,
    )


async def main(orders: int, rounds: int) -> None:
    """Measure and print a table."""
    clients = {"bare loop": bare, "desk": desk} | (
        {"official client": official} if OFFICIAL else {}
    )
    figures = {name: Figures() for name in clients}
    for _ in range(rounds):
        for name, client in clients.items():
            with counterpart() as address:
                run = await client(address, orders)
                async with aiohttp.request("GET", f"http://{address}/times") as answer:
                    figures[name].take(run, await answer.json())
    _print(figures)


def _print(figures: dict[str, Figures]) -> None:
    rows = {name: _medians(these) for name, these in figures.items()}
    took = (figures["desk"].before, figures["desk"].after)
    before, after = map(statistics.median, took)
    rows["its commits"] = (before, after, before + after)
    pairs = zip(rows["desk"], rows["its commits"], strict=True)
    rows["desk without"] = tuple(whole - commit for whole, commit in pairs)
    say = sys.stdout.write
    say(f"{'':18}{'decision to wire':>22}{'word to state':>22}{'CPU an order':>22}\n")
    for name, row in rows.items():
        both = zip(row, rows["bare loop"], strict=True)
        cells = [f"{own * 1e6:12.0f} us {own / least:5.2f}x" for own, least in both]
        say(f"{name:18}{''.join(cells)}\n")


def _medians(figures: Figures) -> tuple[float, ...]:
    of = (figures.to_wire, figures.to_state, figures.cpu)
    return tuple(statistics.median(these) for these in of)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    uvloop.run(main(chosen.orders, chosen.rounds))
