"""Asking the risk desk, setting its limits, and what holds an order back on its way."""

import asyncio
from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal

import pytest

from engine.model.account import Wallet
from engine.model.command import PlaceOrder, ResumeTrading
from engine.model.draft import BaseSize, OrderDraft
from engine.model.errors import InvalidInput, UnknownSymbol
from engine.model.event import CommandRefused, TradingPaused
from engine.model.ids import CommandId
from engine.model.order import OrderTerms, OrderType, Side
from engine.model.result import Done, Reason, Refused, TradingState
from engine.model.risk import RiskLimits, SizeAdvice, SizeWish
from engine.model.risk_command import ChangeLimit, LockSymbol, SetWindows
from engine.model.risk_event import RiskFailed
from engine.model.risk_query import AdviseSize, EvaluateOrder, ShowRisk
from engine.model.risk_result import RiskStatus
from engine.model.use_cases import Errand
from engine.model.windows import TradingWindows, Window
from engine.operations.refusing import DECIDED_BEFORE, refuse
from engine.risk.asking import BrokenRule
from engine.risk.circumstances import Circumstances
from engine.risk.policy import RiskPolicyEngine
from engine.risk.rulebook import Article
from engine.risk.state import RiskPolicy
from tests.eventually import eventually, eventually_asked
from tests.integration.desk.scripted import BTC, TERMS, Scene, scene
from tests.trading_house import OLIVIA
from tests.unit.risk.made import world

DRAFT = OrderDraft(
    symbol="btcusd", side=Side.BUY, size=BaseSize(Decimal("0.01")), type=OrderType.MARKET
)


async def change(shown: Scene, name: str, limit: str, value: str | None) -> Done | Refused:
    return await shown.desk.execute(OLIVIA, ChangeLimit(limit, value), CommandId(name))


async def codes(shown: Scene, draft: OrderDraft = DRAFT) -> list[str]:
    verdict = await shown.desk.ask(OLIVIA, EvaluateOrder(draft))
    return [reason.code for reason in verdict.reasons]


async def refused(shown: Scene, name: str, terms: OrderTerms = TERMS) -> list[str]:
    told = await shown.desk.execute(OLIVIA, PlaceOrder(terms), CommandId(name))
    assert isinstance(told, Refused), told
    return [reason.code for reason in told.reasons]


async def test_status_says_how_the_desk_stands() -> None:
    limits = RiskLimits(max_open_orders=7)
    async with scene(policy=RiskPolicy(limits=limits)) as shown:
        await shown.working()
        status = await shown.desk.ask(OLIVIA, ShowRisk())
        assert (status.limits, status.overridden) == (limits, ())
        assert (status.open, status.window_until, status.paused) == (True, None, None)
        assert (status.open_orders, status.positions, status.trades_today) == (1, 0, 0)

        async def known() -> RiskStatus | None:
            told = await shown.desk.ask(OLIVIA, ShowRisk())
            return told if told.equity.value is not None else None

        seen = await eventually_asked(known)
        assert seen is not None
        assert seen.equity.value == Decimal("4000050")  # 1,000,000 USD and 100 BTC at 30,000.5
        assert seen.exposure == Decimal("3000050")


async def test_a_draft_is_judged_rule_by_rule() -> None:
    async with scene(policy=RiskPolicy(limits=RiskLimits(max_open_orders=1))) as shown:
        assert await codes(shown) == []
        await shown.working()
        verdict = await shown.desk.ask(OLIVIA, EvaluateOrder(DRAFT))
        assert verdict.because.startswith("1 order open, and 1 allowed at once.")
        assert [check.rule for check in verdict.checks if check.objection] == ["open orders"]
        assert await codes(shown, replace(DRAFT, side=Side.SELL)) == []
        assert await refused(shown, "card:9") == ["max_open_orders"]


async def test_a_limit_holds_as_soon_as_it_is_set_and_after_a_restart() -> None:
    async with scene() as shown:
        assert await change(shown, "c1", "allowed_symbols", "btcusd") == Done()
        limits = shown.desk.floor.book.risk.limits
        assert limits.allowed_symbols == (BTC,)
        await change(shown, "c2", "max_order_notional", "100")
        assert await refused(shown, "card:1") == ["max_notional"]
        journal = shown.journal
    async with scene(journal=journal) as shown:
        assert await refused(shown, "card:2") == ["max_notional"]
        await change(shown, "c3", "max_order_notional", None)
        assert await codes(shown) == []
        status = await shown.desk.ask(OLIVIA, ShowRisk())
        assert status.overridden == ("allowed_symbols",)


