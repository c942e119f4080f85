"""What an account is worth, and in which words it is not known."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from engine.model.account import Balance, Wallet
from engine.model.position import Position
from engine.model.symbol import Symbol
from engine.officer.routes import Leg, route
from engine.officer.steady import Steady
from engine.officer.valuing import Account, Valuation, needed, valued

PRICES = {
    Symbol("tBTCUSD"): Decimal(10_000),
    Symbol("tETHBTC"): Decimal("0.1"),
    Symbol("tUSTUSD"): Decimal("0.5"),
    Symbol("tEURUSD"): Decimal("1.25"),
    Symbol("tBTCF0:USTF0"): Decimal(21_000),
    Symbol("tDOGE:USD"): Decimal("0.1"),
}


def balance(currency: str, total: str, wallet: Wallet = Wallet.EXCHANGE) -> Balance:
    return Balance(wallet=wallet, currency=currency, total=Decimal(total))


def value(
    *balances: Balance,
    positions: tuple[Position, ...] = (),
    currency: str = "USD",
    ignored: tuple[str, ...] = (),
    fresh: Mapping[Symbol, Decimal] = PRICES,
) -> Valuation:
    account = Account(
        balances=balances, positions=positions, currency=currency, ignored=ignored, pairs=PRICES
    )
    assert set(needed(account)) <= PRICES.keys()
    return valued(account, fresh.get, PRICES.get)


@pytest.mark.parametrize(
    ("currency", "target", "legs"),
    [
        ("USD", "USD", ()),
        ("BTC", "USD", (Leg(Symbol("tBTCUSD")),)),
        ("DOGE", "USD", (Leg(Symbol("tDOGE:USD")),)),
        ("USD", "EUR", (Leg(Symbol("tEURUSD"), inverted=True),)),
        ("BTC", "EUR", (Leg(Symbol("tBTCUSD")), Leg(Symbol("tEURUSD"), inverted=True))),
        ("ETH", "USD", (Leg(Symbol("tETHBTC")), Leg(Symbol("tBTCUSD")))),
        ("USTF0", "USD", (Leg(Symbol("tUSTUSD")),)),
        ("XYZ", "USD", None),
    ],
)
def test_the_way_from_one_currency_to_another(
    currency: str, target: str, legs: tuple[Leg, ...] | None
) -> None:
    assert route(currency, target, PRICES) == legs


def test_all_wallets_count_and_holdings_are_those_of_the_exchange_wallet() -> None:
    seen = value(
        balance("USD", "-100"),
        balance("BTC", "2"),
        balance("ETH", "10", Wallet.MARGIN),
        balance("USD", "50", Wallet.FUNDING),
    )
    assert seen.value == -100 + 20_000 + 10_000 + 50
    assert seen.worth == {"tBTCUSD": 20_000}


def test_positions_count_with_what_they_have_won_in_their_own_quote() -> None:
    short = Position(symbol=Symbol("tBTCF0:USTF0"), amount=Decimal(-2), base_price=Decimal(20_000))
    seen = value(balance("USD", "10000"), positions=(short,))
    assert seen.value == 10_000 - 1_000
    assert seen.worth == {"tBTCF0:USTF0": 21_000}


def test_a_balance_and_a_position_in_one_symbol_are_one_holding() -> None:
    long = Position(symbol=Symbol("tBTCUSD"), amount=Decimal(1), base_price=Decimal(9_000))
    seen = value(balance("BTC", "2"), positions=(long,))
    assert seen.value == 21_000
    assert seen.worth == {"tBTCUSD": 30_000}


def test_in_another_currency() -> None:
    seen = value(balance("BTC", "1"), balance("USD", "1.25"), currency="EUR")
    assert seen.value == 8_001
    assert seen.worth == {"tBTCEUR": 8_000, "tUSDEUR": 1}


def test_what_has_no_price_makes_all_of_it_unknown_and_is_named() -> None:
    seen = value(balance("BTC", "1"), balance("XYZ", "1"), balance("ABC", "2"))
    assert seen.value is None
    assert seen.unknown == "XYZ has no price in USD at the exchange (and 1 more)"
    assert seen.worth == {"tBTCUSD": 10_000, "tXYZUSD": None, "tABCUSD": None}
    assert value(balance("USD", "1"), balance("XYZ", "1"), ignored=("XYZ",)).value == 1


def test_a_price_that_is_not_fresh_is_good_enough_for_dust() -> None:
    fresh = {symbol: price for symbol, price in PRICES.items() if symbol != "tDOGE:USD"}
    assert value(balance("DOGE", "0.05"), fresh=fresh).value == Decimal("0.005")
    seen = value(balance("DOGE", "5"), fresh=fresh)
    assert seen.unknown == "there is no fresh price of tDOGE:USD, in which DOGE is counted"


def test_nothing_is_known_of_a_position_without_a_price() -> None:
    held = Position(symbol=Symbol("tBTCUSD"), amount=Decimal(1), base_price=Decimal(9_000))
    seen = value(balance("USD", "1"), positions=(held,), fresh={})
    assert seen.value is None
    assert seen.unknown == "there is no fresh price of tBTCUSD"
    assert seen.worth == {"tBTCUSD": None}


def test_a_moment_in_which_money_is_on_its_way_is_no_loss() -> None:
    steady = Steady()
    looks = [100, 100, 100, 10, 100, 190, 100, 100]
    seen = [steady.look(Decimal(look)) for look in looks]
    assert seen == [None, None, 100, 100, 100, 100, 100, 100]
    assert steady.look(None) is None
    assert steady.look(Decimal(50)) is None


def test_a_loss_that_stays_is_seen_three_looks_later() -> None:
    steady = Steady()
    looks = [100, 100, 100, 100, 50, 50, 50]
    assert [steady.look(Decimal(look)) for look in looks][-3:] == [100, 100, 50]
