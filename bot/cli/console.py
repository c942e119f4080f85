"""The database as whoever owns this machine sees it, beside a service that runs or not."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.settings import load_database_settings, load_telegram_settings
from bot.telegram.names import Names, called, meant
from db import schema
from db.factors import PostgresFactors
from db.journal import PostgresJournal
from db.location import located
from db.session import Database
from db.shelf import PostgresShelf
from engine.clock import SystemClock
from engine.model.errors import ConfigurationError, InvalidInput
from engine.model.event import Event
from engine.model.people import Member
from engine.people.roster import Roster
from engine.via import CONSOLE, coming_by, stamped


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """Everybody, as the settings and the journal have them now."""

    clock: SystemClock
    journal: PostgresJournal
    factors: PostgresFactors
    names: Names
    roster: Roster

    def member(self, word: str) -> Member:
        """Whom a name or an id means; `ConfigurationError` where that is nobody."""
        try:
            return meant(word, tuple(self.roster.members.values()), self.names)
        except InvalidInput as error:
            told = error.sentence.replace("/users", "genesis people")
            raise ConfigurationError(told) from error

    def called(self, member: Member) -> str:
        """What a member is called."""
        return called(member, self.names)

    async def write(self, *events: Event) -> None:
        """Journal what was done here, as done here; a service that runs hears it at once."""
        with coming_by(CONSOLE):
            told: Sequence[Event] = stamped(events)
        await self.journal.append(told)


@asynccontextmanager
async def console() -> AsyncIterator[Console]:
    """For the length of the block; `ConfigurationError` says what is wrong with the database."""
    environ, file = os.environ, Path(".env")
    settings = load_database_settings(environ, file)
    admitted = load_telegram_settings(environ, file).roles
    founders = {f"tg:{person}": role for person, role in admitted.items()}
    named = settings.url.get_secret_value() if settings.url is not None else None
    async with located(named, settings.state_dir, settings.pg_bindir, join=True) as place:
        await _check(place.url)
        database = await Database.open(place.url)
        journal = PostgresJournal(database)
        try:
            names = Names(PostgresShelf(database))
            await names.load()
            rulings = [entry.event for entry in await journal.rulings(0)]
            yield Console(
                clock=SystemClock(),
                journal=journal,
                factors=PostgresFactors(database),
                names=names,
                roster=Roster.of(founders, rulings),
            )
        finally:
            await journal.close()
            await database.close()


async def _check(url: str) -> None:
    found, wanted = await schema.current(url), schema.known()[-1]
    if found is None:
        raise ConfigurationError("The database is empty: start the service once, genesis run.")
    if found != wanted:
        raise ConfigurationError(
            f"The database is at schema {found}, and this version works with {wanted}: start the "
            "service once, or genesis db upgrade."
        )
