"""Who goes back a version and comes again finds what the journal holds."""

from dataclasses import replace

import pytest

from db import schema
from db.journal import PostgresJournal
from db.session import Database
from engine.model.bracket import BracketStatus
from engine.model.event import (
    BracketChanged,
    BracketClosed,
    BracketNoted,
    BracketOpened,
    OrderClosed,
    OrderRejected,
    TemplateDeleted,
    TemplateSaved,
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
