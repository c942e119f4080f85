"""Private REST calls: who calls, with what, and what they get."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from engine.simulator.faults import Faults
from engine.simulator.hub import Hub
from engine.simulator.keyring import Credential, scope_of
from engine.simulator.rest.answers import answer
from engine.simulator.rest.public import fields_of
from engine.simulator.trading.account import Account
from engine.simulator.trading.floor import Floor
from engine.simulator.wire.json import Fields, Json
from engine.simulator.wire.signature import nonce_small
from engine.simulator.world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One authenticated call."""

    world: World
    credential: Credential
    account: Account
    fields: Fields
    path: dict[str, str]

    @property
    def floor(self) -> Floor:
        return self.world.floor


Deed = Callable[[Call], Json]
SlowDeed = Callable[[Call], Awaitable[Json]]


def _at_once(deed: Deed) -> SlowDeed:
    async def slowly(call: Call) -> Json:
        return deed(call)

    return slowly


class Gate:
    """Lets signed calls through to their deeds; what they change is saved before the answer."""

    def __init__(self, world: World, hub: Hub, faults: Faults) -> None:
        self._world = world
        self._hub = hub
        self._faults = faults

    def reading(self, deed: Deed) -> Handler:
        return self._guarded(_at_once(deed), writes=False)

    def writing(self, deed: Deed) -> Handler:
        return self._guarded(_at_once(deed), writes=True)

    def writing_slowly(self, deed: SlowDeed) -> Handler:
        """A deed that may pause; what it did before is told before the pause."""
        return self._guarded(deed, writes=True)

    async def pause(self, seconds: float) -> None:
        """Let time pass in the middle of a deed."""
        self._hub.commit()
        await asyncio.sleep(seconds)
        self._world.advance()

    def _guarded(self, deed: SlowDeed, *, writes: bool) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            body = await request.read()
            call = self._admit(request, body)
            scope = scope_of(request.path)
            if scope is not None:
                call.credential.require(scope, write=writes)
            if writes:
                self._hub.refuse_in_maintenance()
            self._world.advance()
            try:
                value = await deed(call)
            finally:
                self._hub.commit()
            return answer(self._faults.reshaped(value, request.path, call.credential.key))

        return handle

    def _admit(self, request: web.Request, body: bytes) -> Call:
        headers = {name.lower(): value for name, value in request.headers.items()}
        if self._faults.take("nonce_small", request.path, headers.get("bfx-apikey", "")):
            raise nonce_small()
        credential = self._world.keyring.rest(headers, request.path, body)
        return Call(
            world=self._world,
            credential=credential,
            account=self._world.account(credential.account),
            fields=fields_of(body),
            path=dict(request.match_info),
        )
