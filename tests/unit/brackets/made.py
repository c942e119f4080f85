"""Brackets, entries and exits, with as few words as a test needs."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from engine.brackets.situation import Situation
from engine.model.account import Wallet
from engine.model.bracket import Bracket, BracketStatus, BracketTerms, Fallback, Settled
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.symbol import Symbol

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ENTRY_KEY = OrderKey(1)
STOP, TAKE = Decimal(29000), Decimal(31000)
ENTRY = OrderTerms(
    symbol=Symbol("tBTCUSD"),
    side=Side.BUY,
    amount=Decimal(10),
    type=OrderType.LIMIT,
    price=Decimal(30000),
)
ON_MARGIN = replace(ENTRY, wallet=Wallet.MARGIN)


def an_order(
    key: int,
    terms: OrderTerms = ENTRY,
    status: OrderStatus = OrderStatus.WORKING,
    *,
    filled: str = "0",
    partner: int | None = None,
    reason: str = "",
) -> Order:
    return Order(
        key=OrderKey(key),
        terms=terms,
        status=status,
        remaining=terms.amount - Decimal(filled),
        created_at=NOW,
        updated_at=NOW,
        partner=None if partner is None else OrderKey(partner),
        bracket=None if key == ENTRY_KEY else ENTRY_KEY,
        reason=reason,
    )


def entry(filled: str, status: OrderStatus | None = None, terms: OrderTerms = ENTRY) -> Order:
    """An entry that has filled so much."""
    whole = Decimal(filled) == terms.amount
    partly = OrderStatus.PARTLY_FILLED if Decimal(filled) else OrderStatus.WORKING
    found = status or (OrderStatus.FILLED if whole else partly)
    return an_order(ENTRY_KEY, terms, found, filled=filled)


def take(
    key: int,
    size: str,
    status: OrderStatus = OrderStatus.WORKING,
    filled: str = "0",
    reason: str = "",
) -> Order:
    """The take profit of a pair; its stop has the next key."""
    terms = replace(ENTRY, side=Side.SELL, amount=Decimal(size), price=TAKE, oco_stop=STOP)
    return an_order(key, terms, status, partner=key + 1, filled=filled, reason=reason)


def stop(
    key: int,
    size: str,
    status: OrderStatus = OrderStatus.WORKING,
    filled: str = "0",
    reason: str = "",
) -> Order:
    """The stop of a pair; its take profit has the key before."""
    return an_order(key, _stop_terms(size), status, partner=key - 1, filled=filled, reason=reason)


def lone_stop(
    key: int,
    size: str,
    status: OrderStatus = OrderStatus.WORKING,
    filled: str = "0",
    reason: str = "",
) -> Order:
    """A stop by itself."""
    return an_order(key, _stop_terms(size), status, filled=filled, reason=reason)


def at_market(
    key: int,
    size: str,
    status: OrderStatus = OrderStatus.FILLED,
    filled: str = "0",
    reason: str = "",
) -> Order:
    """A market order to close."""
    terms = replace(ENTRY, side=Side.SELL, amount=Decimal(size), type=OrderType.MARKET, price=None)
    return an_order(key, terms, status, filled=filled, reason=reason)


def _stop_terms(size: str) -> OrderTerms:
    return replace(
        ENTRY,
        side=Side.SELL,
        amount=Decimal(size),
        type=OrderType.STOP,
        price=None,
        trigger=STOP,
    )


def a_bracket(
    status: BracketStatus = BracketStatus.GUARDED,
    *,
    terms: OrderTerms = ENTRY,
    stop_loss: Decimal | None = STOP,
    take_profit: Decimal | None = TAKE,
    fallback: Fallback = Fallback.HOLD,
    withdrawn: tuple[int, ...] = (),
    reason: str = "",
) -> Bracket:
    return Bracket(
        key=ENTRY_KEY,
        terms=BracketTerms(
            entry=terms, stop_loss=stop_loss, take_profit=take_profit, fallback=fallback
        ),
        status=status,
        opened_at=NOW,
        updated_at=NOW,
        withdrawn=tuple(OrderKey(key) for key in withdrawn),
        reason=reason,
        actor_id="tg:1001",
    )


def situation(
    bracket: Bracket,
    entry_order: Order,
    *exits: Order,
    settled: Settled | None = None,
    fee_rate: str = "0",
    min_size: str = "1",
    position: str = "0",
    breached: bool = False,
    stubborn: tuple[int, ...] = (),
    owing: tuple[int, ...] = (),
) -> Situation:
    """How things stand; without `settled`, all fees are told and were nothing."""
    return Situation(
        bracket=replace(bracket, exits=tuple(order.key for order in exits)),
        entry=entry_order,
        exits=exits,
        settled=settled if settled is not None else Settled(amount=entry_order.filled),
        fee_rate=Decimal(fee_rate),
        min_size=Decimal(min_size),
        position=Decimal(position),
        breached=breached,
        stubborn=frozenset(OrderKey(key) for key in stubborn),
        owing=frozenset(OrderKey(key) for key in owing),
    )
