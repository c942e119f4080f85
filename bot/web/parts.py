"""The parts a service needs, and whether each is ready."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

import structlog

from bot.redaction import Redactor

PATIENCE = 2.0

log = structlog.get_logger()
_REDACTOR = Redactor(())


@dataclass(frozen=True, slots=True, kw_only=True)
class PartState:
    """Whether a part can do its work, and in words for a person why (not).

    One that is `degraded` does, but not as it should.
    """

    ready: bool
    detail: str
    degraded: bool = False


Parts = Mapping[str, Callable[[], Awaitable[PartState]]]


async def look_at(parts: Parts, patience: float = PATIENCE) -> Mapping[str, PartState]:
    """Every part's state; one that needs longer than `patience` seconds, or fails, is not ready."""
    asked = dict(parts)  # which parts there are may change while they are asked
    states = await asyncio.gather(*(_state(name, ask, patience) for name, ask in asked.items()))
    return dict(zip(asked, states, strict=True))


async def _state(name: str, ask: Callable[[], Awaitable[PartState]], patience: float) -> PartState:
    try:
        async with asyncio.timeout(patience):
            state = await ask()
    except TimeoutError:
        return PartState(ready=False, detail=f"did not answer within {patience:g} s")
    except Exception as error:
        log.error("part_not_checked", part=name, exc_info=error)
        return PartState(ready=False, detail="could not be checked; the log says why")
    # Whoever asks needs no token, and a library's words may hold an address with one in it.
    return replace(state, detail=_REDACTOR.text(state.detail))
