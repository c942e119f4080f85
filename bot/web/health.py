"""Whether we live (`/health`), and whether we can work (`/ready`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
from aiohttp import web

from bot.web.parts import Parts, PartState, look_at
from engine.ports import Clock

OPEN_DOOR = (
    "AUTHENTICATION IS OFF (AUTH_REQUIRED=false): whoever reaches this address can use every route."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Answers for a service that started at `since`."""

    parts: Parts
    clock: Clock
    since: datetime
    version: str
    auth_required: bool
    dry_run: bool

    async def live(self, _request: web.Request) -> web.Response:
        """200 as long as the process answers at all."""
        states = await look_at(self.parts)
        told: dict[str, object] = {
            "status": "ok" if _all_ready(states) and not _degraded(states) else "degraded",
            "version": self.version,
            "uptime_seconds": round((self.clock.now() - self.since).total_seconds(), 3),
            "auth_required": self.auth_required,
            "dry_run": self.dry_run,
            "parts": _shown(states),
        }
        if not self.auth_required:
            told["warning"] = OPEN_DOOR
        return _json(told, 200)

    async def ready(self, _request: web.Request) -> web.Response:
        """200 when every part is ready, else 503."""
        states = await look_at(self.parts)
        ready = _all_ready(states)
        told: dict[str, object] = {"ready": ready, "parts": _shown(states)}
        if degraded := _degraded(states):
            told["degraded"] = degraded
        return _json(told, 200 if ready else 503)


def _all_ready(states: Mapping[str, PartState]) -> bool:
    return all(state.ready for state in states.values())


def _degraded(states: Mapping[str, PartState]) -> list[str]:
    return [name for name, state in states.items() if state.degraded]


def _shown(states: Mapping[str, PartState]) -> Mapping[str, object]:
    return {
        name: {"ready": state.ready, "detail": state.detail}
        | ({"degraded": True} if state.degraded else {})
        for name, state in states.items()
    }


def _json(told: Mapping[str, object], status: int) -> web.Response:
    return web.Response(
        status=status, body=msgspec.json.encode(told), content_type="application/json"
    )
