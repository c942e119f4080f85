"""What the operator reads: exact figures, nothing from outside unescaped, never too long."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.telegram.render import alerts, orders, people, system, text
from engine.model.account import Wallet
from engine.model.event import ExchangeLinkLost, TradingPaused
from engine.model.order import OrderStatus, OrderType, Side
from engine.model.result import CancelFate, CancelReport, DeskStatus, Reason, Refused
from tests.unit.telegram.made import NOW, TERMS, WORKING, ordered

NASTY = "<b>&amp;</i>"
PAUSED = TradingPaused(at=NOW, actor_id="tg:5", name=NASTY, reason=NASTY)
STATUS = DeskStatus(
    closed_because=None,
    link_since=NOW,
    maintenance=False,
    paused=None,
    open_orders=0,
    pending=(),
    positions=0,
)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("30000", "30,000"),
        ("30000.5", "30,000.5"),
        ("0.00000001", "0.00000001"),
        ("1E+5", "100,000"),
        ("-1234.5", "-1,234.5"),
        ("-0.5", "-0.5"),
    ],
)
def test_numbers_keep_every_digit(value: str, shown: str) -> None:
    assert text.number(Decimal(value)) == shown


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        ("1234.567", "USD", "1,234.57 USD"),
        ("0", "USD", "0.00 USD"),
        ("0.004", "USD", "0.004 USD"),
        ("0.123456789", "BTC", "0.12345679 BTC"),
    ],
)
def test_money(value: str, currency: str, shown: str) -> None:
    assert text.money(Decimal(value), currency) == shown


def test_nothing_from_outside_becomes_markup() -> None:
    said = [
        alerts.paused(PAUSED),
        alerts.link_lost(ExchangeLinkLost(at=NOW, reason=NASTY)),
        alerts.closed(ordered(OrderStatus.CANCELLED, reason=NASTY)),
        alerts.cancel_failed(WORKING, NASTY),
        orders.refusal(Refused((Reason("x", NASTY),))),
        orders.cancel_report(CancelReport((CancelFate(WORKING, NASTY),))),
        system.status(replace(STATUS, paused=PAUSED, closed_because=NASTY), dms=False),
        system.unknown_command(NASTY, None),
    ]
    for each in said:
        assert NASTY not in each
        assert "&lt;b&gt;&amp;amp;" in each


def test_a_long_message_ends_at_a_line() -> None:
    whole = text.lines(f"<b>order {n}</b>" for n in range(1000))
    assert len(whole) <= text.LIMIT
    assert whole.endswith("</b>\n… and more.")


def test_of_two_parts_the_outcome_counts() -> None:
    assert text.fitted("card", "outcome") == "card\n\noutcome"
    assert text.fitted("c" * 4000, "outcome" * 20) == "outcome" * 20


@pytest.mark.parametrize(
    ("terms", "shown"),
    [
        (replace(TERMS, type=OrderType.MARKET, price=None), "<b>Buy 1 BTC</b>, market"),
        (replace(TERMS, side=Side.SELL), "<b>Sell 1 BTC</b>, limit 20,000"),
        (
            replace(TERMS, type=OrderType.STOP_LIMIT, trigger=Decimal(21000)),
            "<b>Buy 1 BTC</b>, stop 21,000, limit 20,000",
        ),
    ],
)
def test_an_order_in_one_breath(terms: object, shown: str) -> None:
    assert isinstance(terms, type(TERMS))
    assert orders.headline(terms) == shown


def test_options_name_wallet_and_flags() -> None:
    terms = replace(TERMS, wallet=Wallet.MARGIN, post_only=True, reduce_only=True, hidden=True)
    assert orders.options(terms) == "tBTCUSD · margin wallet · post-only · reduce-only · hidden"


def test_status_never_claims_both_open_and_paused() -> None:
    assert "Open for trading" in system.status(STATUS, dms=False)
    paused = system.status(replace(STATUS, paused=PAUSED), dms=False)
    assert "Open for trading" not in paused
    assert "Trading is paused" in paused
    both = system.status(replace(STATUS, paused=PAUSED, closed_because="it is away."), dms=False)
    assert "Not open</b>: it is away.\n" in both
    assert "paused" in both


def test_dead_man_switch_is_explained() -> None:
    assert "on: all orders, protective stops too, are cancelled" in system.status(STATUS, dms=True)
    assert "orders stay" in system.status(STATUS, dms=False)


def test_stranger_learns_the_id_and_whom_to_ask() -> None:
    assert "<code>2002</code>" in people.stranger(2002)
    assert "TELEGRAM_TRADERS" in people.stranger(2002)
