"""The end of a database server as in a crash."""

from contextlib import suppress

import psutil

from db.embedded import EmbeddedPostgres
from tests.eventually import eventually


async def kill(server: EmbeddedPostgres) -> None:
    """Let it die as in a crash; it will be started again at the same address.

    Its children go too: without a postmaster they may serve on for a moment.
    """
    postmaster = psutil.Process(
        int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
    )
    family = [postmaster, *postmaster.children(recursive=True)]
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    await eventually(lambda: not server.running and all(map(_is_gone, family[1:])))


def _is_gone(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True
