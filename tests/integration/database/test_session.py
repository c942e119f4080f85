"""Finding the database, or saying in a sentence what to mend."""

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from db import schema
from db.address import Address
from db.errors import (
    DatabaseLoginRefused,
    DatabaseMissing,
    DatabaseUnfit,
    DatabaseUnreachable,
    DatabaseUrlInvalid,
)
from db.session import Database
from engine.model.errors import ConfigurationError, JournalUnavailable
from tests.contract.journal.made import moment
from tests.postgres import Databases

SECRET = "hunter2-correct-horse"


def with_(url: str, *, user: str | None = None, database: str | None = None) -> str:
    changed = make_url(url).set(username=user, password=SECRET, database=database)
    return changed.render_as_string(hide_password=False)


async def test_a_database_that_is_there_answers(database: Database) -> None:
    await database.ping()

    ((row,),) = await database.ask(text("SELECT 7 AS seven"))
    assert row["seven"] == 7


async def test_several_questions_see_one_moment(database: Database) -> None:
    moments = [text("SELECT now() AS at") for _ in range(3)]

    answers = await database.ask(*moments)

    assert len({rows[0]["at"] for rows in answers}) == 1
    assert answers[0][0]["at"] > moment()


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("", DatabaseUrlInvalid),
        (f"postgresql://u:{SECRET}@host:port/name", DatabaseUrlInvalid),
        (f"postgres//u:{SECRET}@host/name", DatabaseUrlInvalid),
        (f"mysql://u:{SECRET}@host/name", DatabaseUrlInvalid),
        (f"postgresql+asyncpg://u:{SECRET}@host", DatabaseUrlInvalid),
        (f"postgresql+asyncpg://u:{SECRET}@host/name?sleep=5", DatabaseUrlInvalid),
        (f"postgresql+asyncpg://u:{SECRET}@127.0.0.1:1/name", DatabaseUnreachable),
        (f"postgresql+asyncpg://u:{SECRET}@127.0.0.1:99999/name", DatabaseUrlInvalid),
        (f"postgresql+asyncpg://u:{SECRET}@/name?host=/nowhere", DatabaseUnreachable),
        (f"postgresql+asyncpg://u:{SECRET}@no.such.host.invalid/name", DatabaseUnreachable),
        (f"postgresql+asyncpg://u:{SECRET}@127.0.0.1:1/name?ssl=maybe", DatabaseUrlInvalid),
    ],
)
async def test_a_wrong_url_is_one_sentence_without_the_password(
    url: str, error: type[ConfigurationError]
) -> None:
    with pytest.raises(error) as caught:
        await Database.open(url)

    sentence = caught.value.sentence
    assert SECRET not in sentence
    assert SECRET not in repr(caught.value)
    assert "\n" not in sentence
    assert "DATABASE_URL" in sentence


async def test_a_login_that_is_refused(database_url: str) -> None:
    with pytest.raises(DatabaseLoginRefused, match="nobody") as caught:
        await Database.open(with_(database_url, user="nobody"))

    assert SECRET not in caught.value.sentence


async def test_a_database_that_is_not_there(database_url: str) -> None:
    with pytest.raises(DatabaseMissing, match="atlantis") as caught:
        await schema.upgrade(with_(database_url, database="atlantis"))

    assert SECRET not in caught.value.sentence


async def test_a_database_of_another_encoding(databases: Databases, database_url: str) -> None:
    database = await Database.open(database_url)
    connection = await database.connect()
    await connection.execute(
        "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
    )
    try:
        with pytest.raises(DatabaseUnfit, match="LATIN1"):
            await Database.open(with_(database_url, database="latin"))
    finally:
        await connection.execute("DROP DATABASE latin")
        await connection.close()
        await database.close()


async def test_a_database_that_went_away_is_unavailable(database_url: str) -> None:
    there = Address.of(database_url)
    database = Database(Address(database=there.database, host="/nowhere", user=there.user))

    with pytest.raises(JournalUnavailable):
        await database.ping()

    await database.close()


def test_an_address_never_shows_the_password() -> None:
    address = Address.of(f"postgresql+asyncpg://u:{SECRET}@db.example:5433/genesis?sslmode=require")

    assert str(address) == "genesis on db.example:5433"
    assert SECRET not in repr(address)
    assert (address.host, address.port, address.user, address.password, address.ssl) == (
        "db.example",
        5433,
        "u",
        SECRET,
        "require",
    )
