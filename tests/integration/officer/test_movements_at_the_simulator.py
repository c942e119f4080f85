"""A desk at the simulated exchange: a withdrawal and a deposit, as its ledger and wallets say."""

from decimal import Decimal

import aiohttp

from engine.memory_journal import MemoryJournal
from engine.model.command import PlaceOrder
from engine.model.order import OrderTerms, OrderType, Side
from engine.model.result import OrderTicket
from engine.model.risk import Moved
from engine.model.risk_command import ChangeLimit
from engine.model.risk_event import FundsMoved, GuardTripped
from engine.simulator.server import running
from tests.eventually import eventually, eventually_asked
from tests.integration.desk.scripted import BTC
from tests.trading_house import CALM, OLIVIA, House, desk_at

PAPER_MONEY = "TESTUSD,TESTUSDT,TESTBTC"


async def funds_moved(house: House, count: int) -> list[FundsMoved]:
    async def told() -> list[FundsMoved]:
        found = [event for event in await house.events() if isinstance(event, FundsMoved)]
        return found if len(found) >= count else []

    return await eventually_asked(told)


def percents(house: House) -> list[Decimal]:
    """How far equity is below the day's start and below the peak."""
    risk = house.desk.floor.book.risk
    mark, now = risk.mark, risk.equity.value
    assert mark is not None
    assert now is not None
    return [round((was - now) * 100 / was, 3) for was in (mark.day_start, mark.peak)]


async def test_what_comes_and_leaves_is_read_in_the_ledger() -> None:
    async with (
        aiohttp.ClientSession() as http,
        running(CALM) as simulator,
        desk_at(simulator, MemoryJournal(), http, guard_pace=0.05) as house,
    ):
        risk = house.desk.floor.book.risk
        for limit, value in (
            ("equity_ignores", PAPER_MONEY),
            ("max_drawdown_percent", "5"),
            ("max_daily_loss_percent", "5"),
        ):
            await house.desk.execute(OLIVIA, ChangeLimit(limit, value), house.wish())
        await eventually(lambda: risk.mark is not None)
        await house.control("price", symbol="tBTCUSD", price="28500")
        await eventually(lambda: risk.steady is not None and risk.steady != risk.peak)
        before = percents(house)
        await house.control("movement", currency="USD", amount="-60000", fee="25")
        (left,) = await funds_moved(house, 1)
        assert left.sums == (Moved(currency="USD", amount=Decimal(-60025)),)
        assert len(left.entries) == 2
        await house.control("movement", currency="BTC", amount="2.5")
        _, came = await funds_moved(house, 2)
        assert came.sums == (Moved(currency="BTC", amount=Decimal("2.5")),)
        await eventually(lambda: risk.steady is not None)
        assert percents(house) == before
        assert not risk.trips
        terms = OrderTerms(symbol=BTC, side=Side.SELL, amount=Decimal("0.5"), type=OrderType.MARKET)
        sold = await house.desk.execute(OLIVIA, PlaceOrder(terms), house.wish())
        assert isinstance(sold, OrderTicket)
        await house.control("price", symbol="tBTCUSD", price="26000")
        await eventually(lambda: len(risk.trips) == 2)
        assert len(await funds_moved(house, 2)) == 2
        tripped = [event for event in await house.events() if isinstance(event, GuardTripped)]
        assert all(told.trip.seen > 5 for told in tripped)


async def test_there_is_no_more_than_there_is() -> None:
    async with aiohttp.ClientSession() as http, running(CALM) as simulator:
        for wish in ({"currency": "USD", "amount": "-1e9"}, {"currency": "USD", "amount": "0"}):
            url = f"{simulator.url}/control/movement"
            async with http.post(url, json=wish) as answer:
                assert answer.status == 400
                assert "amount" in await answer.text()
