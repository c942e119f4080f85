"""Every kind of order a draft can mean, as its preview shows it and as it is sent."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.command import PlaceOrder
from engine.model.draft import BaseSize, OrderDraft
from engine.model.ids import CommandId
from engine.model.order import OrderType, Side
from engine.model.position import Position
from engine.model.query import PreviewClose, PreviewOrder
from engine.model.report import PositionsReport
from engine.model.result import OrderPreview, Refused
from tests.eventually import eventually
from tests.hurried import now
from tests.integration.desk.scripted import BTC, TERMS, Scene, scene
from tests.trading_house import OLIVIA

DRAFT = OrderDraft(symbol="tBTCUSD", side=Side.BUY, size=BaseSize(Decimal(1)))


async def preview(shown: Scene, draft: OrderDraft) -> OrderPreview:
    seen = await shown.desk.ask(OLIVIA, PreviewOrder(draft))
    assert isinstance(seen, OrderPreview), seen
    return seen


async def holds(shown: Scene, amount: Decimal) -> None:
    held = Position(symbol=BTC, amount=amount, base_price=Decimal(30000))
    shown.exchange.say(PositionsReport(positions=(held,)))
    await eventually(lambda: shown.desk.floor.book.positions.get(BTC) == held)


async def test_what_means_nothing_to_a_market_order_is_left_out_with_a_word() -> None:
    async with scene() as shown:
        seen = await preview(shown, replace(DRAFT, post_only=True, price=Decimal(30000)))
        assert not seen.terms.post_only
        assert seen.terms.price is None
        assert len(seen.notes) == 2
        assert any("Post-only has no meaning for a market order" in note for note in seen.notes)
        stop = replace(
            DRAFT, type=OrderType.STOP, trigger=Decimal(31000), price=None, post_only=True
        )
        assert "stop order" in (await preview(shown, stop)).notes[0]


async def test_what_means_nothing_is_left_out_also_when_terms_come_without_a_preview() -> None:
    async with scene() as shown:
        idle = replace(TERMS, type=OrderType.MARKET, post_only=True)
        await shown.desk.execute(OLIVIA, PlaceOrder(idle), CommandId("api:1"))
        sent = shown.exchange.sent[0].terms
        assert (sent.post_only, sent.price) == (False, None)


async def test_a_passing_order_that_reaches_nothing_is_said_to_be_cancelled() -> None:
    async with scene() as shown:
        ioc = replace(DRAFT, type=OrderType.IOC, price=Decimal(29000))
        assert "cancels it at once" in (await preview(shown, ioc)).notes[0]
        reaching = await preview(shown, replace(ioc, price=Decimal(30500)))
        assert reaching.notes == ()


async def test_a_lifetime_is_told_and_lies_ahead() -> None:
    async with scene() as shown:
        until = now() + timedelta(hours=1)
        draft = replace(DRAFT, type=OrderType.LIMIT, price=Decimal(29000), good_until=until)
        seen = await preview(shown, draft)
        assert seen.terms.good_until == until
        assert f"{until:%H:%M} UTC is cancelled" in seen.notes[0]
        past = replace(draft, good_until=until - timedelta(hours=2))
        refused = await shown.desk.ask(OLIVIA, PreviewOrder(past))
        assert isinstance(refused, Refused)
        assert refused.reasons[0].code == "already_over"


async def test_a_trailing_stop_needs_no_price() -> None:
    async with scene() as shown:
        draft = replace(DRAFT, type=OrderType.TRAILING_STOP, trail=Decimal(250))
        assert (await preview(shown, draft)).terms.trail == 250


async def test_a_position_smaller_than_any_order_is_closed_by_flag() -> None:
    async with scene() as shown:
        for amount, close in (("0.00005", True), ("0.5", False)):
            await holds(shown, Decimal(amount))
            seen = await shown.desk.ask(OLIVIA, PreviewClose("tBTCUSD"))
            assert isinstance(seen, OrderPreview), seen
            terms = seen.terms
            assert (terms.close, terms.reduce_only) == (close, not close)
            assert (terms.amount, terms.wallet) == (Decimal(amount), Wallet.MARGIN)
            assert seen.after.amount == 0
