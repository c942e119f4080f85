"""How large an order may be for what one is ready to lose."""

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.model.account import Wallet
from engine.model.errors import InvalidInput
from engine.model.order import OrderType, Side
from engine.model.position import Position
from engine.model.result import Refused
from engine.model.risk import RiskLimits, SizeAdvice, SizeWish
from engine.model.symbol import Symbol
from engine.risk.circumstances import Circumstances
from engine.risk.policy import RiskPolicyEngine
from engine.risk.sizing import advised, bare_terms, check_wish
from tests.unit.risk.made import BTC, EQUITY, state, world

ETH = Symbol("tETHUSD")
ONE_PERCENT = SizeWish(symbol="tBTCUSD", risk_percent=Decimal(1), stop=Decimal(29000))


def advice(wish: SizeWish, there: Circumstances | None = None) -> SizeAdvice | Refused:
    there = there or world()
    check_wish(wish)
    return advised(wish, bare_terms(wish, BTC, there.mid or there.market), there)


def size(wish: SizeWish, there: Circumstances | None = None) -> SizeAdvice:
    told = advice(wish, there)
    assert isinstance(told, SizeAdvice), told
    return told


def code(wish: SizeWish, there: Circumstances) -> str:
    told = advice(wish, there)
    assert isinstance(told, Refused)
    return told.reasons[0].code


def test_what_is_lost_at_the_stop_is_the_risk() -> None:
    told = size(ONE_PERCENT)
    assert told.terms.amount == Decimal("0.1")  # 1 % of 10,000 over 1,000 a bitcoin
    assert (told.terms.side, told.terms.type) == (Side.BUY, OrderType.MARKET)
    assert (told.entry, told.stop, told.equity) == (Decimal(30000), Decimal(29000), Decimal(10000))
    assert (told.at_risk, told.notional) == (Decimal(100), Decimal(3000))
    assert len(told.notes) == 1
    assert RiskPolicyEngine().judge(told.terms, world()).passes


def test_a_stop_above_the_entry_sells_on_margin() -> None:
    wish = replace(ONE_PERCENT, entry=Decimal(31000), stop=Decimal(31500))
    terms = size(wish).terms
    assert (terms.side, terms.wallet, terms.type) == (Side.SELL, Wallet.MARGIN, OrderType.LIMIT)
    assert (terms.price, terms.amount) == (Decimal(31000), Decimal("0.2"))


def test_the_daily_range_sets_the_distance() -> None:
    there = world()
    there.risk.volatility[BTC] = 5.0
    wish = SizeWish(symbol="tBTCUSD", risk_percent=Decimal(3), atr_multiple=Decimal(2))
    told = size(wish, there)
    assert told.stop == Decimal(27000)
    assert told.terms.amount == Decimal("0.1")
    assert code(wish, world()) == "volatility_unknown"


def test_another_quote_currency_is_counted_at_its_rate() -> None:
    there = replace(world(), rate=Decimal("1.25"))
    assert size(ONE_PERCENT, there).terms.amount == Decimal("0.08")
    assert code(ONE_PERCENT, replace(there, rate=None)) == "rate_unknown"


@pytest.mark.parametrize(
    ("there", "amount", "word"),
    [
        (replace(world(), free=Decimal(1500)), "0.04995", "what is free: 1,500 USD"),
        (
            world(state(RiskLimits(max_order_notional=Decimal(600)))),
            "0.02",
            "the most an order may be: 600 USD",
        ),
        (
            world(state(RiskLimits(max_position_percent=Decimal(9)))),
            "0.03",
            "no more than 9 % of equity is held of BTC",
        ),
        (
            world(state(RiskLimits(max_exposure_percent=Decimal(6)))),
            "0.02",
            "no more than 6 % of equity is held and ordered, all together",
        ),
    ],
)
def test_each_cut_is_noted(there: Circumstances, amount: str, word: str) -> None:
    told = size(ONE_PERCENT, there)
    assert told.terms.amount == Decimal(amount)
    assert word in " ".join(told.notes)
    assert told.at_risk < Decimal(100)
    assert RiskPolicyEngine().judge(told.terms, there).passes


def test_only_what_cuts_deepest_is_noted() -> None:
    limits = RiskLimits(max_position_percent=Decimal(9), max_exposure_percent=Decimal(6))
    told = size(ONE_PERCENT, replace(world(state(limits)), free=Decimal(2900)))
    assert told.terms.amount == Decimal("0.02")
    assert len(told.notes) == 2
    assert "6 % of equity" in told.notes[0]


