"""What survives: accounts, ids, nonces and the feed's place, in one file replaced whole."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TypeAlias

import msgspec

from engine.simulator.market.feed import FeedPlace
from engine.simulator.trading.account import Account, LedgerEntry, Position
from engine.simulator.trading.floor import Numbers
from engine.simulator.trading.order import Order, Trade

VERSION = 1
Finished: TypeAlias = Order | Position | Trade | LedgerEntry


@dataclass(slots=True, kw_only=True)
class State:
    """Everything an exchange must not forget; `nonces` are the last accepted ones per key."""

    version: int = VERSION
    accounts: dict[str, Account] = field(default_factory=dict)
    numbers: Numbers = field(default_factory=Numbers)
    nonces: dict[str, int] = field(default_factory=dict)
    feed: FeedPlace = field(default_factory=FeedPlace)


def dumps(state: State) -> bytes:
    return msgspec.json.encode(state)


def loads(raw: bytes) -> State:
    """Raises `ValueError` where it is not a state of this version."""
    try:
        state = msgspec.json.decode(raw, type=State)
    except msgspec.DecodeError as broken:
        raise ValueError(f"not a simulator state: {broken}") from broken
    if state.version != VERSION:
        raise ValueError(f"simulator state of version {state.version}, expected {VERSION}")
    return state


class Encoder:
    """Encodes states again and again, each finished order, trade and ledger entry only once."""

    def __init__(self) -> None:
        self._pieces: dict[tuple[str, str], list[tuple[int, bytes]]] = {}

    def encode(self, state: State) -> bytes:
        """The same bytes' meaning as `dumps`, at the price of what is new."""
        whole = {
            "version": state.version,
            "accounts": {name: self._account(account) for name, account in state.accounts.items()},
            "numbers": state.numbers,
            "nonces": state.nonces,
            "feed": state.feed,
        }
        return msgspec.json.encode(whole)

    def _account(self, account: Account) -> dict[str, object]:
        named: dict[str, object] = {
            item.name: getattr(account, item.name) for item in fields(Account)
        }
        past: dict[str, Sequence[Finished]] = {
            "closed_orders": account.closed_orders,
            "closed_positions": account.closed_positions,
            "trades": account.trades,
            "ledger": account.ledger,
        }
        return named | {name: self._joined(account.name, name, past[name]) for name in past}

    def _joined(self, account: str, name: str, entries: Sequence[Finished]) -> msgspec.Raw:
        pieces = self._pieces.setdefault((account, name), [])
        newest = pieces[-1][0] if pieces else None
        fresh: list[tuple[int, bytes]] = []
        for entry in reversed(entries):
            if entry.id == newest:
                break
            fresh.append((entry.id, msgspec.json.encode(entry)))
        pieces.extend(reversed(fresh))
        del pieces[: -len(entries) or len(pieces)]
        return msgspec.Raw(b"[" + b",".join(piece for _, piece in pieces) + b"]")


class StateFile:
    """A file that is always whole: written beside itself, then renamed over itself.

    What `write` has returned from survives a killed process and a power cut.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beside = path.with_name(path.name + ".new")
        self._encoder = Encoder()
        self._written = b""

    def read(self) -> State | None:
        """The saved state, or None before the first save."""
        if not self._path.exists():
            return None
        try:
            return loads(self._path.read_bytes())
        except ValueError as broken:
            raise ValueError(f"{self._path}: {broken}") from broken

    def write(self, state: State) -> None:
        encoded = self._encoder.encode(state)
        if encoded == self._written:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._beside.open("wb") as beside:
            beside.write(encoded)
            beside.flush()
            os.fsync(beside.fileno())
        self._beside.replace(self._path)
        _settle(self._path.parent)
        self._written = encoded


def _settle(folder: Path) -> None:
    """Bring the folder's entries to the disk, where that can be asked for."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
