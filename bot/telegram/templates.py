"""Templates as drafts and as the lines they stand for."""

from dataclasses import replace
from decimal import Decimal

from bot.telegram import parse
from engine.model.draft import BaseSize, BracketDraft, OrderDraft, PartSize, QuoteSize, Size
from engine.model.template import OrderTemplate, SizeKind

Draft = OrderDraft | BracketDraft


def template_of(name: str, draft: Draft) -> OrderTemplate:
    """A draft to be kept under this name, in small letters; when it would end is not kept."""
    entry = draft.entry if isinstance(draft, BracketDraft) else draft
    size, kind, currency = _flat(entry.size)
    template = OrderTemplate(
        name=name.lower(),
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
