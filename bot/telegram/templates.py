"""Templates as drafts, and as a file: `{"genesis_templates": 1, "templates": [...]}`.

A file is good when every order in it could have been typed: each is spelt and read again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal

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
_MOST_DIGITS = 30
_FIELDS = frozenset(field.name for field in fields(OrderTemplate))


class _File(msgspec.Struct, forbid_unknown_fields=True):
    genesis_templates: int
    templates: list[msgspec.Raw]


def template_of(name: str, draft: Draft) -> OrderTemplate:
    """A draft to be kept under this name; a moment it ends at is not kept."""
    entry = draft.entry if isinstance(draft, BracketDraft) else draft
    size, kind, currency = _flat(entry.size)
    template = OrderTemplate(
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
        return template
    return replace(
        template,
        stop_loss=draft.stop_loss,
        take_profit=draft.take_profit,
        fallback=draft.fallback,
    )


def draft_of(template: OrderTemplate) -> Draft:
    """The draft that was kept."""
    entry = OrderDraft(
        symbol=template.symbol,
        side=template.side,
        size=_size(template),
        type=template.type,
        price=template.price,
        trigger=template.trigger,
        trail=template.trail,
        oco_stop=template.oco_stop,
        wallet=template.wallet,
        post_only=template.post_only,
        reduce_only=template.reduce_only,
        hidden=template.hidden,
    )
    if template.stop_loss is None and template.take_profit is None:
        return entry
    return BracketDraft(
        entry=entry,
        stop_loss=template.stop_loss,
        take_profit=template.take_profit,
        fallback=template.fallback,
    )


def line_of(template: OrderTemplate) -> str:
    """The command it stands for."""
    return parse.spell(draft_of(template))


def written(templates: Sequence[OrderTemplate]) -> bytes:
    """The file that holds them; what was not said is left out."""
    body = {"genesis_templates": VERSION, "templates": [_said(one) for one in templates]}
    return msgspec.json.format(msgspec.json.encode(body), indent=1)


def read(data: bytes) -> tuple[OrderTemplate, ...]:
    """The templates in a file; `InvalidInput` with the reason when any part of it is damaged."""
    if len(data) > MOST_BYTES:
        raise InvalidInput(f"The file has {len(data)} bytes; at most {MOST_BYTES} are read.")
    try:
        file = msgspec.json.decode(data, type=_File)
    except msgspec.DecodeError as error:
        raise InvalidInput(f"This is no file of templates: {error}.") from None
    if file.genesis_templates != VERSION:
        raise InvalidInput(f"The file is of version {file.genesis_templates}, not {VERSION}.")
    if len(file.templates) > MOST_TEMPLATES:
        found = len(file.templates)
        raise InvalidInput(f"The file has {found} templates; at most {MOST_TEMPLATES} are read.")
    templates = tuple(_one(raw, place) for place, raw in enumerate(file.templates, start=1))
    twice = [name for name, count in Counter(t.name for t in templates).items() if count > 1]
    if twice:
        raise InvalidInput(f"Two templates are called {twice[0]}.")
    return templates


def _said(template: OrderTemplate) -> Mapping[str, object]:
    unsaid = OrderTemplate(name="", symbol="", side=template.side, size=Decimal(0))
    return {
        name: value
        for name, value in msgspec.to_builtins(template).items()
        if name in {"name", "symbol", "side", "size"} or getattr(unsaid, name) != value
    }


def _one(raw: msgspec.Raw, place: int) -> OrderTemplate:
    try:
        unknown = msgspec.json.decode(raw, type=dict[str, msgspec.Raw]).keys() - _FIELDS
        template = msgspec.json.decode(raw, type=OrderTemplate)
    except msgspec.DecodeError as error:
        raise InvalidInput(f"Template {place}: {error}.") from None
    if unknown:
        raise InvalidInput(f"Template {place} has an unknown field, {min(unknown)[:40]}.")
    return _typeable(template, place)


def _typeable(template: OrderTemplate, place: int) -> OrderTemplate:
    """The template, if an operator could have typed it."""
    if not all(_readable(figure) for figure in _figures(template)):
        raise InvalidInput(f"Template {place} has a number that cannot be.")
    words = ("save", template.name, *line_of(template).split())
    try:
        wish = parse.template(words, _BEGINNING)
    except InvalidInput as error:
        raise InvalidInput(f"Template {place}: {error.sentence}") from None
    if wish.draft is None or template_of(wish.name, wish.draft) != template:
        raise InvalidInput(f"Template {place} says something that no order can say.")
    return template


def _figures(template: OrderTemplate) -> Sequence[Decimal | None]:
    return (
        *(template.size, template.price, template.trigger, template.trail, template.oco_stop),
        *(template.stop_loss, template.take_profit),
    )


def _readable(figure: Decimal | None) -> bool:
    """Whether it can be spelt in a few digits; a number with a huge exponent could not."""
    return figure is None or (figure.is_finite() and abs(figure.adjusted()) < _MOST_DIGITS)


def _flat(size: Size) -> tuple[Decimal, SizeKind, str | None]:
    match size:
        case BaseSize(amount):
            return amount, SizeKind.BASE, None
        case QuoteSize(amount, currency):
            return amount, SizeKind.QUOTE, currency
        case PartSize(percent):
            return percent, SizeKind.PERCENT, None


def _size(template: OrderTemplate) -> Size:
    match template.size_kind:
        case SizeKind.BASE:
            return BaseSize(template.size)
        case SizeKind.QUOTE:
            return QuoteSize(template.size, template.currency or "")
        case SizeKind.PERCENT:
            return PartSize(template.size)
