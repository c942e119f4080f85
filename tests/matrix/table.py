"""The matrix's size and result, as a table."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import product

from tests.matrix.axes import FAULTS, Cell, Interruption, Moment

PROPERTY = "fault_matrix"
COLUMN = 18
Count = tuple[str, str, int, int, int]
"""Moment, interruption, cells, cells played, cells passed."""


def record(
    note: Callable[[str, object], None], wanted: Sequence[Cell], passed: Sequence[Cell]
) -> None:
    """Keep the counts of a test with its report."""
    for moment, interruption in sorted({(cell.moment, cell.interruption) for cell in wanted}):
        note(PROPERTY, count(moment, interruption, wanted, passed))


def count(
    moment: Moment, interruption: Interruption, wanted: Iterable[Cell], passed: Iterable[Cell]
) -> Count:
    """One field of the table."""
    here = [c for c in wanted if (c.moment, c.interruption) == (moment, interruption)]
    played = sum(cell.pointless() is None for cell in here)
    good = sum((c.moment, c.interruption) == (moment, interruption) for c in passed)
    return str(moment), str(interruption), len(here), played, good


def lines(counts: Sequence[Count]) -> list[str]:
    """The table: passed of played, for each moment and interruption."""
    fields = {(moment, what): (played, good) for moment, what, _, played, good in counts}
    played, good = (sum(field[place] for field in fields.values()) for place in (0, 1))
    heads = "".join(f"{what!s:>{COLUMN}}" for what in Interruption)
    told = [f"{'passed of played':<22}{heads}"]
    for moment in Moment:
        row = [_field(fields.get((str(moment), str(what)))) for what in Interruption]
        told.append(f"{moment!s:<22}{''.join(f'{one:>{COLUMN}}' for one in row)}")
    whole = sum(one[2] for one in counts)
    told.append(
        f"{len(FAULTS)} faults x {len(Moment)} moments x {len(Interruption)} interruptions: "
        f"{whole} cells, {whole - played} without meaning, {played} played, {good} passed"
    )
    return told + _meaningless(fields.keys())


def _field(field: tuple[int, int] | None) -> str:
    return "-" if field is None else f"{field[1]} of {field[0]}"


def _meaningless(fields: Iterable[tuple[str, str]]) -> list[str]:
    there = set(fields)
    why = Counter(
        reason
        for fault, moment, what in product(FAULTS, Moment, Interruption)
        if (str(moment), str(what)) in there and (reason := Cell(fault, moment, what).pointless())
    )
    return [f"  without meaning: {number} because {reason}" for reason, number in why.items()]
