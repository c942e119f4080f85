"""What an order's words mean."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.telegram import parse
from engine.model.account import Wallet
from engine.model.draft import BaseSize, OrderDraft, PartSize, QuoteSize
from engine.model.order import OrderType, Side
from tests.unit.parse.lines import draft

A_HUNDREDTH = BaseSize(Decimal("0.01"))
PRICE = Decimal(30000)


BUY = OrderDraft(symbol="tBTCUSD", side=Side.BUY, size=A_HUNDREDTH)


@pytest.mark.parametrize(
    ("options", "meant"),
    [
        ("", BUY),
        ("market", BUY),
        ("limit 30000", replace(BUY, type=OrderType.LIMIT, price=PRICE)),
        ("30000", replace(BUY, type=OrderType.LIMIT, price=PRICE)),
        ("@30000", replace(BUY, type=OrderType.LIMIT, price=PRICE)),
        ("@ 30000", replace(BUY, type=OrderType.LIMIT, price=PRICE)),
        ("stop 30000", replace(BUY, type=OrderType.STOP, trigger=PRICE)),
        (
            "stoplimit 30000 30100",
            replace(BUY, type=OrderType.STOP_LIMIT, trigger=PRICE, price=Decimal(30100)),
        ),
        (
            "Stop-Limit 30000 30100",
            replace(BUY, type=OrderType.STOP_LIMIT, trigger=PRICE, price=Decimal(30100)),
        ),
        ("margin", replace(BUY, wallet=Wallet.MARGIN)),
        ("reduce margin", replace(BUY, wallet=Wallet.MARGIN, reduce_only=True)),
        ("reduce-only", replace(BUY, reduce_only=True)),
        ("reduceonly", replace(BUY, reduce_only=True)),
        ("hidden", replace(BUY, hidden=True)),
        ("limit 30000 post", replace(BUY, type=OrderType.LIMIT, price=PRICE, post_only=True)),
        ("post limit 30000", replace(BUY, type=OrderType.LIMIT, price=PRICE, post_only=True)),
        ("POST-ONLY LIMIT 30000", replace(BUY, type=OrderType.LIMIT, price=PRICE, post_only=True)),
        ("30000 postonly", replace(BUY, type=OrderType.LIMIT, price=PRICE, post_only=True)),
        (
            "hidden margin limit 30000 reduce post",
            replace(
                BUY,
                type=OrderType.LIMIT,
                price=PRICE,
                post_only=True,
                hidden=True,
                reduce_only=True,
                wallet=Wallet.MARGIN,
            ),
        ),
        ("trail 500", replace(BUY, type=OrderType.TRAILING_STOP, trail=Decimal(500))),
        ("ioc 30000", replace(BUY, type=OrderType.IOC, price=PRICE)),
        ("FOK 30000 margin", replace(BUY, type=OrderType.FOK, price=PRICE, wallet=Wallet.MARGIN)),
        (
            "limit 30000 oco 31000",
            replace(BUY, type=OrderType.LIMIT, price=PRICE, oco_stop=Decimal(31000)),
        ),
        (
            "oco 31000 tif 2h limit 30000",
            replace(
                BUY,
                type=OrderType.LIMIT,
                price=PRICE,
                oco_stop=Decimal(31000),
                good_until=datetime(2026, 11, 22, 15, 30, 15, tzinfo=UTC),
            ),
        ),
        ("post", replace(BUY, post_only=True)),
        ("market post", replace(BUY, post_only=True)),
        (
            "stop 31000 post",
            replace(BUY, type=OrderType.STOP, trigger=Decimal(31000), post_only=True),
        ),
        ("limit 30123.456", replace(BUY, type=OrderType.LIMIT, price=Decimal("30123.456"))),
    ],
)
def test_options_in_any_case_and_order(options: str, meant: OrderDraft) -> None:
    assert draft(f"/buy tBTCUSD 0.01 {options}") == meant


@pytest.mark.parametrize(
    ("symbol", "word", "size"),
    [
        ("tBTCUSD", "0.01", A_HUNDREDTH),
        ("tBTCUSD", ".01", A_HUNDREDTH),
        ("tBTCUSD", "1.000", BaseSize(Decimal(1))),
        ("tBTCUSD", "0.01btc", A_HUNDREDTH),
        ("tBTCUSD", "0.01BTC", A_HUNDREDTH),
        ("btcusd", "0.01btc", A_HUNDREDTH),
        ("tbtcusd", "0.01btc", A_HUNDREDTH),
        ("BTC/USD", "0.01btc", A_HUNDREDTH),
        ("btc-usd", "0.01btc", A_HUNDREDTH),
        ("trxusd", "5trx", BaseSize(Decimal(5))),
        ("tAAVE:USD", "5aave", BaseSize(Decimal(5))),
        ("tBTCF0:USTF0", "0.01btc", A_HUNDREDTH),
        ("tBTCF0:USTF0", "0.01btcf0", A_HUNDREDTH),
        ("tBTCF0:USTF0", "250ust", QuoteSize(Decimal(250), "USTF0")),
        ("tBTCUSD", "$250", QuoteSize(Decimal(250), "USD")),
        ("tBTCUSD", "250$", QuoteSize(Decimal(250), "USD")),
        ("tBTCUSD", "250usd", QuoteSize(Decimal(250), "USD")),
        ("tBTCUSD", "250.50USD", QuoteSize(Decimal("250.5"), "USD")),
        ("tBTCUST", "$250", QuoteSize(Decimal(250), "USD")),
        ("tBTCUST", "250usd", QuoteSize(Decimal(250), "USD")),
        ("tBTCUST", "250ust", QuoteSize(Decimal(250), "UST")),
        ("tBTCEUR", "250eur", QuoteSize(Decimal(250), "EUR")),
        ("tTESTBTC:TESTUSD", "$250", QuoteSize(Decimal(250), "USD")),
        ("tTESTBTC:TESTUSD", "250testusd", QuoteSize(Decimal(250), "TESTUSD")),
        ("TUSD:USD", "250usd", QuoteSize(Decimal(250), "USD")),
        ("dogeusd", "250usd", QuoteSize(Decimal(250), "USD")),
        ("tBTCUSD", "25%", PartSize(Decimal(25))),
        ("tBTCUSD", "0.5%", PartSize(Decimal("0.5"))),
        ("tBTCUSD", "100%", PartSize(Decimal(100))),
        ("tBTCUSD", "max", PartSize(Decimal(100))),
        ("tBTCUSD", "ALL", PartSize(Decimal(100))),
        ("1INCH:USD", "5", BaseSize(Decimal(5))),
    ],
)
def test_amounts(symbol: str, word: str, size: object) -> None:
    meant = draft(f"/sell {symbol} {word}")
    assert (meant.size, meant.symbol, meant.side) == (size, symbol, Side.SELL)


def test_amounts_and_prices_stay_exact() -> None:
    meant = draft("/buy tBTCUSD 123456789012345.12345678 limit 0.00000001")
    assert meant.size == BaseSize(Decimal("123456789012345.12345678"))
    assert meant.price == Decimal("0.00000001")


def test_a_number_has_one_form() -> None:
    meant = draft("/buy tBTCUSD 0.0100 limit 30000.00")
    assert str(meant.price) == "30000"
    assert meant.size == A_HUNDREDTH
    assert isinstance(meant.size, BaseSize)
    assert str(meant.size.amount) == "0.01"


@pytest.mark.parametrize(
    ("line", "spelt"),
    [
        ("/buy tBTCUSD 0.010 market", "/buy tBTCUSD 0.01"),
        ("/sell btcusd ALL @30000 postonly", "/sell btcusd max limit 30000 post"),
        ("/buy tBTCUSD 250usd stop 31000 margin", "/buy tBTCUSD $250 stop 31000 margin"),
        (
            "/buy tBTCEUR 250EUR hidden stop-limit 31000 31100 reduce",
            "/buy tBTCEUR 250eur stoplimit 31000 31100 reduce hidden",
        ),
        ("/sell tBTCUSD 1 trailing 500 reduce", "/sell tBTCUSD 1 trail 500 reduce"),
        ("/sell tBTCUSD 1 oco 29000 @31000", "/sell tBTCUSD 1 limit 31000 oco 29000"),
        ("/buy tBTCUSD 1 @3 tif 18:00", "/buy tBTCUSD 1 limit 3 tif 2026-11-22T18:00"),
        ("/buy tBTCUSD 1 @3 tif 30m", "/buy tBTCUSD 1 limit 3 tif 2026-11-22T14:00:15"),
    ],
)
def test_a_draft_is_spelt_in_its_shortest_words(line: str, spelt: str) -> None:
    assert parse.spell(draft(line)) == spelt
