"""What is free is never more than the exchange would let us spend."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from engine.book import Book
from engine.digest import digest
from engine.funds import free
from engine.model.account import Balance, Wallet
from engine.model.event import OrderSubmitted
from engine.model.ids import OrderId, OrderKey
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.report import BalancesReport, OrderReport
from engine.model.symbol import Symbol

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TERMS = OrderTerms(
    symbol=Symbol("tBTCUSD"),
    side=Side.BUY,
    amount=Decimal(2),
    type=OrderType.LIMIT,
    price=Decimal(300),
)
DOLLARS = Balance(
    wallet=Wallet.EXCHANGE, currency="USD", total=Decimal(1000), available=Decimal(1000)
)


def a_book(terms: OrderTerms = TERMS) -> Book:
    """A thousand dollars free, and an order on its way."""
    book = Book()
    tell(book, BalancesReport(balances=(DOLLARS, replace(DOLLARS, wallet=Wallet.MARGIN))))
    order = Order(
        key=OrderKey(1),
        terms=terms,
        status=OrderStatus.PENDING,
        remaining=terms.amount,
        created_at=NOW,
        updated_at=NOW,
    )
    book.apply(OrderSubmitted(at=NOW, order=order))
    return book


def tell(book: Book, report: OrderReport | BalancesReport) -> None:
    for event in digest(book, report, NOW):
        book.apply(event)


def working(terms: OrderTerms = TERMS) -> OrderReport:
    return OrderReport(
        order_id=OrderId(111),
        cid=1,
        terms=terms,
        status=OrderStatus.WORKING,
        remaining=terms.amount,
        average=None,
        text="ACTIVE",
        created_at=NOW,
        updated_at=NOW,
    )


def test_an_order_holds_its_money_before_and_after_it_is_accepted() -> None:
    """The exchange need not say anew what is free when it accepts (facts sheet 9)."""
    book = a_book()
    assert free(book, Wallet.EXCHANGE, "USD") == 400
    tell(book, working())
    assert free(book, Wallet.EXCHANGE, "USD") == 400


def test_what_the_exchange_says_is_free_counts_where_it_is_less() -> None:
    book = a_book()
    tell(book, working())
    tell(book, BalancesReport(balances=(replace(DOLLARS, available=Decimal(150)),)))
    assert free(book, Wallet.EXCHANGE, "USD") == 150


def test_a_stop_holds_the_worth_of_its_trigger() -> None:
    stop = replace(TERMS, type=OrderType.STOP, price=None, trigger=Decimal(400))
    assert free(a_book(stop), Wallet.EXCHANGE, "USD") == 200


def test_selling_holds_what_is_sold_and_never_less_than_nothing_is_free() -> None:
    book = a_book(replace(TERMS, side=Side.SELL))
    tell(book, BalancesReport(balances=(replace(DOLLARS, currency="BTC", total=Decimal(1)),)))
    assert free(book, Wallet.EXCHANGE, "BTC") == 0
    assert free(book, Wallet.EXCHANGE, "USD") == 1000


def test_the_margin_wallet_is_the_exchanges_to_reckon() -> None:
    margin = replace(TERMS, wallet=Wallet.MARGIN)
    book = a_book(margin)
    tell(book, working(margin))
    assert free(book, Wallet.MARGIN, "USD") == 1000
    assert free(book, Wallet.EXCHANGE, "USD") == 1000


def test_an_order_whose_commit_is_under_way_holds_its_money_once() -> None:
    book = a_book()
    coming = replace(book.orders[OrderKey(1)], key=OrderKey(2), terms=TERMS, remaining=Decimal(1))
    leaving = [coming, book.orders[OrderKey(1)]]
    assert free(book, Wallet.EXCHANGE, "USD", leaving=leaving) == 1000 - 600 - 300


def test_a_market_buy_holds_what_it_is_expected_to_cost() -> None:
    market = replace(TERMS, type=OrderType.MARKET, price=None)
    expected = {OrderKey(1): Decimal(310)}
    assert free(a_book(market), Wallet.EXCHANGE, "USD", expected=expected) == 1000 - 620
    assert free(a_book(market), Wallet.EXCHANGE, "USD") == 1000


def test_an_oco_holds_what_the_dearer_of_its_orders_does() -> None:
    book = a_book(replace(TERMS, amount=Decimal(1)))
    first = book.orders[OrderKey(1)]
    dear = replace(first.terms, type=OrderType.STOP, price=None, trigger=Decimal(350))
    second = replace(first, key=OrderKey(2), terms=dear, partner=first.key)
    book.apply(OrderSubmitted(at=NOW, order=replace(first, partner=second.key)))
    book.apply(OrderSubmitted(at=NOW, order=second))
    assert free(book, Wallet.EXCHANGE, "USD") == 1000 - 350
