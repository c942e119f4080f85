"""Locks that end with the processes that hold them, however those end."""

import fcntl
import os
from pathlib import Path
from typing import Final
from weakref import WeakSet

_STAYS: Final = " stays"


class FolderLock:
    """A lock on one file, free again when every process that has it open is gone.

    It is only ever given up by closing the file: a server that inherited the file keeps the lock.
    `stays` is written into it, for others to know that its holder means to keep it.
    """

    __slots__ = ("__weakref__", "_file", "_path", "_stays")

    def __init__(self, path: Path, *, stays: bool = False) -> None:
        self._path = path
        self._stays = stays
        self._file: int | None = None

    def acquire(self) -> bool:
        """Take the lock if it is free; True if it is ours now. Never waits."""
        if self._file is not None:
            return True
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()}{_STAYS * self._stays}".encode())
        self._file = file
        _held.add(self)
        return True

    @property
    def held(self) -> bool:
        return self._file is not None

    def fileno(self) -> int:
        if self._file is None:
            raise ValueError(f"{self._path} is not locked by us")
        return self._file

    def holder(self) -> str:
        """The number of the process that took the lock last, for a message."""
        return self._note().removesuffix(_STAYS) or "unknown"

    def holder_stays(self) -> bool:
        """Whether the process that took the lock last means to keep it."""
        return self._note().endswith(_STAYS)

    def release(self) -> None:
        """Close our copy of the file; nothing happens if we do not hold it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
            _held.discard(self)

    def _note(self) -> str:
        try:
            return self._path.read_text()
        except OSError:
            return ""


_held: WeakSet[FolderLock] = WeakSet()


def _release_in_child() -> None:
    # A forked worker (multiprocessing) would otherwise keep the lock after our death.
    for lock in list(_held):
        lock.release()


os.register_at_fork(after_in_child=_release_in_child)