def test_what_is_held_already_counts() -> None:
    there = world(state(RiskLimits(max_position_percent=Decimal(30))))
    there.risk.worth[BTC] = Decimal(2400)
    assert size(ONE_PERCENT, there).terms.amount == Decimal("0.02")


def test_all_that_is_held_and_ordered_counts_for_exposure() -> None:
    there = world(state(RiskLimits(max_exposure_percent=Decimal(50))))
    there.risk.worth[ETH] = Decimal(2000)
    there = replace(there, entries={ETH: Decimal(1500)})
    assert size(ONE_PERCENT, there).terms.amount == Decimal("0.05")
    there.risk.worth[ETH] = None
    assert code(ONE_PERCENT, there) == "worth_unknown"
    there.risk.worth[ETH] = Decimal(6000)
    told = advice(ONE_PERCENT, there)
    assert isinstance(told, Refused)
    assert "It is cut so that no more than 50 % of equity" in told.reasons[0].sentence


def test_a_sale_that_turns_a_position_round_ends_it_first() -> None:
    there = world(state(RiskLimits(max_exposure_percent=Decimal(6))))
    long = Position(symbol=BTC, amount=Decimal("0.02"), base_price=Decimal(30000))
    there = replace(there, position=long)
    there.risk.worth[BTC] = Decimal(600)
    wish = replace(ONE_PERCENT, stop=Decimal(31000))
    told = size(wish, there)
    assert told.terms.amount == Decimal("0.04")
    assert RiskPolicyEngine().judge(told.terms, there).passes


@pytest.mark.parametrize(("side", "stop"), [(None, 28500), (Side.BUY, 28500), (Side.SELL, 31500)])
def test_who_goes_by_the_daily_range_says_which_way(side: Side | None, stop: int) -> None:
    there = world()
    there.risk.volatility[BTC] = 5.0
    wish = SizeWish(symbol="tBTCUSD", risk_percent=Decimal(1), atr_multiple=Decimal(1), side=side)
    told = size(wish, there)
    assert told.terms.side is (side or Side.BUY)
    assert told.stop == stop
    assert (told.terms.wallet is Wallet.MARGIN) is (side is Side.SELL)


def test_too_small_and_unknown_are_refused_with_reasons() -> None:
    there = world()
    tiny = replace(ONE_PERCENT, risk_percent=Decimal("0.001"))
    told = advice(tiny, there)
    assert isinstance(told, Refused)
    assert told.reasons[0].code == "below_minimum"
    assert "smallest order in tBTCUSD is 0.0002 BTC. It would risk 0" in told.reasons[0].sentence
    there.risk.equity = replace(EQUITY, value=None, unknown="no price of XAUT")
    assert code(ONE_PERCENT, there) == "equity_unknown"
    there.risk.equity = replace(EQUITY, value=Decimal(-5))
    assert code(ONE_PERCENT, there) == "below_minimum"
    wide = SizeWish(symbol="tBTCUSD", risk_percent=Decimal(1), atr_multiple=Decimal(50))
    there.risk.equity = EQUITY
    there.risk.volatility[BTC] = 5.0
    assert code(wide, there) == "no_stop"


@pytest.mark.parametrize(
    ("wish", "word"),
    [
        (replace(ONE_PERCENT, risk_percent=Decimal(0)), "For example: 1%"),
        (replace(ONE_PERCENT, risk_percent=Decimal(101)), "up to 100 %"),
        (replace(ONE_PERCENT, stop=None), "one of the two"),
        (replace(ONE_PERCENT, atr_multiple=Decimal(2)), "one of the two"),
        (replace(ONE_PERCENT, stop=Decimal(0)), "greater than zero"),
        (replace(ONE_PERCENT, stop=None, atr_multiple=Decimal(-1)), "Example: 2"),
        (replace(ONE_PERCENT, entry=Decimal(29000)), "The stop is the entry price"),
        (
            replace(ONE_PERCENT, side=Side.SELL),
            "stop of a sell belongs above its entry at 30,000, not at 29,000. Leave out sell",
        ),
        (replace(ONE_PERCENT, side=Side.BUY, stop=Decimal(31000)), "stop of a buy belongs below"),
    ],
)
def test_what_nobody_can_mean_is_told(wish: SizeWish, word: str) -> None:
    with pytest.raises(InvalidInput, match=word):
        advice(wish)
