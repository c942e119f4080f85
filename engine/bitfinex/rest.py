"""Calls to the exchange over HTTP: signed private ones, and public ones (facts sheet 1)."""

from collections.abc import Mapping

from engine.bitfinex.auth import ApiKey
from engine.bitfinex.encode import message
from engine.bitfinex.errors import NonceSmall, answer_of
from engine.bitfinex.http import Host, Reply
from engine.bitfinex.limits import BLOCK_SECONDS, Limits
from engine.model.errors import RateLimited

Params = Mapping[str, str | int]


class PrivateRest:
    """Signed calls with one key, one at a time: the exchange wants its nonces in order."""

    def __init__(self, host: Host, key: ApiKey, limits: Limits) -> None:
        self._host = host
        self._key = key
        self._limits = limits

    async def read(self, path: str, params: Mapping[str, object] | None = None) -> object:
        """A call that changes nothing; asked once more when its nonce came too late."""
        try:
            return await self.write(path, params)
        except NonceSmall:
            return await self.write(path, params)

    async def write(self, path: str, params: Mapping[str, object] | None = None) -> object:
        """A call sent exactly once, whatever happens to it."""
        await self._limits.take(path)
        body = message(params or {})
        async with self._key.lock:
            reply = await self._host.post(path, self._key.headers(path, body), body)
        return _answer(reply, self._limits)


class PublicRest:
    """Public calls."""

    def __init__(self, host: Host, limits: Limits) -> None:
        self._host = host
        self._limits = limits

    async def body(self, path: str, params: Params | None = None) -> bytes:
        """The answer as it came; raises what the exchange means when it is an error."""
        await self._limits.take(path)
        reply = await self._host.get(path, params)
        if not reply.is_plainly_good:
            _answer(reply, self._limits)
        return reply.body


def _answer(reply: Reply, limits: Limits) -> object:
    try:
        return answer_of(reply.status, reply.body)
    except RateLimited:
        limits.block(BLOCK_SECONDS if reply.retry_after is None else reply.retry_after)
        raise
