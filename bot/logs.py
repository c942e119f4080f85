"""Logs: one way out for our own words and those of the libraries, secrets masked."""

import logging
import sys
from collections.abc import Collection, MutableMapping
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor

from bot.redaction import Redactor
from bot.settings import LogSettings

# These say much at INFO that only a developer of theirs wants to know.
_QUIET = {
    "aiohttp.access": logging.WARNING,
    "aiogram.event": logging.WARNING,
    "alembic": logging.WARNING,
    "asyncio": logging.WARNING,
    "sqlalchemy.engine": logging.WARNING,
    "websockets": logging.WARNING,
}


def configure_logs(
    settings: LogSettings, secrets: Collection[str], stream: TextIO | None = None
) -> None:
    """Send all logs to `stream` (standard error) with everything in `secrets` masked.

    May be called again; the last call counts.
    """
    out = stream or sys.stderr
    redactor = Redactor(secrets)
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=_endings(settings.format, redactor, colors=out.isatty()),
            foreign_pre_chain=_beginnings(),
        )
    )
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(settings.level)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(max(least, root.level))
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_beginnings(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _beginnings() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]


def _endings(style: str, redactor: Redactor, *, colors: bool) -> list[Processor]:
    last: Processor
    if style == "json":
        last = structlog.processors.JSONRenderer()
    else:
        plain = structlog.dev.plain_traceback
        last = structlog.dev.ConsoleRenderer(
            colors=colors, sort_keys=False, exception_formatter=plain
        )
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        _Masking(redactor),
        last,
    ]


class _Masking:
    """A processor; the last but one, so that nothing can be added behind it."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor

    def __call__(self, logger: object, name: str, event: EventDict) -> EventDict:
        masked = self._redactor.value(dict(event))
        assert isinstance(masked, MutableMapping)
        return masked
