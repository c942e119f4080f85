"""How the server in a socket folder is addressed, and whether it answers there."""

from pathlib import Path
from urllib.parse import quote

import asyncpg

from db.embedded.cluster import DATABASE, USER
from db.embedded.options import PORT


def dsn_of(sockets: Path) -> str:
    """For `asyncpg.connect`; the port is named because PGPORT would be asked for it otherwise."""
    return f"postgresql://{USER}@/{DATABASE}?host={quote(str(sockets))}&port={PORT}"


async def answers(dsn: str) -> bool:
    """Whether a server lets us in, or would if it had a place left."""
    try:
        connection = await asyncpg.connect(dsn, timeout=5)
    except asyncpg.TooManyConnectionsError:
        return True
    except (OSError, asyncpg.PostgresError):
        return False
    await connection.close()
    return True
