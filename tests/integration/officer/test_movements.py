"""Money that comes or leaves is no profit and no loss, whatever becomes of link and desk."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from engine.clock import ManualClock
from engine.model.account import Balance, Wallet
from engine.model.errors import ExchangeRefused
from engine.model.records import LedgerEntry
from engine.model.report import BalancesReport
from engine.model.risk import Guard
from engine.model.risk_event import EquityMarked, FundsMoved, GuardTripped
from engine.ports import Journal
from engine.risk.state import RiskPolicy
from tests.eventually import eventually
from tests.integration.desk.scripted import ScriptedExchange
from tests.integration.officer.house import CALM, START, Watched, watched

GUARDED = RiskPolicy(
    limits=replace(CALM, max_daily_loss_percent=Decimal(5), max_drawdown_percent=Decimal(10))
)
_numbers: Iterator[int] = itertools.count(101)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


def entry(
    amount: str, currency: str = "USD", wallet: str = "exchange", *, moved: bool = True
) -> LedgerEntry:
    number = next(_numbers)
    return LedgerEntry(
        entry_id=number,
        currency=currency,
        wallet=wallet,
        at=START,
        amount=Decimal(amount),
        balance=Decimal(0),
        description=f"entry {number}",
        moved=moved,
    )


def holds(
    exchange: ScriptedExchange, amount: str, currency: str = "USD", where: str = "exchange"
) -> None:
    """The wallet is told, and shown to whoever connects anew."""
    balance = Balance(wallet=Wallet(where), currency=currency, total=Decimal(amount))
    others = [b for b in exchange.balances if (b.wallet, b.currency) != (where, currency)]
    exchange.balances = (*others, balance)
    exchange.say(BalancesReport(balances=(balance,)))


def emptied(exchange: ScriptedExchange) -> None:
    """All wallets are told at once."""
    exchange.balances = tuple(replace(each, total=Decimal(0)) for each in exchange.balances)
    exchange.say(BalancesReport(balances=exchange.balances))


async def moves(shown: Watched, amount: str, left: str) -> None:
    """A deposit, or a withdrawal, of dollars: the ledger has it, and the wallet is told."""
    shown.exchange.entries.append(entry(amount))
    holds(shown.exchange, left)


async def is_kept(shown: Watched, day_start: str, peak: str) -> None:
    """Both figures are these, in the newest mark and in the state."""
    wanted = (Decimal(day_start), Decimal(peak))

    def kept() -> bool:
        mark = shown.risk.mark
        return mark is not None and (round(mark.day_start, 4), round(mark.peak, 4)) == wanted

    await eventually(kept)
    await eventually(lambda: shown.risk.steady is not None)
    assert round(shown.risk.peak or 0, 4) == wanted[1]


async def test_a_withdrawal_trips_nothing_and_later_losses_count_from_what_is_left(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock, GUARDED) as shown:
        await shown.worth(10_000, "2000000")
        await shown.told(EquityMarked)
        await shown.worth(9_200, "1920000")
        await moves(shown, "-960000", "40000")
        (told,) = await shown.told(FundsMoved)
        assert (told.worth, told.before) == (Decimal(-960_000), Decimal(1_920_000))
        await is_kept(shown, "1000000", "1000000")
        assert shown.risk.steady == 960_000
        await shown.none(GuardTripped)
    async with watched(journal, clock, GUARDED, shown.exchange, shown.market) as shown:
        await shown.worth(9_200, "960000")
        await is_kept(shown, "1000000", "1000000")
        await shown.told(FundsMoved)
        await shown.worth(9_090, "949000")
        (tripped,) = await shown.told(GuardTripped)
        assert tripped.trip.guard is Guard.DAILY_LOSS
        assert tripped.trip.seen == Decimal("5.1")


async def test_a_deposit_hides_no_loss_and_is_no_peak(journal: Journal, clock: ManualClock) -> None:
    async with watched(journal, clock, GUARDED) as shown:
        await shown.worth(10_000, "2000000")
        await shown.told(EquityMarked)
        await shown.worth(9_200, "1920000")
        await moves(shown, "1920000", "2920000")
        await is_kept(shown, "4000000", "4000000")
        await shown.none(GuardTripped)
        await shown.worth(7_900, "3710000")
        (tripped,) = await shown.told(GuardTripped)
        assert tripped.trip.seen == Decimal("7.25")
        await moves(shown, "50", "2920050")
        await eventually(lambda: shown.risk.equity.value == 3_710_050)
        shown.exchange.entries.append(entry("-0.001", "BTC", moved=False))
        await shown.later(61)
        await shown.told(FundsMoved, 2)


async def test_while_the_ledger_is_silent_guards_wait_but_not_for_ever(
    journal: Journal, clock: ManualClock
) -> None:
    exchange = ScriptedExchange()
    async with watched(journal, clock, GUARDED, exchange) as shown:
        await shown.worth(10_000, "2000000")
        await shown.told(EquityMarked)
        exchange.ledger_failure = ExchangeRefused("busy")
        await moves(shown, "-1000000", "0")
        await eventually(lambda: shown.risk.equity.value == 1_000_000)
        await shown.later(29)
        await shown.none(GuardTripped)
        await shown.later(1)
        tripped = await shown.told(GuardTripped, 2)
        assert {told.trip.guard for told in tripped} == {Guard.DAILY_LOSS, Guard.DRAWDOWN}
        exchange.ledger_failure = None
        await shown.later(60)
        await shown.told(FundsMoved)
        await is_kept(shown, "1000000", "1000000")


async def test_a_ledger_nobody_may_read_keeps_no_guard_from_its_work(
    journal: Journal, clock: ManualClock
) -> None:
    exchange = ScriptedExchange(ledger_failure=ExchangeRefused("apikey: permission denied"))
    async with watched(journal, clock, GUARDED, exchange) as shown:
        await eventually(lambda: shown.risk.equity.value == 2_000_000)
        await shown.none(EquityMarked)
        await shown.later(30)
        await shown.told(EquityMarked)
        asked = exchange.ledger_reads
        await shown.later(59)
        assert exchange.ledger_reads <= asked + 1
        await shown.worth(8_000, "1800000")
        await shown.told(GuardTripped, 2)


async def test_a_loss_that_is_none_of_the_ledgers_trips_once_that_has_had_its_say(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock, GUARDED) as shown:
        await shown.worth(10_000, "2000000")
        await shown.told(EquityMarked)
        shown.exchange.entries.append(entry("-150000", moved=False))
        holds(shown.exchange, "850000")
        await eventually(lambda: shown.risk.equity.value == 1_850_000)
        await shown.none(GuardTripped)
        await shown.later(5)
        await shown.told(GuardTripped)
        await shown.none(FundsMoved)


async def test_what_was_moved_while_nobody_was_there_is_taken_in_once(
    journal: Journal, clock: ManualClock
) -> None:
    exchange = ScriptedExchange()
    exchange.entries.append(entry("1000000"))
    async with watched(journal, clock, GUARDED, exchange) as shown:
        await shown.worth(10_000, "2000000")
        await shown.told(EquityMarked)
        await shown.none(FundsMoved)
    clock.advance(600)
    exchange.entries += [entry("-100", moved=False), entry("-500000"), entry("-40", "BTC")]
    holds(exchange, "500000")
    holds(exchange, "60", "BTC")
    for restart in range(2):
        async with watched(journal, clock, GUARDED, exchange) as shown:
            await shown.worth(10_000, "1100000")
            (told,) = await shown.told(FundsMoved)
            assert told.worth == -900_000, restart
            await is_kept(shown, "1100000", "1100000")
            await shown.none(GuardTripped)


async def test_what_stays_within_the_account_and_what_is_not_counted_moves_nothing(
    journal: Journal, clock: ManualClock
) -> None:
    policy = replace(GUARDED, limits=replace(GUARDED.limits, equity_ignores=("XYZ",)))
    async with watched(journal, clock, policy) as shown:
        await shown.worth(10_000, "2000000")
        await shown.told(EquityMarked)
        shown.exchange.entries += [entry("-700000"), entry("700000", wallet="margin")]
        holds(shown.exchange, "300000")
        await eventually(lambda: shown.risk.steady is None)
        holds(shown.exchange, "700000", where="margin")
        await eventually(lambda: shown.risk.steady == 2_000_000)
        shown.exchange.entries += [entry("9", "XYZ"), entry("5", wallet="contribution")]
        holds(shown.exchange, "9", "XYZ")
        await shown.later(61)
        await shown.none(FundsMoved)
        assert shown.risk.steady == 2_000_000


async def test_an_account_that_was_emptied_begins_anew(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock, GUARDED) as shown:
        await shown.worth(10_000, "2000000")
        await shown.worth(9_600, "1960000")
        shown.exchange.entries += [entry("-1000000"), entry("-100", "BTC")]
        emptied(shown.exchange)
        await is_kept(shown, "0", "0")
        await moves(shown, "500", "500")
        await is_kept(shown, "500", "500")
        await shown.none(GuardTripped)


async def test_a_crash_forgets_no_more_of_the_peak_than_a_minute(
    journal: Journal, clock: ManualClock
) -> None:
    async with watched(journal, clock, GUARDED) as shown:
        await shown.worth(10_000, "2000000")
        await shown.told(EquityMarked)
        await shown.worth(10_500, "2050000")
        await shown.later(59)
        await shown.told(EquityMarked)
        await shown.later(1)
        await shown.told(EquityMarked, 2)
        await shown.worth(10_510, "2051000")
        await shown.later(60)
        await shown.told(EquityMarked, 2)
        await shown.worth(10_600, "2060000")
        await shown.told(EquityMarked, 3)
        await shown.worth(10_900, "2090000")
    # it is ended where it stands, as by a kill: nothing is written after the last mark
    async with watched(journal, clock, GUARDED) as shown:
        assert shown.risk.peak == 2_060_000
        await shown.worth(8_500, "1850000")
        tripped = await shown.told(GuardTripped, 2)
        drawdown = next(told.trip for told in tripped if told.trip.guard is Guard.DRAWDOWN)
        assert "2,060,000 to 1,850,000" in drawdown.reason
