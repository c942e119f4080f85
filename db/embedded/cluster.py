"""The data folder: made whole or not at all, and who uses it."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from db.embedded.binaries import Binaries
from db.embedded.log import disk_full, has_room
from db.embedded.process import run
from db.errors import DatabaseFolderUnusable, DatabaseNotStarted

USER = "genesis"
DATABASE = "genesis"
_NEW = "data.new-"
_SIZE = 64 * 1024 * 1024
_OLDEST_MAJOR = 17
_READY = "ready"
# The service is no superuser: SQL smuggled into it could otherwise run programs.
_FIRST = f"CREATE ROLE {USER} LOGIN CREATEDB\nCREATE DATABASE {DATABASE} OWNER {USER}\n"


class Cluster:
    """The cluster in `folder`/data. Its methods expect the caller to hold the server lock."""

    __slots__ = ("_folder", "data")

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.data = folder / "data"

    @property
    def major(self) -> int:
        """The PostgreSQL version that made the folder; `DatabaseFolderUnusable` if none did."""
        try:
            return int((self.data / "PG_VERSION").read_text())
        except (OSError, ValueError) as error:
            raise DatabaseFolderUnusable(
                f"{self.data} is not a whole PostgreSQL data folder: PG_VERSION cannot be read. "
                "Restore it from a backup, or move it away to begin with an empty database."
            ) from error

    @property
    def exists(self) -> bool:
        return os.path.lexists(self.data)

    async def create(self, binaries: Binaries, *, fsync: bool, log: Path, keep: int) -> None:
        """Make the cluster. Killed at any moment, this leaves no half of one."""
        _require_version(binaries)
        if not has_room(self._folder, _SIZE):
            raise disk_full(self._folder)
        new = Path(tempfile.mkdtemp(prefix=_NEW, dir=self._folder))
        try:
            await run(_initdb(binaries, new, fsync=fsync), log=log, keep=keep)
            await run(_single(binaries, new, fsync=fsync), log=log, keep=keep, stdin=_FIRST)
            self._adopt(new, fsync=fsync)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise

    def _adopt(self, new: Path, *, fsync: bool) -> None:
        new.rename(self.data)
        if fsync:
            _sync_folder(self._folder)

    def clear_traces(self) -> None:
        """Remove what killed processes left: halves of a cluster, the pid file of a server.

        PostgreSQL would believe that file, were the number in use again. Nobody can be running:
        the lock they all inherit is ours.
        """
        for half in self._folder.glob(f"{_NEW}*"):
            shutil.rmtree(half)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def ready(self, pid: int | None = None) -> bool:
        """Whether a server (the one with this pid) says it takes connections."""
        state = self._pid_file()
        return len(state) > 7 and state[7].strip() == _READY and pid in (None, int(state[0]))

    def processes(self) -> list[int]:
        """Every process of a server in this folder; elsewhere than on Linux its first one."""
        if Path("/proc/self/cwd").exists():
            return [pid for pid in _pids() if self._works_here(pid)]
        return [int(line) for line in self._pid_file()[:1]]

    def _works_here(self, pid: int) -> bool:
        process = Path("/proc") / str(pid)
        try:
            here = (process / "cwd").readlink() == self.data.resolve()
            return here and (process / "exe").readlink().name.startswith("postgres")
        except OSError:  # ended meanwhile, or somebody else's
            return False

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []


def signal_all(pids: list[int], how: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            continue


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _initdb(binaries: Binaries, folder: Path, *, fsync: bool) -> list[str | Path]:
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    names = ["--username=postgres", "--auth=reject", "--encoding=UTF8", "--no-instructions"]
    # A quarter of the usual size: the log of an idle service is mostly zeroes to write and keep.
    wal = ["--wal-segsize=4", *([] if fsync else ["--no-sync"])]
    return [binaries.initdb, "-D", folder, *names, *locale, *wal]


def _single(binaries: Binaries, folder: Path, *, fsync: bool) -> list[str | Path]:
    durable = f"fsync={'on' if fsync else 'off'}"
    return [binaries.postgres, "--single", "-D", folder, "-c", durable, "postgres"]


def _require_version(binaries: Binaries) -> None:
    answer = subprocess.run(  # noqa: S603 - our own program, no shell
        [binaries.postgres, "--version"], capture_output=True, text=True, check=False, timeout=10
    )
    found = re.search(r"\) (\d+)", answer.stdout)
    if found is None or int(found[1]) < _OLDEST_MAJOR:
        raise DatabaseNotStarted(
            f"{binaries.postgres} is {answer.stdout.strip() or 'no PostgreSQL'}; "
            f"Genesis needs PostgreSQL {_OLDEST_MAJOR} or newer."
        )


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
