"""Drafts as commands, ready to copy."""

from collections.abc import Sequence

from bot.telegram.grammar.moments import spell_moment
from bot.telegram.grammar.sizes import ALL
from engine.model.account import Wallet
from engine.model.bracket import Fallback
from engine.model.draft import BaseSize, BracketDraft, OrderDraft, PartSize, QuoteSize, Size
from engine.model.money import plain
from engine.model.order import OrderType

_TYPE_WORDS = {
    OrderType.MARKET: "",
    OrderType.LIMIT: "limit",
    OrderType.STOP: "stop",
    OrderType.STOP_LIMIT: "stoplimit",
    OrderType.TRAILING_STOP: "trail",
    OrderType.FOK: "fok",
    OrderType.IOC: "ioc",
}


def spell(draft: OrderDraft | BracketDraft) -> str:
    """The shortest command that means `draft`."""
    entry = draft.entry if isinstance(draft, BracketDraft) else draft
    return " ".join(filter(None, (f"/{entry.side.value}", *_words(entry), *_exits(draft))))


def _words(draft: OrderDraft) -> Sequence[str]:
    prices = [plain(p) for p in (draft.trigger, draft.price, draft.trail) if p is not None]
    flags = (
        ("post", draft.post_only),
        ("reduce", draft.reduce_only),
        ("hidden", draft.hidden),
        ("margin", draft.wallet is Wallet.MARGIN),
    )
    return [
        draft.symbol,
        spell_size(draft.size),
        _TYPE_WORDS[draft.type],
        *prices,
        *(word for word, wanted in flags if wanted),
        f"oco {plain(draft.oco_stop)}" if draft.oco_stop is not None else "",
        f"tif {spell_moment(draft.good_until)}" if draft.good_until is not None else "",
    ]


def _exits(draft: OrderDraft | BracketDraft) -> Sequence[str]:
    if isinstance(draft, OrderDraft):
        return []
    return [
        f"sl {plain(draft.stop_loss)}" if draft.stop_loss is not None else "",
        f"tp {plain(draft.take_profit)}" if draft.take_profit is not None else "",
        f"fallback {draft.fallback}" if draft.fallback is not Fallback.HOLD else "",
    ]


def spell_size(size: Size) -> str:
    """`0.01`, `$250`, `250eur`, `25%`, `max`."""
    match size:
        case BaseSize(amount):
            return plain(amount)
        case QuoteSize(amount, "USD"):
            return f"${plain(amount)}"
        case QuoteSize(amount, currency):
            return f"{plain(amount)}{currency.lower()}"
        case PartSize(percent):
            return "max" if percent == ALL else f"{plain(percent)}%"
