"""Templates as drafts, as order lines, and as a file: `{"genesis_templates": 1, "templates": []}`.

A file is good when every order in it could have been typed: each is spelt and read again.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from bot.telegram import parse
from engine.model.draft import BaseSize, BracketDraft, OrderDraft, PartSize, QuoteSize, Size
from engine.model.errors import InvalidInput
from engine.model.template import OrderTemplate, SizeKind

VERSION = 1
MOST_TEMPLATES = 200
MOST_BYTES = 256 * 1024
FILE_NAME = "genesis-templates.json"

Draft = OrderDraft | BracketDraft

_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    genesis_templates: int
    templates: list[dict[str, str | bool | None]]


def template_of(name: str, draft: Draft) -> OrderTemplate:
    """A draft to be kept under this name."""
    entry = draft.entry if isinstance(draft, BracketDraft) else draft
    size, kind, currency = _flat(entry.size)
    bare = OrderTemplate(
        name=name,
        symbol=entry.symbol,
        side=entry.side,
        size=size,
        size_kind=kind,
        currency=currency,
        type=entry.type,
        price=entry.price,
        trigger=entry.trigger,
        trail=entry.trail,
        oco_stop=entry.oco_stop,
        wallet=entry.wallet,
        post_only=entry.post_only,
        reduce_only=entry.reduce_only,
        hidden=entry.hidden,
    )
    if isinstance(draft, OrderDraft):
        return bare
    return msgspec.structs.replace(bare)  # replaced below
