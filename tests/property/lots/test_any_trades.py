"""Whatever is traded: no money is made or lost in the books, and who only closes never opens."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.lots import told
from engine.model.account import Wallet
from engine.model.ids import OrderId, OrderKey, TradeId
from engine.model.lot import Lot
from engine.model.order import Fill, Order, OrderStatus, OrderTerms, OrderType, Origin, Side
from engine.model.symbol import Symbol

BTC = Symbol("tBTCUSD")
AT = datetime(2026, 1, 1, tzinfo=UTC)
CLOSE_ENOUGH = Decimal("1e-12")

_trades = st.lists(
    st.tuples(
        st.sampled_from(Side),
        st.decimals(min_value="0.001", max_value="9", places=3),
        st.decimals(min_value="1", max_value="99999", places=2),
    ),
    max_size=20,
)


def order(side: Side, wallet: Wallet, origin: Origin = Origin.GENESIS) -> Order:
    terms = OrderTerms(
        symbol=BTC, side=side, amount=Decimal(9), type=OrderType.MARKET, wallet=wallet
    )
    return Order(
        key=OrderKey(1),
        terms=terms,
        status=OrderStatus.WORKING,
        remaining=Decimal(9),
        created_at=AT,
        updated_at=AT,
        origin=origin,
    )


def fill(side: Side, amount: Decimal, price: Decimal, fee: str | None = None) -> Fill:
    return Fill(
        trade_id=TradeId(1),
        order_id=OrderId(1),
        symbol=BTC,
        side=side,
        amount=amount,
        price=price,
        maker=False,
        at=AT,
        fee=None if fee is None else Decimal(fee),
        fee_currency=None if fee is None else "BTC",
    )


@given(_trades)
def test_on_margin_what_was_won_and_what_is_held_are_all_the_money(
    trades: list[tuple[Side, Decimal, Decimal]],
) -> None:
    lot, cash, won = Lot(wallet=Wallet.MARGIN, symbol=BTC), Decimal(0), Decimal(0)
    for side, amount, price in trades:
        before = lot
        marked, lot = told(lot, order(side, Wallet.MARGIN), fill(side, amount, price))
        cash -= amount * price * side.sign
        won += marked.profit or 0
        assert lot.amount == before.amount + amount * side.sign
        grew = abs(lot.amount) > abs(before.amount) or lot.amount * before.amount < 0
        assert marked.opening is grew or (grew is False and marked.opening is False)
        assert (marked.profit is None) is (before.amount * side.sign >= 0)
    assert abs(cash + lot.amount * lot.cost - won) < CLOSE_ENOUGH * (1 + abs(cash))


@given(_trades)
def test_on_spot_nothing_is_sold_that_was_not_bought_here(
    trades: list[tuple[Side, Decimal, Decimal]],
) -> None:
    lot = Lot(wallet=Wallet.EXCHANGE, symbol=BTC)
    for side, amount, price in trades:
        before = lot
        marked, lot = told(lot, order(side, Wallet.EXCHANGE), fill(side, amount, price))
        assert lot.amount >= 0
        assert marked.opening is (side is Side.BUY)
        sold = min(amount, before.amount) if side is Side.SELL else Decimal(0)
        assert (marked.profit is not None) is (sold > 0)
        if marked.profit is not None:
            assert marked.paid == sold * before.cost
            assert marked.profit == sold * (price - before.cost)


@given(_trades)
def test_who_only_reduces_never_opens(trades: list[tuple[Side, Decimal, Decimal]]) -> None:
    lot = Lot(wallet=Wallet.MARGIN, symbol=BTC)
    for side, amount, price in trades:
        plain, after = order(side, Wallet.MARGIN), lot
        for closer in (
            replace(plain, terms=replace(plain.terms, reduce_only=True)),
            replace(plain, terms=replace(plain.terms, close=True)),
            replace(plain, bracket=OrderKey(7)),
            replace(plain, origin=Origin.ELSEWHERE),
        ):
            marked, after = told(lot, closer, fill(side, amount, price))
            assert not marked.opening
        lot = after


def test_a_fee_in_coins_is_taken_out_of_what_was_bought() -> None:
    lot = Lot(wallet=Wallet.EXCHANGE, symbol=BTC)
    bought = fill(Side.BUY, Decimal(1), Decimal(100), fee="-0.002")
    _, lot = told(lot, order(Side.BUY, Wallet.EXCHANGE), bought)
    assert lot.amount == Decimal("0.998")
    assert lot.cost == 100
    marked, lot = told(
        lot, order(Side.SELL, Wallet.EXCHANGE), fill(Side.SELL, Decimal("0.998"), Decimal(110))
    )
    assert marked.profit == Decimal("9.98")
    assert lot.amount == 0


def test_a_stop_says_so() -> None:
    lot = Lot(wallet=Wallet.MARGIN, symbol=BTC, amount=Decimal(1), cost=Decimal(100))
    plain = order(Side.SELL, Wallet.MARGIN)
    stop = replace(plain, terms=replace(plain.terms, type=OrderType.TRAILING_STOP))
    sold = fill(Side.SELL, Decimal(1), Decimal(90))
    assert told(lot, stop, sold)[0].stopped
    assert told(lot, plain, sold, stop=True)[0].stopped
    assert not told(lot, plain, sold)[0].stopped
