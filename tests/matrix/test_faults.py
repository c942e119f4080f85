"""Each fault x each moment of an order's life x each interruption: all agree in the end."""

import asyncio
from collections.abc import Callable, Iterator, Sequence

import pytest

from tests.matrix.axes import Cell, Interruption, Moment, cells
from tests.matrix.endings import unexplained
from tests.matrix.play import Outcome, play_all, play_outage
from tests.matrix.table import record
from tests.postmaster import MortalServer

WITHOUT_DATABASE = tuple(one for one in Interruption if one is not Interruption.DATABASE)


@pytest.fixture(scope="session")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MortalServer]:
    """A server that nobody else uses, to be killed."""
    server = MortalServer(tmp_path_factory.mktemp("mortal"))
    asyncio.run(server.start())
    yield server
    asyncio.run(server.stop())


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize("interruption", WITHOUT_DATABASE)
def test_exchange_and_journal_agree(
    moment: Moment,
    interruption: Interruption,
    subtests: pytest.Subtests,
    record_property: Callable[[str, object], None],
) -> None:
    wanted = cells((moment,), (interruption,))
    outcomes = play_all([cell for cell in wanted if cell.pointless() is None])
    judge(wanted, outcomes, subtests, record_property)


@pytest.mark.parametrize("moment", Moment)
def test_exchange_and_journal_agree_when_the_database_dies(
    moment: Moment,
    mortal: MortalServer,
    subtests: pytest.Subtests,
    record_property: Callable[[str, object], None],
) -> None:
    wanted = cells((moment,), (Interruption.DATABASE,))
    played = [cell for cell in wanted if cell.pointless() is None]
    judge(wanted, play_outage(played, mortal), subtests, record_property)


def judge(
    wanted: Sequence[Cell],
    outcomes: Sequence[Outcome],
    subtests: pytest.Subtests,
    record_property: Callable[[str, object], None],
) -> None:
    """Each cell fails for itself; all are counted."""
    judged = [(outcome, [*outcome.violations, *unexplained(outcome)]) for outcome in outcomes]
    record(record_property, wanted, [outcome.cell for outcome, wrong in judged if not wrong])
    for outcome, wrong in judged:
        with subtests.test(outcome.cell.name):
            assert not wrong, "\n".join([f"{outcome.cell.name} ({outcome.endings})", *wrong])
