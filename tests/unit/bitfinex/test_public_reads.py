"""The public side by REST: where it is asked, and what is read of the answers."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest

from engine.bitfinex.market import BitfinexMarketData
from engine.model.errors import ExchangeRefused, InvalidInput, UnknownSymbol
from engine.model.order import Side
from engine.model.records import Span
from engine.model.symbol import Symbol
from engine.record_ports import MarketRecords
from tests.unit.bitfinex.answering import Answer, Fields, always, at, market_of
from tests.unit.bitfinex.doubles import BTC

PERP = Symbol("tBTCF0:USTF0")
MINUTE = 60_000
START = 1_700_000_040_000
STATUS: list[object] = [
    1790133734000, None, 86710.46, 86670.5, None, 62210384.9, None, 1790150400000, 0.00015317,
    3873, None, 0, None, None, 86676.3172, None, None, 8851.89, None, None, None, 0.0005, 0.0025,
]  # fmt: skip
Ask = Callable[[BitfinexMarketData], Awaitable[object]]


def bar(number: int) -> list[object]:
    return [START + number * MINUTE, 1, 2, 3, 0.5, 10]


def history(count: int, cap: int) -> Callable[[str, Fields], Answer]:
    """Candles as the exchange serves them: newest first unless sorted up, never more than `cap`."""

    def answer(path: str, fields: Fields) -> Answer:
        asked = {name: int(str(value)) for name, value in fields.items()}
        low, high = asked.get("start", 0), asked.get("end", 10**15)
        inside = [bar(n) for n in range(count) if low <= START + n * MINUTE <= high]
        ordered = inside if asked.get("sort") == 1 else inside[::-1]
        return 200, ordered[: min(asked["limit"], cap)]

    return answer


@pytest.mark.parametrize(("status", "operative"), [([1], True), ([0], False), ([], False)])
async def test_the_platform(status: list[int], operative: bool) -> None:
    async with market_of(always(200, status)) as (found, questions):
        assert await found.operative() is operative
        assert questions.paths == ["platform/status"]


async def test_tickers_of_some_and_of_all() -> None:
    rows = [
        ["tBTCUSD", 1, 2, 3, 4, 5, 0.01, 7, 8, 9, 10],
        ["fUSD", 0.0003, 0.0003, 30, 1, 0.0003, 2, 1, 0, 0, 0.0003, 1, 1, 1, None, None, 1],
        ["tAAVE:USD", 1, 2, 3, 4, 5, 0.01, 7, 8, 9, 10, 1700000000000],
        ["tBROKEN", None],
    ]
    async with market_of(always(200, rows)) as (found, questions):
        told = await found.tickers([BTC, Symbol("tAAVE:USD")])
        assert list(told) == ["tBTCUSD", "tAAVE:USD"]
        assert (told[BTC].last, told[BTC].change) == (7, 0.01)
        assert questions.last == {"symbols": "tBTCUSD,tAAVE:USD"}
        await found.tickers()
        assert questions.last == {"symbols": "ALL"}
        await found.tickers([Symbol(f"t{n:03}USD") for n in range(250)])
        assert len(questions.asked) == 5


async def test_candles_back_over_pages() -> None:
    async with market_of(history(130, 50)) as (found, questions):
        bars = await found.candle_history(BTC, "1m", Span(limit=120))
        assert [candle.at for candle in bars] == [at(START + n * MINUTE) for n in range(10, 130)]
        assert len(questions.asked) == 3
        assert all("sort" not in fields for _, fields in questions.asked)
        part = await found.candle_history(
            BTC, "1m", Span(start=bars[0].at, end=bars[79].at, limit=1000)
        )
        assert list(part) == list(bars[:80])


async def test_candles_forward_over_pages_always_have_a_start() -> None:
    async with market_of(history(130, 50)) as (found, questions):
        begin = at(START + 5 * MINUTE)
        bars = await found.candle_history(BTC, "1m", Span(start=begin, limit=110), forward=True)
        assert [candle.at for candle in bars] == [at(START + n * MINUTE) for n in range(5, 115)]
        assert all(fields["sort"] == "1" and "start" in fields for _, fields in questions.asked)
        with pytest.raises(InvalidInput, match="start"):
            await found.candle_history(BTC, "1m", Span(), forward=True)
        with pytest.raises(InvalidInput):
            await found.candle_history(BTC, "1m", Span(limit=0))
        with pytest.raises(InvalidInput, match="15m"):
            await found.candle_history(BTC, "2m", Span())


@pytest.mark.parametrize("forward", [True, False])
async def test_candles_end_where_history_ends(forward: bool) -> None:
    async with market_of(history(60, 50)) as (found, questions):
        span = Span(start=at(START), limit=5000)
        assert len(await found.candle_history(BTC, "1m", span, forward=forward)) == 60
        assert len(questions.asked) == 2
    async with market_of(history(0, 50)) as (found, _):
        assert await found.candle_history(BTC, "1m", span, forward=forward) == ()


async def test_the_candle_that_is_still_open() -> None:
    async with market_of(always(200, [1678465320000, 20097, 20094, 20099, 20090, 0.07])) as (
        found,
        questions,
    ):
        port: MarketRecords = found
        candle = await port.last_candle(BTC, "1D")
        assert candle is not None
        assert (candle.open, candle.close, candle.high, candle.low) == (20097, 20094, 20099, 20090)
        assert questions.paths == ["candles/trade:1D:tBTCUSD/last"]
    async with market_of(always(200, [])) as (found, _):
        assert await found.last_candle(BTC, "1D") is None


async def test_everybodys_trades() -> None:
    rows = [[3, START + 2, -0.5, 30001], [2, START + 1, 0.25, 30000], [1, START, 0, 1]]
    async with market_of(always(200, rows)) as (found, questions):
        sold, bought = await found.market_trades(BTC, Span(start=at(START), limit=10))
        assert (sold.side, sold.amount, sold.price) == (Side.SELL, 0.5, 30001)
        assert (bought.side, bought.at) == (Side.BUY, at(START + 1))
        assert questions.paths == ["trades/tBTCUSD/hist"]
        assert questions.last["start"] == str(START)


async def test_books_of_every_precision() -> None:
    async with market_of(always(200, [[10, 1, 2], [9, 1, 1], [11, 2, -3]])) as (found, questions):
        for precision in ("P0", "P1", "P2", "P3", "P4"):
            book = await found.book(BTC, precision, 100)
            assert (book.bids[0].price, book.asks[0].amount) == (10, 3)
        assert questions.paths == [f"book/tBTCUSD/P{n}" for n in range(5)]
        assert questions.last == {"len": "100"}
        for wrong in (found.book(BTC, "P5"), found.book(BTC, "R0"), found.book(BTC, "P0", 7)):
            with pytest.raises(InvalidInput):
                await wrong


async def test_the_raw_book() -> None:
    rows = [[5, 10, 1], [4, 10, 2], [6, 9, 1], [8, 11, -1], [7, 12, -2.5]]
    async with market_of(always(200, rows)) as (found, questions):
        book = await found.raw_book(BTC)
        assert [order.order_id for order in book.bids] == [4, 5, 6]
        assert [(order.price, order.amount) for order in book.asks] == [(11, 1), (12, 2.5)]
        assert questions.paths == ["book/tBTCUSD/R0"]
    async with market_of(always(200, [[1, 2]])) as (found, _):
        with pytest.raises(ExchangeRefused):
            await found.raw_book(BTC)


async def test_lists_and_maps() -> None:
    sizes = [["BTCUSD", [None, None, None, "0.00006", "2000.0", None, None, None, 0.2, 0.1]]]
    perps = [["BTCF0:USTF0", [None, None, None, "0.0002", "100.0", None, None, None, 0.01, 0.005]]]
    answers = {
        "pub:list:pair:exchange": ["BTCUSD", "AAVE:USD", "TESTBTC:TESTUSD"],
        "pub:list:pair:margin": ["BTCUSD"],
        "pub:list:pair:futures": ["BTCF0:USTF0"],
        "pub:map:currency:sym": [["UST", "USDt"], ["EUT", "EURt"], ["odd"], 7],
        "pub:info:pair": sizes,
        "pub:info:pair:futures": perps,
    }

    def answer(path: str, fields: Fields) -> Answer:
        return 200, [answers[key] for key in path.removeprefix("conf/").split(",")]

    async with market_of(answer) as (found, _):
        assert await found.get_configs_symbols() == ("BTCUSD", "AAVE:USD", "TESTBTC:TESTUSD")
        assert await found.get_currency_symbol_map() == {"UST": "USDt", "EUT": "EURt"}
        assert await found.margin_pairs() == ("BTCUSD",)
        assert await found.futures_pairs() == ("BTCF0:USTF0",)
        infos = await found.pair_infos()
        assert infos[BTC].initial_margin == Decimal("0.2")
        assert infos[PERP].min_size == Decimal("0.0002")
        pairs = await found.pairs()
        assert {symbol: pair.margin for symbol, pair in pairs.items()} == {BTC: True, PERP: True}
    async with market_of(always(200, [])) as (found, _):
        with pytest.raises(ExchangeRefused):
            await found.get_configs_symbols()


async def test_perpetuals() -> None:
    async with market_of(always(200, [["tBTCF0:USTF0", *STATUS]])) as (found, questions):
        told = (await found.derivative_status([PERP]))[PERP]
        assert (told.price, told.mark_price) == (86710.46, 86676.3172)
        assert (told.next_funding_step, told.open_interest) == (3873, 8851.89)
        assert (told.clamp_min, told.clamp_max) == (0.0005, 0.0025)
        assert questions.last == {"keys": "tBTCF0:USTF0"}
        await found.derivative_status()
        assert questions.last == {"keys": "ALL"}
    async with market_of(always(200, [STATUS, STATUS[:12]])) as (found, questions):
        (past,) = await found.derivative_history(PERP)
        assert past.symbol == PERP
        assert questions.paths == ["status/deriv/tBTCF0:USTF0/hist"]


@pytest.mark.parametrize(
    "ask",
    [
        lambda m: m.ticker(Symbol("tTESTBTCTESTUSD")),
        lambda m: m.tickers([BTC, Symbol("tBTC:TESTUSD")]),
        lambda m: m.market_trades(Symbol("fUSD")),
        lambda m: m.raw_book(Symbol("tBTC/../x")),
        lambda m: m.candle_history(Symbol("t"), "1m", Span()),
        lambda m: m.last_candle(Symbol("BTCUSD"), "1m"),
        lambda m: m.derivative_status([Symbol("tBTCF0USTF0")]),
        lambda m: m.derivative_history(Symbol("x")),
        lambda m: m.watch(Symbol("x")),
    ],
)
async def test_strange_symbols_never_become_an_address(ask: Ask) -> None:
    async with market_of(always(200, [])) as (found, questions):
        with pytest.raises(UnknownSymbol):
            await ask(found)
        assert questions.asked == []
