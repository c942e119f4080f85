"""Cards and lists of changes, pairs and brackets; the dry mark on all that goes out."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.telegram.render import brackets, changes, life, orders, system
from bot.telegram.screen import Button, Paper, Screen
from bot.telegram.sender import Sender, keyboard
from engine.model.bracket import Bracket, BracketStatus, BracketTerms, Fallback
from engine.model.change import OrderChange
from engine.model.event import AmendRequested, CancelRequested, OrderFilled, OrderSubmitted
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus, OrderType, Origin
from engine.model.result import (
    AmendPreview,
    BracketPreview,
    CancelFate,
    CancelReport,
    Exposure,
    OrderPreview,
)
from tests.unit.telegram.made import NOW, TERMS, WORKING, entries, fill, ordered
from tests.unit.telegram.refusing import RefusingTelegram
from tests.unit.telegram.test_render import STATUS

NOTHING = Exposure(amount=Decimal(0), worth=Decimal(0))
PREVIEW = OrderPreview(
    terms=TERMS,
    price=Decimal(20000),
    market=Decimal(20100),
    cost=Decimal(20000),
    fee=Decimal(20),
    fee_currency="BTC",
    fee_rate=Decimal("0.001"),
    before=NOTHING,
    after=NOTHING,
    notes=("Mind <this>.",),
)


@pytest.mark.parametrize(
    ("terms", "shown"),
    [
        (
            replace(TERMS, type=OrderType.TRAILING_STOP, price=None, trail=Decimal(500)),
            "trailing stop, 500 behind",
        ),
        (replace(TERMS, type=OrderType.IOC), "at once or not, limit 20,000"),
        (replace(TERMS, type=OrderType.FOK), "all at once or nothing, limit 20,000"),
        (replace(TERMS, oco_stop=Decimal(21000)), "limit 20,000 or stop 21,000"),
    ],
)
def test_every_type_in_one_breath(terms: object, shown: str) -> None:
    assert isinstance(terms, type(TERMS))
    assert orders.headline(terms) == f"<b>Buy 1 BTC</b>, {shown}"


def test_a_pair_and_its_time_are_said() -> None:
    terms = replace(TERMS, oco_stop=Decimal(21000), good_until=NOW + timedelta(hours=1))
    said = orders.preview(replace(PREVIEW, terms=terms))
    assert "Two orders: one cancels the other." in said
    assert "until 02 Jan 04:04 UTC" in said
    assert "Mind &lt;this&gt;." in said


def test_a_list_says_what_an_order_is_tied_to() -> None:
    tied = replace(WORKING, partner=OrderKey(8), bracket=OrderKey(9), origin=Origin.ADOPTED)
    said = orders.line(tied, {OrderKey(8): 151})
    assert "paired with <code>151</code>" in said
    assert "Exit of <code>9</code>" in said
    assert "adopted" in said


def test_a_bracket_card_shows_both_ends() -> None:
    terms = BracketTerms(
        entry=TERMS,
        stop_loss=Decimal(19000),
        take_profit=Decimal(23000),
        fallback=Fallback.CLOSE,
    )
    card = BracketPreview(terms=terms, entry=PREVIEW, loss=Decimal(1040), gain=Decimal(2960))
    said = brackets.preview(card)
    assert "Stop loss: <b>19,000</b>\nWorst loss: <b>1,040.00 USD</b>" in said
    assert "Take profit: <b>23,000</b>\nBest gain: <b>2,960.00 USD</b>" in said
    assert "Gain to loss: 2.85" in said
    assert "closed at market" in said
    held = replace(card, terms=replace(terms, take_profit=None), gain=None)
    assert "Take profit: <b>none</b>" in brackets.preview(held)


@pytest.mark.parametrize("status", list(BracketStatus))
def test_a_bracket_in_each_of_its_states(status: BracketStatus) -> None:
    terms = BracketTerms(entry=TERMS, stop_loss=Decimal(19000))
    bracket = Bracket(
        key=WORKING.key,
        terms=terms,
        status=status,
        opened_at=NOW,
        updated_at=NOW,
        guarded=Decimal("0.4"),
        reason="<so>",
    )
    said = brackets.listed(bracket, [replace(WORKING, remaining=Decimal("0.6"))])
    assert "Filled 0.4 of 1 BTC" in said
    assert "19,000" in said or "&lt;so&gt;" in said
    assert "<so>" not in said


def test_a_change_shows_before_and_after() -> None:
    change = OrderChange(price=Decimal(19500), amount=Decimal(2))
    after = replace(TERMS, price=Decimal(19500), amount=Decimal(2))
    seen = AmendPreview(
        order=WORKING, change=change, after=after, market=Decimal(20100), cost=Decimal(39000)
    )
    said = changes.preview(seen, {})
    assert "Amount: 1 → <b>2</b> BTC" in said
    assert "Price: 20,000 → <b>19,500</b>" in said
    assert "Stop:" not in said
    assert "39,000.00 USD" in said


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (replace(WORKING, terms=replace(TERMS, price=Decimal(19500))), "Changed</b>"),
        (WORKING, "has not answered yet"),
        (ordered(OrderStatus.CANCELLED), "Cancelled"),
    ],
)
def test_what_became_of_a_change(order: Order, says: str) -> None:
    assert says in changes.outcome(order, OrderChange(price=Decimal(19500)))


def test_a_life_is_told_in_order_with_names() -> None:
    events = (
        OrderSubmitted(at=NOW, order=WORKING),
        AmendRequested(
            at=NOW, actor_id="tg:6", key=WORKING.key, change=OrderChange(price=Decimal(5))
        ),
        OrderFilled(at=NOW, order=ordered(OrderStatus.PARTLY_FILLED, "0.6"), fill=fill(1, "0.4")),
        CancelRequested(at=NOW + timedelta(days=1), actor_id="tg:6", keys=(WORKING.key,)),
    )
    said = life.life(WORKING, entries(*events), {"tg:5": "Anna <b>", "tg:6": "Bo"}.__getitem__, {})
    steps = [line for line in said.splitlines() if line.startswith("03:04:05")]
    assert steps == [
        "03:04:05 sent by Anna &lt;b&gt;",
        "03:04:05 asked to become price 5 by Bo",
        "03:04:05 bought 0.4 BTC at 20,000, 0.6 left",
        "03:04:05 asked to cancel by Bo",
    ]
    assert said.count("<i>0") == 2


def test_what_a_brackets_guard_did_is_not_told_as_its_owners_deed() -> None:
    leg = replace(WORKING, bracket=OrderKey(9))
    smaller = OrderChange(amount=Decimal("0.4"))
    events = (
        OrderSubmitted(at=NOW, order=leg),
        AmendRequested(at=NOW, actor_id="tg:5", key=leg.key, change=smaller, guard=True),
        CancelRequested(at=NOW, actor_id="tg:5", keys=(leg.key,), guard=True),
        CancelRequested(at=NOW, actor_id="tg:5", keys=(leg.key,)),
    )
    said = life.life(leg, entries(*events), {"tg:5": "Anna <b>"}.__getitem__, {})
    steps = [line for line in said.splitlines() if line.startswith("03:04:05")]
    guard = "by the bracket's guard, for Anna &lt;b&gt;"
    assert steps == [
        f"03:04:05 sent {guard}",
        f"03:04:05 asked to become amount 0.4 {guard}",
        f"03:04:05 asked to cancel {guard}",
        "03:04:05 asked to cancel by Anna &lt;b&gt;",
    ]


def test_partial_cancels_are_counted() -> None:
    fates = (CancelFate(WORKING, "no <such>"), CancelFate(ordered(OrderStatus.CANCELLED)))
    said = orders.cancel_report(CancelReport(fates, notes=("1 order left as is.",)))
    assert said.startswith("<b>1 of 2 still open</b>")
    assert "1 order left as is." in said
    assert "still open" not in orders.cancel_report(CancelReport(fates[1:]))


def test_a_dry_run_is_plain_in_the_status() -> None:
    assert system.status(STATUS, dms=False, dry=True).startswith("<b>DRY RUN</b>")
    assert "DRY" not in system.status(STATUS, dms=False)


async def test_every_message_of_a_dry_run_says_so() -> None:
    telegram = RefusingTelegram()
    sender = Sender(telegram.bot(), lambda outcome: None, dry=True)
    await sender.send(1, Screen("<b>Bought 1 BTC</b>"))
    await sender.send(1, Screen("2 templates", paper=Paper("x.json", b"{}")))
    assert [text for _, text in telegram.sent] == ["(dry) <b>Bought 1 BTC</b>", "(dry) 2 templates"]
    plain = RefusingTelegram()
    await Sender(plain.bot(), lambda outcome: None).send(1, Screen("x"))
    assert plain.sent == [(1, "x")]


def test_no_buttons_no_keyboard() -> None:
    assert keyboard(Screen("x")) is None
    assert keyboard(Screen("x", rows=((Button("a", "b"),),))) is not None
