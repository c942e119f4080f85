"""Prints the matrix at the end of a run, from whatever worker it was played by."""

import pytest

from tests.matrix.table import PROPERTY, Count, lines


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Nothing where nothing of it was played."""
    counts: dict[tuple[str, str], Count] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == PROPERTY:
                    moment, what, whole, played, passed = value
                    counts[moment, what] = (moment, what, whole, played, passed)
    if counts:
        terminalreporter.section("fault matrix")
        for line in lines(list(counts.values())):
            terminalreporter.write_line(line)
