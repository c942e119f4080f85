"""Leads until it is deposed, and says so; run as a program."""

import asyncio
import sys

from db.lease import PostgresLeadership
from db.session import Database
from engine.clock import SystemClock
from engine.model.errors import Deposed


async def main(url: str) -> None:
    """Say `leads`, then `deposed`."""
    database = await Database.open(url)
    leadership = PostgresLeadership(database, "another process", clock=SystemClock())
    await leadership.acquire()
    print("leads", flush=True)  # noqa: T201 - its one way to tell
    while True:
        try:
            await leadership.renew()
        except Deposed:
            print("deposed", flush=True)  # noqa: T201
            return
        await asyncio.sleep(0.1)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
