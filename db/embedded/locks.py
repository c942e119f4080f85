"""Locks that end with the processes that hold them, however those end."""

import fcntl
import os
from pathlib import Path
from weakref import WeakSet


class FolderLock:
    """A lock on one file, free again when every process that has it open is gone.

    It is only ever given up by closing the file: a server that inherited the file keeps the lock.
    """

    __slots__ = ("__weakref__", "_file", "_path")

    def __init__(self, path: Path) -> None:
        self._path = path
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
        os.write(file, str(os.getpid()).encode())
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
        try:
            return self._path.read_text() or "unknown"
        except OSError:
            return "unknown"

    def release(self) -> None:
        """Close our copy of the file; nothing happens if we do not hold it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
            _held.discard(self)


_held: WeakSet[FolderLock] = WeakSet()


def _release_in_child() -> None:
    # A forked worker (multiprocessing) would otherwise keep the lock after our death.
    for lock in list(_held):
        lock.release()


os.register_at_fork(after_in_child=_release_in_child)
