"""Whatever is appended: both journals answer alike, and as the fold of their entries says."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.journal import PostgresJournal
from db.session import Database
from db.tables import metadata
from engine.memory_journal import MemoryJournal
from engine.model.account import Wallet
from engine.model.bracket import BracketStatus
from engine.model.change import OrderChange
from engine.model.errors import DuplicateCommand
from engine.model.event import (
    AmendFailed,
    AmendRequested,
    BracketChanged,
    CancelFailed,
    CancelRequested,
    Event,
    ExchangeReconciled,
    FeeSettled,
    LotCorrected,
    OrderAdopted,
    OrderClosed,
    OrderFilled,
    OrderRejected,
    OrderResubmitted,
    OrderSubmitted,
    PositionAdopted,
    PositionIgnored,
    ServiceStarted,
    ServiceStopped,
    TemplateDeleted,
    TemplateSaved,
    TradingPaused,
    TradingResumed,
)
from engine.model.ids import CommandId, OrderKey
from engine.model.lot import Lot
from engine.model.order import Fill, OrderStatus, Origin
from engine.model.risk_event import EquityKnown, EquityUnknown, WindowClosed, WindowOpened
from engine.ports import Journal
from tests.contract.journal import made
from tests.contract.journal.migrated import database_template
from tests.postgres import Databases
from tests.property.journal.folded import fold

__all__ = ["database_template"]

KEYS = [OrderKey(key) for key in (1, 2, 3)]
COMMANDS = [CommandId(f"tg:{n}") for n in (1, 2, 3)]
READERS = ["alerts", "metrics"]

_seconds = st.integers(min_value=0, max_value=5)
_orders = st.builds(
    made.order,
    st.sampled_from(KEYS),
    st.sampled_from(OrderStatus),
    command=st.none() | st.sampled_from(COMMANDS),
    origin=st.sampled_from(Origin),
    changed=_seconds,
)
_at = _seconds.map(made.moment)
_trade = st.integers(min_value=1, max_value=3)
_lots = st.builds(
    Lot,
    wallet=st.sampled_from([Wallet.EXCHANGE, Wallet.MARGIN]),
    symbol=st.sampled_from([made.BTC, made.ETH]),
    amount=st.sampled_from([Decimal(0), Decimal("1.5"), Decimal(-2)]),
    cost=st.just(Decimal("29000.5")),
)


def _fills(fee: str | None) -> st.SearchStrategy[Fill]:
    """Trades that opened, closed, did both, or nobody can say."""
    return st.builds(
        replace,
        st.builds(made.fill, _trade, fee=st.just(fee), at=_seconds),
        opening=st.booleans(),
        profit=st.none() | st.just(Decimal("-3.25")),
        paid=st.none() | st.just(Decimal("29000.5")),
        stopped=st.booleans(),
    )


_who = {"actor_id": st.just("tg:1"), "name": st.just("Ada")}
_events = st.one_of(
    st.builds(OrderSubmitted, at=_at, order=_orders),
    st.builds(OrderResubmitted, at=_at, order=_orders),
    st.builds(OrderFilled, at=_at, order=_orders, fill=_fills(None), lot=st.none() | _lots),
    st.builds(FeeSettled, at=_at, order=_orders, fill=_fills("-0.1"), lot=st.none() | _lots),
    st.builds(LotCorrected, at=_at, lot=_lots),
    st.builds(OrderRejected, at=_at, order=_orders),
    st.builds(OrderClosed, at=_at, order=_orders),
    st.builds(WindowOpened, at=_at, until=st.none()),
    st.builds(WindowClosed, at=_at, until=st.none() | _at),
    st.builds(EquityUnknown, at=_at, why=st.just("no price")),
    st.builds(EquityKnown, at=_at),
    st.builds(
        made.balance_changed, st.sampled_from(["USD", "BTC"]), st.sampled_from(["0", "1.50"])
    ),
    st.builds(
        made.position_changed,
        st.sampled_from(["0", "1", "-2.5"]),
        st.sampled_from([made.BTC, made.ETH]),
    ),
    st.builds(
        made.position_found, st.sampled_from(["1", "-2.5"]), st.sampled_from([made.BTC, made.ETH])
    ),
    st.builds(
        PositionAdopted,
        at=_at,
        actor_id=st.just("tg:1"),
        symbol=st.sampled_from([made.BTC, made.ETH]),
    ),
    st.builds(
        PositionIgnored,
        at=_at,
        actor_id=st.just("tg:1"),
        symbol=st.sampled_from([made.BTC, made.ETH]),
    ),
    st.builds(OrderAdopted, at=_at, order=_orders, actor_id=st.just("tg:1")),
    st.builds(
        AmendRequested,
        at=_at,
        actor_id=st.just("tg:1"),
        key=st.sampled_from(KEYS),
        change=st.builds(OrderChange),
    ),
    st.builds(AmendFailed, at=_at, key=st.sampled_from(KEYS), reason=st.just("gone")),
    st.builds(TradingPaused, at=_at, **_who, reason=st.just("lunch")),
    st.builds(TradingResumed, at=_at, **_who),
    st.builds(
        CancelRequested,
        at=_at,
        actor_id=st.just("tg:1"),
        keys=st.lists(st.sampled_from(KEYS), max_size=3, unique=True).map(tuple),
    ),
    st.builds(CancelFailed, at=_at, key=st.sampled_from(KEYS), reason=st.just("gone")),
    st.builds(
        BracketChanged,
        at=_at,
        bracket=st.builds(made.bracket, st.sampled_from(KEYS), st.sampled_from(BracketStatus)),
    ),
    st.builds(
        TemplateSaved,
        at=_at,
        actor_id=st.just("tg:1"),
        template=st.builds(
            made.template, st.sampled_from(["dip", "aim"]), st.sampled_from(["1", "2"])
        ),
    ),
    st.builds(
        TemplateDeleted, at=_at, actor_id=st.just("tg:1"), name=st.sampled_from(["dip", "aim"])
    ),
    st.builds(ExchangeReconciled, at=_at),
    st.builds(ServiceStarted, at=_at, version=st.just("1")),
    st.builds(ServiceStopped, at=_at),
)


@dataclass(frozen=True, slots=True)
class Append:
    events: list[Event]
    claim: CommandId | None


@dataclass(frozen=True, slots=True)
class Advance:
    reader: str
    seq: int


_steps = st.lists(
    st.one_of(
        st.builds(
            Append, st.lists(_events, max_size=6), st.none() | st.none() | st.sampled_from(COMMANDS)
        ),
        st.builds(Advance, st.sampled_from(READERS), st.integers(min_value=0, max_value=9)),
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """A loop for the examples, beside those of other tests."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        yield runner


