"""Calls to the exchange over HTTP: signed private ones, and public ones (facts sheet 1)."""

from collections.abc import Mapping
from dataclasses import replace

from engine.bitfinex.auth import ApiKey
from engine.bitfinex.encode import message
from engine.bitfinex.errors import NonceSmall, answer_of
from engine.bitfinex.http import Host, Reply
from engine.bitfinex.traffic import Traffic
from engine.model.errors import RateLimited

Params = Mapping[str, str | int]


class PrivateRest:
    """Signed calls with one key, one at a time: the exchange wants its nonces in order."""

    def __init__(self, host: Host, key: ApiKey, traffic: Traffic) -> None:
        self._host = host
        self._key = key
        self._traffic = traffic

    async def read(
        self, path: str, params: Mapping[str, object] | None = None, *, urgent: bool = False
    ) -> object:
        """A call that changes nothing; asked once more when its nonce came too late."""
        try:
            return await self.write(path, params, urgent=urgent)
        except NonceSmall:
            return await self.write(path, params, urgent=urgent)

    async def write(
        self, path: str, params: Mapping[str, object] | None = None, *, urgent: bool = False
    ) -> object:
        """A call sent once at most, whatever happens to it.

        `urgent`, for cancels and closes, goes before all others, and while those are held back.
        It does not wait for a database that is away. `CircuitOpen` when it was not sent.
        """
        body = message(params or {})
        async with self._traffic.turn(self._host.name, path, urgent=urgent):
            async with self._key.lock.turn(urgent=urgent):
                reply = await self._host.post(
                    path, await self._key.headers(path, body, urgent=urgent), body
                )
            reply = replace(reply, body=self._key.unsaid(reply.body))
            try:
                return _answer(reply, self._host, self._traffic)
            except NonceSmall:
                self._key.nonces.doubt()
                raise


class PublicRest:
    """Public calls."""

    def __init__(self, host: Host, traffic: Traffic) -> None:
        self._host = host
        self._traffic = traffic

    async def body(self, path: str, params: Params | None = None) -> bytes:
        """The answer as it came; raises what the exchange means when it is an error."""
        async with self._traffic.turn(self._host.name, path):
            reply = await self._host.get(path, params)
            if not reply.is_plainly_good:
                _answer(reply, self._host, self._traffic)
        return reply.body


def _answer(reply: Reply, host: Host, traffic: Traffic) -> object:
    try:
        return answer_of(reply.status, reply.body)
    except RateLimited:
        traffic.limits.block(host.name, reply.retry_after)
        raise
