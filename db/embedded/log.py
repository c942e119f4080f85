"""The server's log: this run's files and the last run's, and why a start failed."""

import re
import shutil
from pathlib import Path

from db.errors import DatabaseDiskFull, DatabaseError, DatabaseFolderUnusable, DatabaseNotStarted

_LITTLE = 4 * 1024 * 1024
_CAUSE = re.compile(r"(?:FATAL|PANIC|initdb: error|could not execute).*?: +(.*)")
_OTHER_VERSION = re.compile(
    r"initialized by PostgreSQL version (\d+), which is not compatible with this version (\d+)"
)


def has_room(folder: Path, size: int) -> bool:
    """Whether at least `size` bytes are free where `folder` is."""
    return shutil.disk_usage(folder).free >= size


def disk_full(folder: Path) -> DatabaseDiskFull:
    return DatabaseDiskFull(
        f"The disk that holds {folder} is full, so the database cannot work. "
        "Free some space and start again; nothing is lost."
    )


class ServerLog:
    """The folder `folder`/log. `start` takes what the programs print before the log is open."""

    __slots__ = ("_previous", "folder", "start")

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "log"
        self.start = self.folder / "start.log"
        self._previous = folder / "log.previous"

    def begin(self) -> None:
        """Put the last run's files aside, over those of the run before."""
        if self.folder.exists():
            shutil.rmtree(self._previous, ignore_errors=True)
            self.folder.rename(self._previous)
        self.folder.mkdir(mode=0o700)

    def explain(self, fallback: str) -> DatabaseError:
        """The error that says in a sentence why this run's start failed."""
        text = self._text()
        # On a full disk the message itself may not have found room.
        if "No space left on device" in text or not has_room(self.folder, _LITTLE):
            return disk_full(self.folder.parent)
        cause, version = _CAUSE.search(text), _OTHER_VERSION.search(text)
        if version:
            return DatabaseFolderUnusable(
                f"The database in {self.folder.parent} was made by PostgreSQL {version[1]}, and "
                f"this is {version[2]}. Point PG_BINDIR at version {version[1]}, or move the data "
                "over with pg_upgrade."
            )
        said = f"{cause[1]}." if cause else fallback
        return DatabaseNotStarted(
            f"The database in {self.folder.parent} does not start: {said} More in {self.folder}."
        )

    def _text(self) -> str:
        files = sorted(self.folder.glob("server-*.log"))
        return "\n".join(file.read_text(errors="replace") for file in [self.start, *files])
