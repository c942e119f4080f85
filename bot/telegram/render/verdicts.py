"""What the rules say of an order, folded into a line, and how near the limits are."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from bot.telegram.render.risk import OFF, day_result, drawdown, exposure_part, in_percent
from bot.telegram.render.text import bold, esc, money
from engine.model.money import plain
from engine.model.order import OrderTerms
from engine.model.result import Verdict
from engine.model.risk_result import RiskStatus
from engine.model.symbol import quote_of

NEAR = Decimal("0.8")


def switched_off(verdict: Verdict | None) -> Sequence[str]:
    """The loud word at the top of a card, where nothing is asked."""
    return [*OFF, ""] if verdict is not None and verdict.off else []


def folded(verdict: Verdict | None, near: Sequence[str] = ()) -> Sequence[str]:
    """A line that unfolds into every rule's word."""
    if verdict is None or verdict.off:
        return []
    count = len(verdict.checks)
    what = f"Risk: all {count} rules pass"
    less = " (it only makes an exposure smaller)" if verdict.reduces else ""
    close = () if verdict.reduces else near
    head = [f"{bold(what)}{less}", *(f"Near the limit: {esc(each)}" for each in close)]
    rules = [f"✓ {esc(check.rule)}" for check in verdict.checks]
    return ["\n<blockquote expandable>" + "\n".join([*head, *rules]) + "</blockquote>"]


def close_to_limits(seen: RiskStatus, terms: OrderTerms, cost: Decimal) -> Sequence[str]:
    """Figures an entry is judged by that have come near their limit."""
    limits = seen.limits
    in_symbol = dict(seen.trades).get(terms.symbol, 0)
    found = [
        *_count("trades today", seen.trades_today, limits.max_trades_per_day),
        *_count(f"{terms.symbol} today", in_symbol, limits.max_trades_per_symbol_per_day),
        *_count("open orders", seen.open_orders, limits.max_open_orders),
        *_count("positions", seen.positions, limits.max_open_positions),
        *_count("losses in a row", seen.losses, limits.max_consecutive_losses),
        *_part("day's loss", _loss(seen), limits.max_daily_loss_percent),
        *_part("drawdown", drawdown(seen), limits.max_drawdown_percent),
        *_part("exposure", exposure_part(seen), limits.max_exposure_percent),
    ]
    if limits.max_order_notional and cost >= limits.max_order_notional * NEAR:
        most = money(limits.max_order_notional, quote_of(terms.symbol))
        found.append(f"worth of the order, at most {most}")
    return found


def _loss(seen: RiskStatus) -> Decimal | None:
    result = day_result(seen)
    return None if result is None else -result


def _count(name: str, count: int, most: int) -> Iterator[str]:
    if most and count and (count >= most * NEAR or count == most - 1):
        yield f"{name} {count} of {most}"


def _part(name: str, part: Decimal | None, most: Decimal) -> Iterator[str]:
    if most and part is not None and part >= most * NEAR:
        yield f"{name} {in_percent(part)} of {plain(most)} %"
