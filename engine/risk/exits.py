"""Exits of a bracket: what they may be, and the stamp they go out with."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.approval import ApprovedChange, ApprovedOrder
from engine.model.bracket import BracketTerms
from engine.model.change import OrderChange
from engine.model.ids import OrderKey
from engine.model.market import Fees, Pair
from engine.model.money import cut_amount, is_price, plain, readable, round_price
from engine.model.order import Order, OrderTerms, OrderType, Side
from engine.model.result import Reason, Refused
from engine.model.symbol import base_of
from engine.risk.circumstances import Circumstances, expected_price
from engine.risk.rules import Rule
from engine.risk.rules.precision import exact_amount, exact_prices
from engine.risk.rules.size import size_within_limits
from engine.risk.rules.wallet import wallet_can_trade

EXIT_RULES: Sequence[Rule] = (wallet_can_trade, exact_amount, exact_prices, size_within_limits)
_AWAY = {True: Decimal("1.02"), False: Decimal("0.98")}


def approve_exit(
    key: OrderKey,
    terms: OrderTerms,
    *,
    entry: OrderTerms,
    filled: Decimal,
    pair: Pair,
    now: datetime,
    partner: OrderKey | None = None,
) -> ApprovedOrder | Refused:
    """The stamp for an order that undoes what an entry has filled, and so goes in any weather.

    Neither a pause nor a trigger the market has passed keeps it back; what funds and positions
    allow is the exchange's to say, for our word on them may be older than the fill.
    """
    reasons = [*_undoes(terms, entry, filled), *_formal(terms, pair, now)]
    if reasons:
        return Refused(tuple(reasons))
    return ApprovedOrder(key=key, terms=terms, partner=partner, urgent=True)


def approve_resize(order: Order, amount: Decimal, *, filled: Decimal) -> ApprovedChange | None:
    """The stamp for an exit of another size; None where it would outgrow what was filled."""
    if amount > filled:
        return None
    return ApprovedChange(order=order, change=OrderChange(amount=amount))


def bracket_objections(terms: BracketTerms, world: Circumstances) -> tuple[Reason, ...]:
    """Why these exits cannot guard this entry: every reason, each with what would be right."""
    return tuple(
        reason
        for answers in (_kind(terms), _prices(terms, world), _room(terms, world))
        for reason in answers
    )


def _undoes(terms: OrderTerms, entry: OrderTerms, filled: Decimal) -> Iterator[Reason]:
    same = (terms.symbol, terms.wallet) == (entry.symbol, entry.wallet)
    against = terms.side is not entry.side
    if not same or not against or terms.amount > filled:
        yield Reason("not_an_exit", "This order would not undo what the entry has filled.")
    if terms.wallet is Wallet.MARGIN and not terms.reduce_only:
        yield Reason("exit_must_reduce", "An exit on margin must be reduce-only.")


def _formal(terms: OrderTerms, pair: Pair, now: datetime) -> Iterator[Reason]:
    world = Circumstances(
        pair=pair,
        market=terms.price or terms.trigger or Decimal(0),
        fees=Fees(maker=Decimal(0), taker=Decimal(0)),
        free=None,
        position=None,
        paused=None,
        now=now,
    )
    return (reason for rule in EXIT_RULES if (reason := rule(terms, world)) is not None)


def _kind(terms: BracketTerms) -> Iterator[Reason]:
    entry = terms.entry
    if terms.stop_loss is None and terms.take_profit is None:
        yield Reason("no_exit", "A bracket needs a stop loss, a take profit or both. Add sl 29000.")
    if entry.wallet is Wallet.EXCHANGE and entry.side is Side.SELL:
        yield Reason(
            "nothing_to_guard",
            "What is sold from the exchange wallet leaves nothing that exits could guard. "
            "Add the word margin for a short position, or leave out sl and tp.",
        )
    if entry.reduce_only or entry.close:
        yield Reason(
            "entry_reduces", "An entry opens something: leave out reduce, or leave out sl and tp."
        )
    if entry.oco_stop is not None:
        yield Reason("entry_is_a_pair", "An entry is one order: leave out oco, or sl and tp.")


def _prices(terms: BracketTerms, world: Circumstances) -> Iterator[Reason]:
    entry, up = terms.entry, terms.entry.side is Side.BUY
    price = expected_price(entry, world.market)
    exits = (
        ("stop loss", "sl", terms.stop_loss, not up),
        ("take profit", "tp", terms.take_profit, up),
    )
    for name, word, exit_price, above in exits:
        if exit_price is None:
            continue
        if not is_price(exit_price):
            near = round_price(exit_price if exit_price > 0 else price * _AWAY[above])
            yield Reason(
                f"{word}_precision",
                f"The {name} {plain(exit_price)} is not a price of 5 significant digits. "
                f"Use {word} {plain(near)}.",
            )
        elif exit_price == price or (exit_price > price) is not above:
            yield Reason(
                f"{word}_wrong_side",
                f"The {name} of a {entry.side} at {readable(price)} belongs "
                f"{'above' if above else 'below'} it, not at {readable(exit_price)}. "
                f"Example: {word} {plain(round_price(price * _AWAY[above]))}.",
            )


def _room(terms: BracketTerms, world: Circumstances) -> Iterator[Reason]:
    """What is left of a spot entry after its fee must still be an order."""
    entry, least = terms.entry, world.pair.min_size
    if entry.wallet is not Wallet.EXCHANGE or entry.amount < least:
        return
    rate = max(world.fees.maker, world.fees.taker)
    left = cut_amount(entry.amount * (1 - rate))
    if left < least:
        enough = cut_amount(least / (1 - rate)) + Decimal("0.00000001")
        base = base_of(entry.symbol)
        yield Reason(
            "nothing_left_to_guard",
            f"After its fee {plain(left)} {base} is left, less than the exchange's minimum of "
            f"{plain(least)} {base}, so no exit could go out. Use {plain(enough)} or more.",
        )


def exit_terms(
    entry: OrderTerms, size: Decimal, stop: Decimal | None, take: Decimal | None
) -> OrderTerms:
    """The order that undoes `size` of an entry: a pair where both prices are given, a market
    order where none is; reduce-only on margin."""
    kind = OrderType.MARKET
    if take is not None:
        kind = OrderType.LIMIT
    elif stop is not None:
        kind = OrderType.STOP
    return OrderTerms(
        symbol=entry.symbol,
        side=Side.SELL if entry.side is Side.BUY else Side.BUY,
        amount=size,
        type=kind,
        price=take,
        trigger=stop if take is None else None,
        oco_stop=stop if take is not None else None,
        wallet=entry.wallet,
        reduce_only=entry.wallet is Wallet.MARGIN,
        leverage=entry.leverage,
    )
