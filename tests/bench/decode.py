"""CPU per frame of our decoding beside a bare msgspec decode: `python -m tests.bench.decode`."""

import sys
import time
import timeit
from collections.abc import Callable, Mapping

import msgspec

from engine.bitfinex.book_feed import BookFeed
from engine.bitfinex.frames import AccountFrames
from engine.bitfinex.market_rows import channel_of, ticker_feed
from engine.bitfinex.sequence import MarketSequence
from engine.clock import SystemClock
from engine.model.symbol import Symbol

ROUNDS = 20_000
REPEATS = 7
BTC = Symbol("tBTCUSD")

TICKER = (
    b"[30,[73350,2.55279457,73351,6.36068263,1003,0.01386374,73350,2638.4314844,73583,68643],7]"
)
CHANGE = b"[40,[73350,3,0.25279457],7]"
HEARTBEAT = b'[40,"hb",7]'
SNAPSHOT = (
    b"[40,["
    + b",".join(b"[%d,2,0.5]" % (73350 - i) for i in range(25))
    + b","
    + b",".join(b"[%d,2,-0.5]" % (73351 + i) for i in range(25))
    + b"],7]"
)
ORDER = (
    b'[0,"on",[118,null,1700000000001,"tBTCUSD",1700000000100,1700000000110,0.116163,0.116163,'
    b'"EXCHANGE LIMIT",null,null,null,0,"ACTIVE",null,null,4304.3,0,0,0,null,null,null,0,0,null,'
    b'null,null,"API>BFX",null,null,null]]'
)
TRADE = (
    b'[0,"tu",[77,"tBTCUSD",1700000000100,118,0.116163,4304.26318325,"EXCHANGE LIMIT",4304.3,-1,'
    b'-0.00023233,"BTC",1700000000001]]'
)
WALLET = b'[0,"wu",["exchange","USD",412.06187584,0,null,null,null]]'

bare = msgspec.json.Decoder().decode


def market() -> Callable[[bytes], object]:
    """The path of a market frame through a public socket's listener."""
    told: list[object] = []
    sequence = MarketSequence()
    book = BookFeed(BTC, told.append)
    book(SNAPSHOT)
    feeds: Mapping[int, Callable[[bytes], None]] = {
        30: ticker_feed(BTC, SystemClock().now, told.append),
        40: book,
    }

    def read(raw: bytes) -> None:
        sequence.see_frame(raw)
        feeds[channel_of(raw)](raw)
        told.clear()

    return read


def account() -> Callable[[bytes], object]:
    """The path of an account frame through the private socket's listener."""
    frames = AccountFrames()
    return frames.hear


def micros(decode: Callable[[bytes], object], raw: bytes) -> float:
    """The best of several rounds, in microseconds a frame."""
    rounds = timeit.repeat(
        lambda: decode(raw), number=ROUNDS, repeat=REPEATS, timer=time.process_time
    )
    return min(rounds) / ROUNDS * 1e6


def main() -> None:
    """Print the table."""
    decode_market, decode_account = market(), account()
    cases: Mapping[str, tuple[Callable[[bytes], object], bytes]] = {
        "ticker": (decode_market, TICKER),
        "book change": (decode_market, CHANGE),
        "book heartbeat": (decode_market, HEARTBEAT),
        "50 changes in bulk": (decode_market, SNAPSHOT),
        "account: on": (decode_account, ORDER),
        "account: tu": (decode_account, TRADE),
        "account: wu": (decode_account, WALLET),
    }
    lines = [f"{'frame':<22}{'bare msgspec us':>16}{'ours us':>10}{'ratio':>8}"]
    for name, (decode, raw) in cases.items():
        floor, ours = micros(bare, raw), micros(decode, raw)
        lines.append(f"{name:<22}{floor:>16.2f}{ours:>10.2f}{ours / floor:>8.1f}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
