"""The one place that starts background tasks: named, supervised, ended in order."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import timedelta
from random import Random

import structlog

from bot.backoff import Backoff
from engine.model.errors import GenesisError
from engine.ports import Clock

RUNS_WELL_AFTER = timedelta(seconds=60)

log = structlog.get_logger()


class NurseryBusy(GenesisError):
    """Too much is being done at once. Try again in a moment."""

    code = "busy"


class NurseryClosed(GenesisError):
    """The service is stopping and takes nothing new."""

    code = "stopping"


class Nursery:
    """Keeps long tasks running until `stop`, and short ones in sight until they are done.

    `patience` is how many seconds a task may take to end, `most` how many short ones there may be
    at a time; `on_failure` hears the name of each task that failed.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        random: Random,
        patience: float = 10.0,
        most: int = 256,
        on_failure: Callable[[str], None] | None = None,
    ) -> None:
        self._clock = clock
        self._random = random
        self._patience = patience
        self._most = most
        self._on_failure = on_failure
        self._long: dict[str, asyncio.Task[None]] = {}
        self._short: set[asyncio.Task[None]] = set()
        self._failures: Counter[str] = Counter()
        self._changed = asyncio.Event()
        self._ended = asyncio.Event()
        self._fatal: Exception | None = None
        self._closed = False

    @property
    def failures(self) -> Mapping[str, int]:
        """How often each task has failed."""
        return self._failures

    @property
    def running(self) -> tuple[str, ...]:
        """The long tasks that have not come to an end, in the order they were started."""
        return tuple(name for name, task in self._long.items() if not task.done())

    def start(
        self, name: str, factory: Callable[[], Awaitable[None]], *, restart: bool = True
    ) -> None:
        """Run `factory` in the background; one that returns is done.

        One that fails is started again after a growing delay, or with `restart=False` ends the
        service (see `wait`). Raises `ValueError` for a name that runs already.
        """
        self._refuse_when_closed()
        if name in self.running:
            raise ValueError(f"the task {name!r} runs already")
        self._long.pop(name, None)
        self._long[name] = asyncio.create_task(self._supervise(name, factory, restart), name=name)

    def spawn(self, name: str, coroutine: Coroutine[object, object, None]) -> None:
        """Do one short thing in the background; a failure is logged.

        Raises `NurseryBusy` or `NurseryClosed`, and the coroutine never begins.
        """
        try:
            self._refuse_when_closed()
            if len(self._short) >= self._most:
                raise NurseryBusy
        except GenesisError:
            coroutine.close()
            raise
        task = asyncio.create_task(self._once(name, coroutine), name=name)
        self._short.add(task)
        task.add_done_callback(lambda done: self._forget(done, coroutine))

    async def room(self) -> None:
        """Return when there is room to spawn one more; never while stopping."""
        while self._closed or len(self._short) >= self._most:
            self._changed.clear()
            await self._changed.wait()

    async def drain(self, patience: float) -> bool:
        """Wait up to `patience` seconds for the short tasks; whether all are done."""
        try:
            async with asyncio.timeout(patience):
                while self._short:
                    await asyncio.wait(self._short)
        except TimeoutError:
            return False
        return True

    async def wait(self) -> None:
        """Wait until a task fails that must not; raises what it raised."""
        await self._ended.wait()
        if self._fatal is not None:
            raise self._fatal

    async def end(self, name: str) -> None:
        """Cancel one long task and wait until it is gone."""
        task = self._long.pop(name, None)
        if task is not None:
            await self._cancel(task)

    async def stop(self) -> None:
        """Take nothing new, let short tasks finish, then cancel long ones, the youngest first."""
        self._closed = True
        if not await self.drain(self._patience):
            log.warning("tasks_cut_short", count=len(self._short))
        await self.abandon()

    async def abandon(self) -> None:
        """Take nothing new, and cancel all there is: what is under way must not be finished."""
        self._closed = True
        for short in list(self._short):
            short.cancel()
        await self.drain(self._patience)
        for name in reversed(list(self._long)):
            await self.end(name)

    async def _supervise(
        self, name: str, factory: Callable[[], Awaitable[None]], restart: bool
    ) -> None:
        backoff = Backoff(self._random)
        while True:
            began = self._clock.now()
            try:
                await factory()
            except (Exception, asyncio.CancelledError) as error:
                if _asked_to_end(error):
                    raise
                failure = _as_failure(name, error)
            else:
                log.info("task_ended", task=name)
                return
            self._note(name, failure)
            if not restart:
                self._fatal = self._fatal or failure
                self._ended.set()
            if not restart or self._closed or _is_cancelled():
                return
            if self._clock.now() - began > RUNS_WELL_AFTER:
                backoff.reset()
            await self._clock.sleep(backoff.next())

    async def _once(self, name: str, coroutine: Coroutine[object, object, None]) -> None:
        try:
            await coroutine
        except (Exception, asyncio.CancelledError) as error:
            if _asked_to_end(error):
                raise
            self._note(name, _as_failure(name, error))

    async def _cancel(self, task: asyncio.Task[None]) -> None:
        task.cancel()
        _, late = await asyncio.wait({task}, timeout=self._patience)
        if late:
            log.error("task_does_not_end", task=task.get_name(), patience=self._patience)

    def _note(self, name: str, failure: Exception) -> None:
        self._failures[name] += 1
        if isinstance(failure, GenesisError):
            log.warning("task_failed", task=name, detail=failure.sentence)
        else:
            log.error("task_failed", task=name, exc_info=failure)
        if self._on_failure is not None:
            self._on_failure(name)

    def _forget(self, task: asyncio.Task[None], coroutine: Coroutine[object, object, None]) -> None:
        coroutine.close()  # it has not begun where the task was cancelled at once
        self._short.discard(task)
        self._changed.set()

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise NurseryClosed


def _asked_to_end(error: BaseException) -> bool:
    return isinstance(error, asyncio.CancelledError) and _is_cancelled()


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _as_failure(name: str, error: BaseException) -> Exception:
    if isinstance(error, Exception):
        return error
    # Something it waited for was cancelled, not the task itself: that must not end it silently.
    return RuntimeError(f"the task {name!r} was cancelled from within")
