"""Appends until it is killed, and says after each what it was promised; run as a program."""

import asyncio
import sys

from db.journal import PostgresJournal
from db.session import Database
from engine.model.ids import CommandId
from tests.contract.journal.made import filled, submitted


async def main(url: str) -> None:
    """Alternate between claims and bursts."""
    journal = PostgresJournal(await Database.open(url))
    key = 0
    while True:
        key += 1
        claim = CommandId(f"tg:{key}")
        entries = [*await journal.append([submitted(key)], claim=claim)]
        bursts = (journal.append([filled(key, 10 * key + n)]) for n in range(3))
        for burst in await asyncio.gather(*bursts):
            entries += burst
        print(*(entry.seq for entry in entries), flush=True)  # noqa: T201 - its one way to tell


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
