"""The folder with the server's socket: short, private, remembered for who comes after."""

import os
import re
import stat
import tempfile
from pathlib import Path

from db.embedded.options import PORT

# A socket's whole path may have 107 bytes (103 on macOS), and a comma would read as a second one.
_SHORT_AND_PLAIN = re.compile(r"/[\w/.-]{0,59}", re.ASCII)
_NAME = f".s.PGSQL.{PORT}"


class SocketFolder:
    """A 0700 folder under the system's temporary one; `folder`/socket remembers which.

    That mode is the whole access control (the server trusts who gets through): it admits this
    user and root, who could read the data files anyway. A password would have to lie beside them.
    """

    __slots__ = ("_record",)

    def __init__(self, folder: Path) -> None:
        self._record = folder / "socket"

    def make(self, wanted: Path | None = None) -> Path:
        """The remembered folder, emptied of a killed server's socket, or a new one.

        The new one is `wanted`, if that can be: those who know the address go on with it.
        """
        known = self.find()
        if known is not None:
            _empty(known)
            return known
        made = _made(wanted) or Path(tempfile.mkdtemp(prefix="genesis-", dir=_parent()))
        self._record.write_text(str(made))
        return made

    def find(self) -> Path | None:
        """The remembered folder, if it is still there and nobody else can enter it."""
        try:
            known = Path(self._record.read_text())
            state = known.lstat()
        except OSError:
            return None
        ours = stat.S_ISDIR(state.st_mode) and state.st_uid == os.geteuid()
        return known if ours and not stat.S_IMODE(state.st_mode) & 0o077 else None

    def remove(self) -> None:
        """Leave nothing behind after an orderly stop."""
        known = self.find()
        if known is not None:
            _empty(known)
            known.rmdir()
        self._record.unlink(missing_ok=True)


def _made(wanted: Path | None) -> Path | None:
    try:
        if wanted is not None:
            wanted.mkdir(mode=0o700)
    except OSError:  # somebody else's by now
        return None
    return wanted


def _empty(folder: Path) -> None:
    for name in (_NAME, f"{_NAME}.lock"):
        (folder / name).unlink(missing_ok=True)


def _parent() -> str:
    usual = tempfile.gettempdir()
    return usual if _SHORT_AND_PLAIN.fullmatch(usual) else "/tmp"  # noqa: S108 - mkdtemp below it
