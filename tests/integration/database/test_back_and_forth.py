"""Who goes back a version and comes again finds what the journal holds."""

from dataclasses import replace

import pytest

from db import schema
from db.journal import PostgresJournal
from db.session import Database
from engine.model.bracket import BracketStatus
from engine.model.entry import actor_of
from engine.model.event import (
    BracketChanged,
    BracketClosed,
    BracketNoted,
    BracketOpened,
    CommandRefused,
    OrderAdopted,
    OrderClosed,
    OrderRejected,
    OrderSubmitted,
    TemplateDeleted,
    TemplateSaved,
    TradingPaused,
)
from engine.model.ids import OrderKey
from engine.model.order import OrderStatus
from engine.ports import Memory
from tests.contract.journal.made import bracket, moment, order, settled, submitted, template


@pytest.fixture
def database_template() -> str:
    """This begins with nothing."""
    return "template1"


async def remembered(url: str) -> Memory:
    database = await Database.open(url)
    journal = PostgresJournal(database)
    memory = await journal.remember()
    await journal.close()
    await database.close()
    return memory


async def test_brackets_and_templates_come_back(database_url: str) -> None:
    await schema.upgrade(database_url)
    database = await Database.open(database_url)
    journal = PostgresJournal(database)
    words = 'a NUL \x00, and "bracket":77 in somebody\'s words'
    leg = replace(order(2, OrderStatus.CANCELLED), bracket=OrderKey(1), reason=words)
    odd = replace(order(4, OrderStatus.REJECTED), reason=words)
    await journal.append([submitted(1), BracketOpened(at=moment(), bracket=bracket(1))])
    await journal.append([settled(1, 11), OrderClosed(at=moment(), order=leg)])
    await journal.append([BracketChanged(at=moment(), bracket=bracket(1, BracketStatus.GUARDED))])
    await journal.append([BracketNoted(at=moment(), bracket=bracket(1, exits=(2,)))])
    await journal.append([OrderRejected(at=moment(), order=odd)])
    over = BracketClosed(at=moment(), bracket=bracket(3, BracketStatus.DONE))
    await journal.append([BracketOpened(at=moment(), bracket=bracket(3)), over])
    saved = TemplateSaved(at=moment(), actor_id="tg:1", template=template("dip"))
    gone = replace(saved, template=template("aim"))
    await journal.append([saved, gone, replace(saved, template=template("dip", "2"))])
    await journal.append([TemplateDeleted(at=moment(), actor_id="tg:1", name="aim")])
    await journal.close()
    await database.close()
    before = await remembered(database_url)
    assert [b.key for b in before.brackets] == [1]
    assert [t.size for t in before.templates] == [2]

    await schema.downgrade(database_url, "0003")
    await schema.upgrade(database_url)

    assert await remembered(database_url) == before
    database = await Database.open(database_url)
    connection = await database.connect()
    found = await connection.fetch("SELECT key, bracket FROM orders ORDER BY key")
    assert [tuple(row) for row in found] == [(1, None), (2, 1), (4, None)]
    await connection.close()
    await database.close()


async def test_who_did_what_comes_back(database_url: str) -> None:
    await schema.upgrade(database_url)
    database = await Database.open(database_url)
    journal = PostgresJournal(database)
    words = 'a NUL \x00, and "actor_id":"tg:7" in somebody\'s words'
    exit_ = replace(order(2), bracket=OrderKey(1))
    await journal.append(
        [
            submitted(1),
            OrderSubmitted(at=moment(), order=exit_),
            OrderAdopted(at=moment(), order=order(3), actor_id="tg:2"),
            TradingPaused(at=moment(), actor_id="tg:5", name="O", reason=words),
            CommandRefused(at=moment(), actor_id="tg:6", command="buy", reasons=(words,)),
            OrderRejected(at=moment(), order=order(4)),
        ]
    )
    before = await journal.acts(None, None, 100)
    assert [actor_of(entry.event) for entry in before] == ["tg:6", "tg:5", "tg:2", "tg:1001"]
    await journal.close()
    await database.close()

    await schema.downgrade(database_url, "0007")
    await schema.upgrade(database_url)

    database = await Database.open(database_url)
    journal = PostgresJournal(database)
    assert await journal.acts(None, None, 100) == before
    assert await journal.acts(None, "tg:2", 100) == before[2:3]
    await journal.close()
    await database.close()
