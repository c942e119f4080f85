"""Fixtures that every tier may use."""

import signal

pytest_plugins = ["tests.postgres", "tests.matrix.summary"]


def pytest_configure() -> None:
    """A shell has what it starts in the background ignore Ctrl-C, and so would our children."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
