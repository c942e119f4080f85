"""CPU per market frame through socket, decode and cache: `python -m tests.bench.market_stream`.

A firehose in a process of its own talks flat out; both clients hear the same frames in turns: a
bare loop over `websockets` and msgspec, and ours with everything on: the sequence, the watch over
silence, the state of the book, the cache.
"""

import argparse
import asyncio
import random
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import msgspec
import uvloop
from websockets.asyncio.client import connect

from engine.bitfinex.auth import Secret
from engine.bitfinex.config import BitfinexConfig
from engine.bitfinex.market import BitfinexMarketData
from engine.clock import SystemClock
from engine.market.facade import MarketDataFacade
from engine.model.report import MarketReport
from engine.model.symbol import Symbol
from tests.eventually import eventually

BTC = Symbol("tBTCUSD")
CHANNELS = ("ticker", "book", "trades", "candles")
KINDS = (*CHANNELS, "mixed")
CANDLES = "trade:1m:tBTCUSD"

Hear = Callable[[str, int], Awaitable[float]]


@contextmanager
def firehose() -> Iterator["Hose"]:
    """A process that talks on demand."""
    command = [sys.executable, "-m", "tests.bench.firehose"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Hose(process)
        process.terminate()


class Hose:
    """Its address, and the tap."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._input = process.stdin
        self.url = f"ws://127.0.0.1:{int(process.stdout.readline())}/ws/2"

    def open(self, kind: str, frames: int) -> None:
        """Ask for a burst."""
        self._input.write(f"{kind} {frames}\n")
        self._input.flush()


@asynccontextmanager
async def bare(hose: Hose) -> AsyncIterator[Hear]:
    """Receive and decode, nothing else."""
    decode = msgspec.json.Decoder().decode
    async with connect(hose.url, compression=None, ping_interval=None, max_queue=None) as socket:
        await socket.recv()
        for channel in CHANNELS:
            named = {"key": CANDLES} if channel == "candles" else {"symbol": BTC}
            wish = {"event": "subscribe", "channel": channel, **named}
            await socket.send(msgspec.json.encode(wish), text=True)
            await socket.recv()
            await socket.recv()

        async def hear(kind: str, frames: int) -> float:
            hose.open(kind, frames)
            decode(await socket.recv(decode=False))
            began = time.process_time()
            for _ in range(frames - 1):
                decode(await socket.recv(decode=False))
            return (time.process_time() - began) / frames

        yield hear


@asynccontextmanager
async def ours(hose: Hose) -> AsyncIterator[Hear]:
    """The market's whole house, and a count of what came to its door."""
    clock = SystemClock()
    async with BitfinexMarketData(_config(hose.url), clock=clock, chance=random.Random(1)) as data:
        market = MarketDataFacade(data, clock)
        heard = [0]
        enough = asyncio.Event()
        due = [sys.maxsize]

        def hear_and_count(reports: Sequence[MarketReport]) -> None:
            market.hear(reports)
            heard[0] += len(reports)
            if heard[0] >= due[0]:
                enough.set()

        task = asyncio.create_task(data.run(hear_and_count))
        await market.watch(BTC)
        await market.follow_trades(BTC)
        await market.follow_candles(BTC, "1m")
        await eventually(lambda: heard[0] >= len(CHANNELS))

        async def hear(kind: str, frames: int) -> float:
            enough.clear()
            due[0] = heard[0] + frames
            hose.open(kind, frames)
            began = time.process_time()
            await enough.wait()
            return (time.process_time() - began) / frames

        yield hear
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _config(url: str) -> BitfinexConfig:
    return BitfinexConfig(
        api_key="key",
        api_secret=Secret("secret"),
        ws_api_key="key",
        ws_api_secret=Secret("secret"),
        rest_url="http://127.0.0.1:1/v2",
        public_rest_url="http://127.0.0.1:1/v2",
        ws_auth_url=url,
        ws_public_url=url,
    )


async def main(frames: int, rounds: int) -> None:
    """Measure in pairs, one burst right after the other, and print a table."""
    times: dict[tuple[str, str], list[float]] = {}
    for _ in range(rounds):
        with firehose() as one, firehose() as other:
            async with bare(one) as least, ours(other) as own:
                for kind in KINDS:
                    for name, hear in (("bare", least), ("ours", own)):
                        await hear(kind, frames // 10)
                        times.setdefault((name, kind), []).append(await hear(kind, frames))
    sys.stdout.write(f"{'':10}{'bare loop':>14}{'ours':>14}{'ratio':>8} (medians)\n")
    for kind in KINDS:
        pairs = list(zip(times["bare", kind], times["ours", kind], strict=True))
        bare_, ours_ = (statistics.median(column) * 1e6 for column in zip(*pairs, strict=True))
        ratio = statistics.median(second / first for first, second in pairs)
        sys.stdout.write(f"{kind:10}{bare_:11.2f} us{ours_:11.2f} us{ratio:7.2f}x\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=9)
    chosen = parser.parse_args()
    uvloop.run(main(chosen.frames, chosen.rounds))