@pytest.mark.parametrize(
    ("limit", "value", "word"),
    [
        ("max_trades", "5", "Did you mean max_trades_per_day?"),
        ("max_trade_per_day", None, "Did you mean max_trades_per_day?"),
        ("max_trades_per_day", "-1", "a whole number from 0"),
        ("max_trades_per_day", "many", "a whole number from 0"),
        ("price_band_percent", "NaN", "a number from 0"),
        ("allowed_symbols", "BTC;ETH", "such as tBTCUSD,tETHUSD"),
        ("enabled", "perhaps", "on or off"),
    ],
)
async def test_what_a_limit_cannot_be_is_told(limit: str, value: str | None, word: str) -> None:
    async with scene() as shown:
        with pytest.raises(InvalidInput) as caught:
            await change(shown, "c1", limit, value)
        assert word in caught.value.sentence
        with pytest.raises(UnknownSymbol):
            await change(shown, "c2", "denied_symbols", "tBTCUSD,tNONSENSE")
        assert shown.desk.floor.book.risk.words == {}


async def test_windows_close_the_desk_and_say_when_it_opens() -> None:
    async with scene() as shown:
        now = shown.clock.now()
        later = (now + timedelta(hours=2)).replace(second=0, microsecond=0)
        hour = Window(later.time(), (later + timedelta(minutes=30)).time())
        windows = TradingWindows(days=((hour,),) * 7)
        done = await shown.desk.execute(OLIVIA, SetWindows(windows), CommandId("w1"))
        assert done == Done()
        assert await refused(shown, "card:1") == ["window_closed"]
        status = await shown.desk.ask(OLIVIA, ShowRisk())
        assert (status.open, status.window_until) == (False, later)
        shown.clock.ahead = later - now + timedelta(minutes=1)
        assert await codes(shown) == []
        wrong = TradingWindows(zone="Mars/Olympus", days=((Window(time(8), time(9)),),) * 7)
        with pytest.raises(InvalidInput, match="no time zone"):
            await shown.desk.execute(OLIVIA, SetWindows(wrong), CommandId("w2"))


async def test_of_two_who_rule_at_the_same_moment_one_is_told() -> None:
    async with scene() as shown:
        before = (await shown.desk.ask(OLIVIA, ShowRisk())).windows
        wishes = [
            SetWindows(TradingWindows(days=((Window(time(8), time(hour)),),) * 7), before)
            for hour in (17, 18)
        ]
        one, other = await asyncio.gather(
            *(
                shown.desk.execute(OLIVIA, wish, CommandId(f"w{number}"))
                for number, wish in enumerate(wishes)
            )
        )
        assert one == Done()
        assert isinstance(other, Refused)
        assert other.reasons[0].code == "changed_meanwhile"
        assert (await shown.desk.ask(OLIVIA, ShowRisk())).windows == wishes[0].windows
        again = await shown.desk.execute(OLIVIA, wishes[0], CommandId("w0"))
        assert again == Done(repeated=True)
        assert await shown.desk.execute(OLIVIA, wishes[1], CommandId("w1")) == DECIDED_BEFORE
        hours = [shown.clock.now() + timedelta(hours=each) for each in (2, 1)]
        one, other = await asyncio.gather(
            *(
                shown.desk.execute(OLIVIA, LockSymbol(BTC, "x", until), CommandId(f"l{until}"))
                for until in hours
            )
        )
        assert one == Done()
        assert isinstance(other, Refused)
        assert other.reasons[0].code == "locked_for_longer"


