"""What passes only because it reduces must be able to do nothing else: it goes out reduce-only."""

from collections.abc import Sequence
from dataclasses import replace

from engine.model.account import Wallet
from engine.model.order import OrderTerms
from engine.risk.asking import Objection
from engine.risk.circumstances import Circumstances
from engine.risk.rulebook import PAUSE


def is_unbound(terms: OrderTerms) -> bool:
    """Whether it opens something where the position it is meant for is gone when it trades."""
    return terms.wallet is Wallet.MARGIN and not (terms.reduce_only or terms.close)


def bound(terms: OrderTerms) -> OrderTerms:
    """The same order, which may only close."""
    return replace(terms, reduce_only=True)


def too_late(world: Circumstances) -> Circumstances:
    """The same, with all of the position closed by others first."""
    held = world.position
    return world if held is None else replace(world, spoken_for=abs(held.amount))


def because(spared: Sequence[Objection]) -> str:
    """What a person is told of it before they confirm."""
    others = [article.name for article, _ in spared if article is not PAUSE]
    why = ["trading is paused"] if len(others) < len(spared) else []
    if others:
        why.append(f"nothing may be opened now ({', '.join(others)})")
    return f"Sent as reduce-only, because {' and '.join(why)}: it may only close."
