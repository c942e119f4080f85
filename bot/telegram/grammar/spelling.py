"""Drafts as commands, ready to copy."""

from bot.telegram.grammar.sizes import ALL
from engine.model.account import Wallet
from engine.model.draft import BaseSize, OrderDraft, PartSize, QuoteSize, Size
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


def spell(draft: OrderDraft) -> str:
    """The shortest command that means `draft`."""
    prices = [plain(p) for p in (draft.trigger, draft.price) if p is not None]
    flags = (
        ("post", draft.post_only),
        ("reduce", draft.reduce_only),
        ("hidden", draft.hidden),
        ("margin", draft.wallet is Wallet.MARGIN),
    )
    words = [
        f"/{draft.side.value}",
        draft.symbol,
        spell_size(draft.size),
        _TYPE_WORDS[draft.type],
        *prices,
        *(word for word, wanted in flags if wanted),
    ]
    return " ".join(filter(None, words))


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