@pytest.fixture(scope="module")
def database(
    runner: asyncio.Runner, databases: Databases, database_template: str
) -> Iterator[Database]:
    """One database for all examples."""
    name = databases.create(database_template)
    database = runner.run(Database.open(databases.url(name)))
    yield database
    runner.run(database.close())
    databases.drop(name)


@pytest.fixture(scope="module")
def postgres(database: Database) -> PostgresJournal:
    """The journal of all examples, emptied between them."""
    return PostgresJournal(database)


async def empty(database: Database) -> None:
    """Forget everything; only a test may, and it has to overrule the journal's own guard."""
    connection = await database.connect()
    await connection.execute(
        "ALTER TABLE journal DISABLE TRIGGER journal_is_append_only;"
        + "".join(f"DELETE FROM {table};" for table in reversed(metadata.tables))
        + "ALTER TABLE journal ENABLE TRIGGER journal_is_append_only"
    )
    await connection.close()


async def take(journal: Journal, step: Append | Advance) -> Sequence[Event] | Literal["twin"]:
    """What a journal answers to a step."""
    if isinstance(step, Advance):
        await journal.advance(step.reader, step.seq)
        return ()
    try:
        entries = await journal.append(step.events, claim=step.claim)
    except DuplicateCommand:
        return "twin"
    return [entry.event for entry in entries]


async def answers(journal: Journal) -> list[object]:
    """All that can be asked, without the seqs: those of a database have gaps."""
    everything = await journal.read(0)
    return [
        [entry.event for entry in everything],
        [entry.event for entry in await journal.read(0, 2)],
        await journal.remember(),
        [await journal.cursor(reader) for reader in READERS],
        [await journal.order(key) for key in KEYS],
        [await journal.order_of(command) for command in COMMANDS],
        [[entry.event for entry in await journal.life(key)] for key in KEYS],
        await journal.last_seq() == (everything[-1].seq if everything else 0),
    ]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=_steps)
def test_both_journals_answer_alike_and_as_their_fold(
    runner: asyncio.Runner,
    database: Database,
    postgres: PostgresJournal,
    steps: list[Append | Advance],
) -> None:
    async def play() -> None:
        await empty(database)
        memory = MemoryJournal()
        for step in steps:
            assert await take(memory, step) == await take(postgres, step)
        assert await answers(memory) == await answers(postgres)
        assert await postgres.remember() == fold(await postgres.read(0))

    runner.run(play())
