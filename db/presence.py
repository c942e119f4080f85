"""Whether a process of this machine still lives: a mark that another process can check."""

import os
from pathlib import Path
from typing import Final

_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE: Final = Path("/proc/self/ns/pid")


def own_mark() -> str:
    """Names this process among all of all machines; empty where the system does not tell."""
    try:
        return f"{_place()} {os.getpid()} {_began(os.getpid())}"
    except OSError:
        return ""


def is_gone(mark: str) -> bool:
    """Whether the process of this mark has certainly ended: it lived here, and does no more.

    What follows the mark, after a space, is the caller's own.
    """
    place, _, process = mark.partition(" ")
    number, _, rest = process.partition(" ")
    began = rest.partition(" ")[0]
    try:
        if place != _place() or not number.isdecimal():
            return False
        os.kill(int(number), 0)
        return _began(int(number)) != began
    except ProcessLookupError:
        return True
    except OSError:  # hidden from us: it may be anything
        return False


def _place() -> str:
    """The machine since it was started, and the space its process numbers are of."""
    return f"{_BOOT.read_text().strip()}:{os.readlink(_NAMESPACE)}"  # noqa: PTH115 - no real path


def _began(number: int) -> str:
    """When a process began, in ticks; empty once it is dead and only waits for its burial."""
    # Its name, in brackets before these fields, may hold anything.
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]
