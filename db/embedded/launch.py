"""Becomes a PostgreSQL program that dies with its parent. Run by path; standard library only.

    python -I -S launch.py PARENT_PID SIGNAL UID:GID|- PROGRAM ARGUMENT...

A program of its own, not a `preexec_fn`: code between fork and exec is unsafe where threads run.
"""

import ctypes
import os
import signal
import sys

NAMESPACE_REFUSED = 97
PARENT_GONE = 98

_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Enter the user namespace if one is asked for, tie this process to its parent, exec."""
    parent, death, identity, *command = arguments
    # An ignored SIGINT (nohup, a shell's background job) would stay ignored across exec.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if identity != "-":
        _become(*identity.split(":"))
    # Last, because a change of credentials clears it.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(death), 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit(PARENT_GONE)
    os.execv(command[0], command)  # noqa: S606 - the caller's own argument list, no shell


def _become(uid: str, gid: str) -> None:
    """Be a normal user in our own eyes; for the kernel and the files we stay who we are."""
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    if sys.platform != "linux" or ctypes.CDLL(None).unshare(_CLONE_NEWUSER) != 0:
        sys.exit(NAMESPACE_REFUSED)
    try:
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{uid} {outer_uid} 1")
        _write("/proc/self/gid_map", f"{gid} {outer_gid} 1")
    except OSError:
        sys.exit(NAMESPACE_REFUSED)


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:  # noqa: PTH123 - pathlib would double this script's start time
        file.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
