"""Databases that begin with the schema in place."""

import asyncio

import pytest

from db import schema
from tests.postgres import Databases


@pytest.fixture(scope="session")
def database_template(databases: Databases, postgres_runner: asyncio.Runner) -> str:
    """A database at the newest schema, to be copied."""
    name = databases.create()
    postgres_runner.run(schema.upgrade(databases.url(name)))
    return name
