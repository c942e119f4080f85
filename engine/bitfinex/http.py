"""One host over HTTP: bounded in time and size, its troubles in our words."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
from yarl import URL

from engine.model.errors import ExchangeUnreachable

ANSWER_BYTES = 16 * 1024 * 1024
_TIMEOUT = aiohttp.ClientTimeout(total=20, sock_connect=5, sock_read=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Status, raw body, and how many seconds the host asks us to stay away."""

    status: int
    body: bytes
    retry_after: float | None = None

    @property
    def is_plainly_good(self) -> bool:
        """Whether this is a list and no error, without decoding it."""
        is_list = self.body.startswith(b"[") and not self.body.startswith(b'["error"')
        return self.status == HTTPStatus.OK and is_list


class Host:
    """A base address such as `https://api.bitfinex.com/v2`; the session opens at first use."""

    def __init__(self, base_url: str, *, answer_bytes: int = ANSWER_BYTES) -> None:
        self._base_url = base_url.rstrip("/")
        self.name = URL(base_url).authority
        self._answer_bytes = answer_bytes
        self._session: aiohttp.ClientSession | None = None

    async def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Reply:
        """A public call; `ExchangeUnreachable` when no answer came."""
        return await self._ask("GET", self._url(path).update_query(params or {}), {}, None)

    async def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """A private call: exactly these bytes; errors as `get`."""
        return await self._ask("POST", self._url(path), headers, body)

    async def close(self) -> None:
        """Let go of the connections; a later call opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _ask(
        self, method: str, url: URL, headers: Mapping[str, str], body: bytes | None
    ) -> Reply:
        try:
            async with self._opened().request(
                method, url, headers=headers, data=body, allow_redirects=False
            ) as answer:
                return Reply(
                    status=answer.status,
                    body=await self._bounded(answer.content),
                    retry_after=_seconds(answer.headers.get("retry-after")),
                )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ExchangeUnreachable(_words(error)) from error

    async def _bounded(self, content: aiohttp.StreamReader) -> bytes:
        body = bytearray()
        async for chunk in content.iter_any():
            body += chunk
            if len(body) > self._answer_bytes:
                raise ExchangeUnreachable("The exchange's answer was too long to be one.")
        return bytes(body)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=_TIMEOUT,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"user-agent": "genesis"},
            )
        return self._session

    def _url(self, path: str) -> URL:
        return URL(f"{self._base_url}/{path}", encoded=True)


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isdecimal() else None


def _words(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorError):
        return "The exchange cannot be reached: no connection."
    if isinstance(error, asyncio.TimeoutError):
        return "The exchange did not answer in time."
    return "The connection to the exchange broke before it had answered."
