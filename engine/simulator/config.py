"""What a simulator is started with."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

DEFAULT_SYMBOLS = (
    "tBTCUSD",
    "tETHUSD",
    "tETHBTC",
    "tLTCUSD",
    "tXRPUSD",
    "tTESTBTC:TESTUSD",
    "tBTCF0:USTF0",
)


def default_balances() -> dict[str, Decimal]:
    """A purse to try things with; `CUR` is the exchange wallet, `margin:CUR` the margin wallet."""
    return {
        "USD": Decimal(100_000),
        "BTC": Decimal(2),
        "ETH": Decimal(20),
        "margin:USD": Decimal(50_000),
        "TESTUSD": Decimal(100_000),
        "TESTBTC": Decimal(2),
        "margin:TESTUSD": Decimal(50_000),
    }


def default_keys() -> dict[str, str]:
    return {"demo-key": "demo-secret"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorConfig:
    """Settings of one simulator.

    `keys` maps API key to secret; `accounts` maps a key to its account (default: all keys share
    one), `denied` to what it may not do (`orders:write`, `wallets`). `balances` are starting
    amounts per account, `CUR` or `WALLET:CUR`. `data` are candle files to replay, `symbols` what
    is traded beside them. `clock_start` (ms) makes time stand still except for `POST
    /control/clock`. `shuffle` sends account frames in a seeded order of its own, as the exchange
    may (sheet, 7). Times are seconds unless they say otherwise.
    """

    port: int = 0
    host: str = "127.0.0.1"
    keys: Mapping[str, str] = field(default_factory=default_keys)
    accounts: Mapping[str, str] = field(default_factory=dict)
    read_only: Collection[str] = ()
    paper: Collection[str] = ()
    denied: Mapping[str, Collection[str]] = field(default_factory=dict)
    balances: Mapping[str, Decimal] = field(default_factory=default_balances)
    maker_fee: Decimal = Decimal("0.001")
    taker_fee: Decimal = Decimal("0.002")
    data: Sequence[Path] = ()
    data_symbols: Mapping[str, str] = field(default_factory=dict)
    symbols: Sequence[str] = DEFAULT_SYMBOLS
    speed: float = 1.0
    seed: int = 0
    state: Path | None = None
    feed_paused: bool = False
    clock_start: int | None = None
    replay_history_minutes: int = 43_200
    walk_history_minutes: int = 5_000
    heartbeat: float = 15.0
    tick_interval: float = 0.05
    checksum_interval: float = 2.5
    place_interval: float = 5.0
    idle_timeout: float = 60.0
    channel_limit: int = 30
    rate_limits: bool = False
    connect_limit: int | None = None
    shuffle: bool = False
