"""The log on disk: JSON lines, one line a transaction, written before it is acknowledged."""

import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from bot.telegram.sandbox.records import AnyRecord

_LINE = msgspec.json.Decoder(list[AnyRecord])
_ENCODER = msgspec.json.Encoder()


class Ledger:
    """One append-only file, owned by one process; a line torn by a crash is cut off on opening."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / "telegram.jsonl"
        self._lock = _take_lock(folder / "telegram.lock")
        self._file = -1
        self.lines = 0

    def read(self) -> Iterator[AnyRecord]:
        """All records so far; afterwards the ledger is ready to append."""
        whole = 0
        with self._path.open("a+b") as file:
            file.seek(0)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self.lines += 1
                yield from self._decoded(line)
                whole += len(line)
            file.truncate(whole)
        self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND)

    def _decoded(self, line: bytes) -> list[AnyRecord]:
        try:
            return _LINE.decode(line)
        except msgspec.DecodeError as error:
            raise ValueError(
                f"line {self.lines} of {self._path} cannot be read ({error}); "
                "move the file away to begin with empty chats"
            ) from None

    def append(self, records: Sequence[AnyRecord]) -> None:
        """Write the records as one line; on return they survive a kill of the process."""
        _write(self._file, _ENCODER.encode(records) + b"\n")
        os.fdatasync(self._file)
        self.lines += 1

    def rewrite(self, records: Iterable[AnyRecord]) -> None:
        """Replace the log by a shorter one of the same meaning, in one step."""
        fresh = self._path.with_suffix(".new")
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        count = 0
        for record in records:
            _write(file, _ENCODER.encode([record]) + b"\n")
            count += 1
        os.fsync(file)
        fresh.rename(self._path)
        self.close_file()
        self._file, self.lines = file, count

    def close_file(self) -> None:
        """Close the log itself."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def close(self) -> None:
        """Close the log and let another process have it."""
        self.close_file()
        os.close(self._lock)


def _take_lock(path: Path) -> int:
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as refused:
        os.close(lock)
        raise OSError(refused.errno, f"another local Telegram uses {path.parent}") from refused
    return lock


def _write(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]
