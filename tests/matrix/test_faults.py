"""Each fault x each moment of an order's life x each interruption: all agree in the end."""

import asyncio
from collections.abc import Callable, Iterator, Sequence

import pytest

from db import schema
from db.embedded import EmbeddedPostgres
from tests.matrix.axes import Cell, Interruption, Moment, cells
from tests.matrix.endings import unexplained
from tests.matrix.play import Outcome, play_all, play_outage
from tests.matrix.table import record
from tests.postgres import Databases

WITHOUT_DATABASE = tuple(one for one in Interruption if one is not Interruption.DATABASE)


@pytest.fixture(scope="session")
def mortal_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A server that nobody else uses, to be killed."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("mortal"), fsync=False)
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        runner.run(server.start())
        runner.run(schema.upgrade(server.url))
    yield server
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        runner.run(server.stop())


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
    mortal_server: EmbeddedPostgres,
    subtests: pytest.Subtests,
    record_property: Callable[[str, object], None],
) -> None:
    wanted = cells((moment,), (Interruption.DATABASE,))
    played = [cell for cell in wanted if cell.pointless() is None]
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        databases = Databases(mortal_server, runner)
        names = [databases.create("postgres") for _ in played]
        urls = [databases.url(name) for name in names]
        databases.close()
    judge(wanted, play_outage(played, mortal_server, urls), subtests, record_property)


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
