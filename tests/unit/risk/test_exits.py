"""What exits may be."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.model.account import Wallet
from engine.model.approval import ApprovedOrder
from engine.model.bracket import BracketTerms
from engine.model.ids import OrderKey
from engine.model.market import Fees, Pair
from engine.model.order import OrderTerms, OrderType, Side
from engine.model.result import Refused
from engine.model.symbol import Symbol
from engine.risk.circumstances import Circumstances
from engine.risk.exits import approve_exit, approve_resize, bracket_objections, exit_terms
from tests.unit.brackets.made import an_order

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PAIR = Pair(symbol=Symbol("tBTCUSD"), min_size=Decimal("0.001"), max_size=Decimal(100), margin=True)
WORLD = Circumstances(
    pair=PAIR,
    market=Decimal(30000),
    fees=Fees(maker=Decimal("0.001"), taker=Decimal("0.002")),
    free=Decimal(1_000_000),
    position=None,
    paused=None,
    now=NOW,
)
BUY = OrderTerms(symbol=PAIR.symbol, side=Side.BUY, amount=Decimal(1), type=OrderType.MARKET)
ON_MARGIN = replace(BUY, wallet=Wallet.MARGIN)
BRACKET = BracketTerms(entry=BUY, stop_loss=Decimal(29000), take_profit=Decimal(31000))


@pytest.mark.parametrize(
    ("terms", "codes"),
    [
        (BRACKET, []),
        (replace(BRACKET, entry=ON_MARGIN), []),
        (replace(BRACKET, stop_loss=None, take_profit=None), ["no_exit"]),
        (replace(BRACKET, stop_loss=Decimal(30000)), ["sl_wrong_side"]),
        (replace(BRACKET, stop_loss=Decimal(30001)), ["sl_wrong_side"]),
        (replace(BRACKET, take_profit=Decimal(29999)), ["tp_wrong_side"]),
        (replace(BRACKET, take_profit=Decimal("31000.5")), ["tp_precision"]),
        (replace(BRACKET, stop_loss=Decimal(-5)), ["sl_precision"]),
        (
            replace(BRACKET, stop_loss=Decimal(31000), take_profit=Decimal(29000)),
            ["sl_wrong_side", "tp_wrong_side"],
        ),
        (
            replace(
                BRACKET,
                entry=replace(BUY, type=OrderType.LIMIT, price=Decimal(28000)),
                take_profit=Decimal(28500),
            ),
            ["sl_wrong_side"],
        ),
        (
            replace(BRACKET, entry=replace(BUY, side=Side.SELL)),
            ["nothing_to_guard", "sl_wrong_side", "tp_wrong_side"],
        ),
        (
            BracketTerms(
                entry=replace(ON_MARGIN, side=Side.SELL),
                stop_loss=Decimal(31000),
                take_profit=Decimal(29000),
            ),
            [],
        ),
        (replace(BRACKET, entry=replace(ON_MARGIN, reduce_only=True)), ["entry_reduces"]),
        (
            replace(
                BRACKET,
                entry=replace(
                    BUY, type=OrderType.LIMIT, price=Decimal(30000), oco_stop=Decimal(30500)
                ),
            ),
            ["entry_is_a_pair"],
        ),
        (
            replace(BRACKET, entry=replace(BUY, amount=Decimal("0.001"))),
            ["nothing_left_to_guard"],
        ),
        (replace(BRACKET, entry=replace(ON_MARGIN, amount=Decimal("0.001"))), []),
    ],
)
def test_objections_to_a_bracket(terms: BracketTerms, codes: list[str]) -> None:
    assert [reason.code for reason in bracket_objections(terms, WORLD)] == codes


def test_a_refusal_shows_what_would_be_right() -> None:
    wrong = replace(BRACKET, stop_loss=Decimal(30500))
    (reason,) = bracket_objections(wrong, WORLD)
    assert "belongs below it" in reason.sentence
    assert "Example: sl 29400." in reason.sentence
    small = replace(BRACKET, entry=replace(BUY, amount=Decimal("0.001")))
    (reason,) = bracket_objections(small, WORLD)
    enough = Decimal(reason.sentence.split("Use ")[1].split(" or more")[0])
    assert bracket_objections(replace(small, entry=replace(BUY, amount=enough)), WORLD) == ()


@pytest.mark.parametrize(
    ("stop", "take", "kind"),
    [
        (Decimal(29000), Decimal(31000), OrderType.LIMIT),
        (Decimal(29000), None, OrderType.STOP),
        (None, Decimal(31000), OrderType.LIMIT),
        (None, None, OrderType.MARKET),
    ],
)
@pytest.mark.parametrize("entry", [BUY, ON_MARGIN, replace(ON_MARGIN, side=Side.SELL)])
def test_an_exit_is_approved_whatever_the_weather(
    entry: OrderTerms, stop: Decimal | None, take: Decimal | None, kind: OrderType
) -> None:
    terms = exit_terms(entry, Decimal("0.5"), stop, take)
    assert terms.type is kind
    assert terms.side is not entry.side
    assert terms.reduce_only is (entry.wallet is Wallet.MARGIN)
    assert (terms.oco_stop is not None) is (stop is not None and take is not None)
    stamp = approve_exit(OrderKey(5), terms, entry=entry, filled=Decimal("0.5"), pair=PAIR, now=NOW)
    assert stamp == ApprovedOrder(key=OrderKey(5), terms=terms, urgent=True)


TERMS = [field.name for field in fields(OrderTerms)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"side": Side.BUY}, "not_an_exit"),
        ({"amount": Decimal("0.6")}, "not_an_exit"),
        ({"symbol": Symbol("tETHUSD")}, "not_an_exit"),
        ({"wallet": Wallet.EXCHANGE, "reduce_only": False}, "not_an_exit"),
        ({"reduce_only": False}, "exit_must_reduce"),
        ({"amount": Decimal("0.0005")}, "below_minimum"),
        ({"trigger": Decimal("29000.55")}, "price_precision"),
    ],
)
def test_what_is_no_exit_gets_no_stamp(changes: dict[str, object], code: str) -> None:
    good = exit_terms(ON_MARGIN, Decimal("0.5"), Decimal(29000), None)
    fields = {name: getattr(good, name) for name in TERMS} | changes
    refused = approve_exit(
        OrderKey(5),
        OrderTerms(**fields),
        entry=ON_MARGIN,
        filled=Decimal("0.5"),
        pair=PAIR,
        now=NOW,
    )
    assert isinstance(refused, Refused)
    assert [reason.code for reason in refused.reasons] == [code]


def test_an_exit_does_not_outgrow_what_was_filled() -> None:
    exit_order = an_order(2)
    assert approve_resize(exit_order, Decimal(3), filled=Decimal(2)) is None
    stamp = approve_resize(exit_order, Decimal(2), filled=Decimal(2))
    assert stamp is not None
    assert stamp.change.amount == 2
