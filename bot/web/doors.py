"""Routes that look after themselves: they know their callers by a secret of their own."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from engine.model.errors import ConfigurationError


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A POST route; its handler checks the secret and bounds the body before anything else.

    `host` is the public name under which its callers come.
    """

    path: str
    host: str
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]]


def open_doors(app: web.Application, doors: Sequence[Door]) -> None:
    """Add them, last of all; `ConfigurationError` where a path is another route's."""
    taken = {resource.canonical for resource in app.router.resources()}
    for door in doors:
        if door.path in taken:
            raise ConfigurationError(
                f"TELEGRAM_WEBHOOK_URL ends in {door.path}, which is a page of our own: "
                "choose another path, such as /telegram."
            )
        app.router.add_post(door.path, door.answer)
