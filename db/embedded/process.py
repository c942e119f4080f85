"""Starting PostgreSQL's programs so that they never outlive us, and waiting for them."""

import asyncio
import os
import pwd
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from db.embedded import launch
from db.errors import DatabaseRefusesRoot

_POLL = 0.005
# Tokens and keys of the service stay out of the server's environment.
_INHERITED = ("PATH", "LD_LIBRARY_PATH")
_FIXED = {"LC_ALL": "C", "TZ": "UTC"}


def spawn(
    command: Sequence[str | Path],
    *,
    death: signal.Signals,
    log: Path,
    keep: int,
    stdin: str = "",
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own; it gets the signal `death` when we die.

    `keep` is the descriptor of the server lock, which the program and its children inherit;
    what it prints goes to the end of `log`. Raises `RuntimeError` outside the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        # The kernel sends `death` when the thread that forked ends, not the process.
        raise RuntimeError("the embedded PostgreSQL can only be started from the main thread")
    launcher = [sys.executable, "-I", "-S", launch.__file__, str(os.getpid()), str(int(death))]
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - our own programs, no shell
            [*launcher, _identity(), *map(str, command)],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            pass_fds=(keep,),
            env=_environment(),
            cwd="/",
            # Ctrl-C in a terminal goes to the foreground process group: not to the server,
            # which must hear the service's last words first.
            start_new_session=True,
        )
    _feed(process, stdin)
    return process


def exit_code(process: subprocess.Popen[bytes]) -> int | None:
    """None while the program runs; a refused user namespace is raised as `DatabaseRefusesRoot`."""
    code = process.poll()
    if code == launch.NAMESPACE_REFUSED:
        raise DatabaseRefusesRoot(
            "PostgreSQL does not run as this user, and this system allows no user namespace. "
            "Run Genesis as a normal user, or set DATABASE_URL."
        )
    return code


async def ended(process: subprocess.Popen[bytes], *, poll: float = _POLL) -> int:
    """Wait for the program to end; its exit code."""
    # A thread in `wait` could not be cancelled; a loop's child watcher ends with the loop.
    while (code := exit_code(process)) is None:  # noqa: ASYNC110
        await asyncio.sleep(poll)
    return code


async def run(command: Sequence[str | Path], *, log: Path, keep: int, stdin: str = "") -> None:
    """Run a program to its end; `CalledProcessError` if it fails, and it never stays behind."""
    process = spawn(command, death=signal.SIGTERM, log=log, keep=keep, stdin=stdin)
    try:
        code = await ended(process)
    finally:
        end_now(process, signal.SIGTERM)
    if code != 0:
        raise subprocess.CalledProcessError(code, str(command[0]))


def end_now(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """End a program that may still run, without handing control back in between."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _feed(process: subprocess.Popen[bytes], text: str) -> None:
    if process.stdin is not None:
        # A program that failed at once has closed its end; its exit code tells.
        with suppress(BrokenPipeError), process.stdin as pipe:
            pipe.write(text.encode())


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _INHERITED if name in os.environ} | _FIXED


def _identity() -> str:
    """PostgreSQL refuses root, and initdb a user without a name: those play a named user."""
    try:
        if pwd.getpwuid(os.geteuid()).pw_uid != 0:
            return "-"
    except KeyError:
        pass
    named = next((user for user in pwd.getpwall() if user.pw_uid != 0), None)
    return f"{named.pw_uid}:{named.pw_gid}" if named else "1000:1000"
