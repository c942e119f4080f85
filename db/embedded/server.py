"""A PostgreSQL server of our own, or a seat at the one another process of ours runs."""

import asyncio
import errno
import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from db.embedded.address import answers, dsn_of
from db.embedded.binaries import find_binaries
from db.embedded.cluster import USER, Cluster, signal_all
from db.embedded.locks import FolderLock
from db.embedded.log import ServerLog, disk_full
from db.embedded.options import server_options
from db.embedded.process import end_now, ended, exit_code, spawn
from db.embedded.sockets import SocketFolder
from db.errors import DatabaseFolderUnusable, DatabaseNotStarted

_POLL = 0.01
_WATCH = 0.25
_UNTIL_HARSH = 5.0
_STOP_PATIENCE = 30.0


class EmbeddedPostgres:
    """A PostgreSQL whose data lives in `folder`, reached by a unix socket only this user can open.

    The first process to start it owns the server, which ends with that process however it ends
    (SIGKILL included; on Linux). A further process joins and never stops it. `join=False` is for
    a service, whose server must not end with a short command's process: it joins another service
    only, whose heir it is (`keep_running`), else waits to become the owner. `bindir` names the
    programs of another PostgreSQL (17 or newer); `fsync=False` is for tests: a power cut then
    loses data. `patience` is in seconds. Use it from the main thread, as `async with` or by
    `start` and `stop`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        bindir: Path | None = None,
        fsync: bool = True,
        join: bool = True,
        patience: float = 60.0,
    ) -> None:
        self.folder = folder.absolute()
        self._bindir = bindir
        self._fsync = fsync
        self._may_join = join
        self._patience = patience
        self._ownership = FolderLock(self.folder / "owner.lock", stays=not join)
        self._cluster = Cluster(self.folder)
        self._sockets = SocketFolder(self.folder)
        self._log = ServerLog(self.folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: Path | None = None

    @property
    def owner(self) -> bool:
        """True if this object runs the server, False if it joined another process's."""
        return self._process is not None

    @property
    def running(self) -> bool:
        """True while the server this object owns is alive."""
        return self._process is not None and self._process.poll() is None

    @property
    def url(self) -> str:
        """For SQLAlchemy's `create_async_engine`. The same again after the server was restarted."""
        return self.dsn.replace("postgresql:", "postgresql+asyncpg:", 1)

    @property
    def dsn(self) -> str:
        """For `asyncpg.connect`."""
        if self._socket is None:
            raise RuntimeError("the embedded PostgreSQL has not been started")
        return dsn_of(self._socket)

    async def start(self) -> None:
        """Run the server, or join it where another process runs it; return when it answers.

        A server of ours that died is started again. Raises a `DatabaseError` with the reason.
        """
        if self.running:
            return
        resumed = self._ownership.held
        try:
            _make_private(self.folder)
            async with asyncio.timeout(self._patience):
                await self._own_or_join()
        except BaseException as error:
            self._abandon(keep_ownership=resumed)
            if isinstance(error, TimeoutError):
                raise self._too_late() from error
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                raise disk_full(self.folder) from error
            if isinstance(error, OSError):
                raise DatabaseNotStarted(f"{self._name} cannot be started: {error}.") from error
            raise

    async def stop(self) -> None:
        """Shut our server down with a checkpoint; one we joined is left alone."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            # Past that patience it ends at once; its write-ahead log makes up for it later.
            with suppress(TimeoutError):
                async with asyncio.timeout(_STOP_PATIENCE):
                    await ended(self._process, poll=_POLL)
        self._abandon(keep_ownership=False)

    async def keep_running(self) -> None:
        """Until cancelled, start our server again whenever it dies; a service that joined another's
        starts it at the same address once that one is gone. Returns if a command joined."""
        await self.start()
        while self.owner or not self._may_join:
            if self._process is not None:
                await ended(self._process, poll=_WATCH)
            else:
                await self._inherit()
            await self.start()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def _own_or_join(self) -> None:
        while True:
            if self._ownership.acquire():
                return await self._own()
            joinable = self._may_join or self._ownership.holder_stays()
            if joinable and await self._join():
                return None
            await asyncio.sleep(_POLL)

    async def _inherit(self) -> None:
        while not self._ownership.acquire():  # noqa: ASYNC110 - another process's doing
            await asyncio.sleep(_WATCH)

    async def _own(self) -> None:
        in_use = FolderLock(self.folder / "server.lock")
        try:
            await self._former_server_gone(in_use)
            await self._boot(in_use.fileno())
        finally:
            # From here on the server alone holds it, and its children if it is killed.
            in_use.release()

    async def _former_server_gone(self, in_use: FolderLock) -> None:
        """Wait for what an earlier owner left: a server shutting down, a killed one's children."""
        loop = asyncio.get_running_loop()
        harsh = loop.time() + _UNTIL_HARSH
        asked = False
        while not in_use.acquire():
            if not asked:
                signal_all(self._cluster.processes(), signal.SIGINT)
                asked = True
            elif loop.time() > harsh:
                signal_all(self._cluster.processes(), signal.SIGQUIT)
            await asyncio.sleep(_POLL)

    async def _boot(self, keep: int) -> None:
        binaries = find_binaries(self._bindir)
        log = self._log.start
        self._log.begin()
        self._cluster.clear_traces()
        if not self._cluster.exists:
            try:
                await self._cluster.create(binaries, fsync=self._fsync, log=log, keep=keep)
            except subprocess.CalledProcessError as error:
                raise self._log.explain(str(error)) from error
        self._socket = self._sockets.make(self._socket)
        options = self._options(self._socket)
        command: list[str | Path] = [binaries.postgres, "-D", self._cluster.data, *options]
        self._process = spawn(command, death=signal.SIGINT, log=log, keep=keep)
        await self._becomes_ready(self._process)

    def _options(self, sockets: Path) -> list[str]:
        access = self.folder / "access.conf"
        access.write_text(f"local all {USER} trust\n")
        return server_options(
            major=self._cluster.major,
            fsync=self._fsync,
            sockets=sockets,
            log=self._log.folder,
            access=access,
        )

    async def _becomes_ready(self, process: subprocess.Popen[bytes]) -> None:
        while not self._cluster.ready(process.pid):
            code = exit_code(process)
            if code is not None:
                raise self._log.explain(f"PostgreSQL ended with code {code}.")
            await asyncio.sleep(_POLL)

    async def _join(self) -> bool:
        socket = self._sockets.find()
        if socket is None or not self._cluster.ready() or not await answers(dsn_of(socket)):
            return False
        self._socket = socket
        return True

    def _abandon(self, *, keep_ownership: bool) -> None:
        if self._process is not None:
            end_now(self._process, signal.SIGQUIT)
        self._process = None
        if keep_ownership:
            return
        if self._ownership.held and self._socket is not None:
            self._sockets.remove()
        self._socket = None
        self._ownership.release()

    def _too_late(self) -> DatabaseNotStarted:
        if self._ownership.held:
            why = f"More in {self._log.folder}."
        else:
            why = f"Process {self._ownership.holder()} holds it: stop that one first."
        return DatabaseNotStarted(f"{self._name} did not answer in {self._patience:.0f} s. {why}")

    @property
    def _name(self) -> str:
        return f"The database in {self.folder}"


def _make_private(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseFolderUnusable(
            f"The database folder {folder} cannot be made ({error.strerror}). Give Genesis a "
            "folder of its own that it may write in, by GENESIS_STATE_DIR."
        ) from error
    owner = folder.stat().st_uid
    if owner != os.geteuid():
        raise DatabaseFolderUnusable(
            f"The database folder {folder} belongs to another user (number {owner}). "
            "Run Genesis as that user, or name another folder."
        )
    folder.chmod(0o700)