async def test_a_size_is_advised_once_equity_is_known() -> None:
    async with scene() as shown:
        wish = SizeWish(symbol="btcusd", risk_percent=Decimal(1), stop=Decimal(29000))

        async def told() -> SizeAdvice | None:
            advice = await shown.desk.ask(OLIVIA, AdviseSize(wish))
            return advice if isinstance(advice, SizeAdvice) else None

        advice = await eventually_asked(told)
        assert advice is not None
        assert advice.entry == Decimal(30001)
        assert advice.at_risk <= Decimal("40000.5")
        assert advice.terms.amount == Decimal("33.29889003")  # cut to what is free
        assert await codes(shown, replace(DRAFT, size=BaseSize(advice.terms.amount))) == []
        with pytest.raises(InvalidInput):
            await shown.desk.ask(OLIVIA, AdviseSize(replace(wish, stop=None)))


async def test_every_start_begins_paused_where_the_settings_say_so() -> None:
    policy = RiskPolicy(paused=True)
    async with scene(policy=policy) as shown:
        assert await refused(shown, "card:1") == ["trading_paused"]
        (paused,) = await shown.told(TradingPaused)
        assert (paused.name, paused.reason) == ("the settings", "TRADING_PAUSED")
        resumed = await shown.desk.execute(OLIVIA, ResumeTrading(), CommandId("r1"))
        assert resumed == TradingState(None)
        shown.desk.floor.gate.reconciled = True
        await shown.desk.floor.rebuild()
        assert shown.desk.floor.book.paused is None, "a resume holds as long as the service runs"
        journal = shown.journal
    async with scene(journal=journal, policy=policy) as shown:
        assert await refused(shown, "card:2") == ["trading_paused"]
        journal = shown.journal
    async with scene(journal=journal) as shown:
        assert await refused(shown, "card:3") == ["trading_paused"], "nobody has resumed"
        assert len(await shown.told(TradingPaused)) == 2


def _breaks(terms: OrderTerms, there: Circumstances) -> Reason | None:
    raise KeyError("a figure")


async def test_a_broken_rule_is_journalled_with_the_refusal() -> None:
    engine = RiskPolicyEngine(opening=[Article("figures", _breaks, ())])
    reasons = engine.objections(TERMS, world())
    assert isinstance(reasons[0], BrokenRule)
    async with scene() as shown:
        errand = Errand(OLIVIA, CommandId("card:1"))
        await refuse(shown.desk.floor, errand, "place_order", Refused(reasons))
        (failed,) = await shown.told(RiskFailed)
        assert (failed.symbol, failed.detail) == (BTC, "figures: KeyError: 'a figure'")
        assert len(await shown.told(CommandRefused)) == 1


async def test_orders_that_only_wait_count_as_what_they_would_open() -> None:
    limits = RiskLimits(max_exposure_percent=Decimal("75.9"), max_open_positions=1)
    async with scene(policy=RiskPolicy(limits=limits)) as shown:
        floor = shown.desk.floor
        await eventually(lambda: floor.book.risk.equity.value is not None)
        waits = replace(TERMS, price=Decimal(20000))
        await shown.working(order_id=111, terms=waits)
        small = replace(DRAFT, size=BaseSize(Decimal("0.6")))
        assert await codes(shown, small) == ["max_exposure"]  # 3,000,050 + 20,000 + 18,000.6
        assert await codes(shown, replace(small, size=BaseSize(Decimal("0.5")))) == []
        assert await codes(shown, replace(small, side=Side.SELL)) == []
        margin = replace(DRAFT, wallet=Wallet.MARGIN)
        assert await codes(shown, margin) == []
        await shown.working(112, replace(TERMS, amount=Decimal("0.01"), wallet=Wallet.MARGIN))
        assert await codes(shown, margin) == [], "it is the same symbol"


async def test_a_lock_gives_way_only_to_a_longer_one() -> None:
    """Or whoever may lock could unlock."""
    async with scene() as shown:

        async def locked(name: str, minutes: int | None) -> Done | Refused:
            hours = None if minutes is None else shown.clock.now() + timedelta(minutes=minutes)
            return await shown.desk.execute(OLIVIA, LockSymbol(BTC, "x", hours), CommandId(name))

        assert isinstance(await locked("an hour", 60), Done)
        assert isinstance(await locked("a minute", 1), Refused)
        assert isinstance(await locked("two hours", 120), Done)
        assert isinstance(await locked("for good", None), Done)
        told = await locked("a day", 1440)
        assert isinstance(told, Refused)
        assert "/unlock" in told.reasons[0].sentence
