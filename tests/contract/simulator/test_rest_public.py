"""Public REST: shapes, number text, paging and refusals."""

import re

import pytest

from tests.contract.simulator.client import Wire


async def test_status_tickers_and_trades(wire: Wire) -> None:
    assert (await wire.get("platform/status"))[1] == [1]
    ticker = (await wire.get("ticker/tBTCUSD"))[1]
    assert [len(ticker), ticker[0], ticker[2], ticker[6]] == [10, 30000, 30001, 30000]
    both = (await wire.get("tickers?symbols=tBTCUSD,tETHUSD,tNOPE"))[1]
    assert [str(row[0]) for row in both] == ["tBTCUSD", "tETHUSD"]
    assert len((await wire.get("tickers?symbols=ALL"))[1]) == 4
    trades = (await wire.get("trades/tBTCUSD/hist?limit=1"))[1]
    assert [len(trades), len(trades[0]), trades[0][3]] == [1, 4, 30000]


@pytest.mark.parametrize("precision", ["P0", "P1", "P2", "P3", "P4", "R0"])
async def test_books_run_from_best_to_worst_and_never_cross(wire: Wire, precision: str) -> None:
    rows = (await wire.get(f"book/tBTCUSD/{precision}?len=25"))[1]
    column = 1 if precision == "R0" else 0
    sizes = [float(str(row[2])) for row in rows]
    bids = [float(str(row[column])) for row, size in zip(rows, sizes, strict=True) if size > 0]
    asks = [float(str(row[column])) for row, size in zip(rows, sizes, strict=True) if size < 0]
    assert bids == sorted(bids, reverse=True)
    assert asks == sorted(asks)
    assert bids[0] < asks[0]
    assert len(bids) <= 25
    assert len(asks) <= 25


async def test_own_visible_orders_stand_in_the_public_book(wire: Wire) -> None:
    order = {"type": "EXCHANGE LIMIT", "symbol": "tBTCUSD", "amount": "1.25", "price": "29999"}

    async def amount_at(price: int) -> float:
        rows = (await wire.get("book/tBTCUSD/P0?len=25"))[1]
        return sum(float(str(row[2])) for row in rows if row[0] == price)

    before = await amount_at(29999)
    await wire.post("auth/w/order/submit", {**order, "flags": 64})
    assert await amount_at(29999) == before
    await wire.post("auth/w/order/submit", order)
    assert await amount_at(29999) == pytest.approx(before + 1.25)


async def test_candles_close_before_high_and_page_both_ways(wire: Wire) -> None:
    newest = (await wire.get("candles/trade:1m:tBTCUSD/hist?limit=5"))[1]
    times = [int(row[0]) for row in newest]
    assert times == sorted(times, reverse=True)
    for row in newest:
        opened, close, high, low = (float(str(cell)) for cell in row[1:5])
        assert high >= max(opened, close) >= min(opened, close) >= low
    oldest = (await wire.get("candles/trade:1m:tBTCUSD/hist?limit=5&sort=1"))[1]
    assert int(oldest[0][0]) < times[-1]
    window = f"start={times[3]}&end={times[1]}&sort=1"
    inside = (await wire.get(f"candles/trade:1m:tBTCUSD/hist?{window}"))[1]
    assert [int(row[0]) for row in inside] == [times[3], times[2], times[1]]
    last = (await wire.get("candles/trade:1h:tBTCUSD/last"))[1]
    assert [len(last), int(last[0]) % 3_600_000] == [6, 0]


async def test_conf_lists_and_maps(wire: Wire) -> None:
    status, answer = await wire.get("conf/pub:list:pair:exchange,pub:info:pair")
    assert [status, answer[0]] == [200, ["BTCUSD", "ETHBTC", "ETHUSD", "TESTBTC:TESTUSD"]]
    assert answer[1][0][0] == "BTCUSD"
    assert answer[1][0][1][3:5] == ["0.00004", "2000.0"]
    assert (await wire.get("conf/pub:map:currency:sym"))[1] == [[["UST", "USDt"]]]
    assert "TESTBTC" in str((await wire.get("conf/pub:list:currency"))[1])


@pytest.mark.parametrize(
    ("path", "refusal"),
    [
        ("candles/trade:1m:tBTCUSD/hist?limit=10001", [10020, "limit: invalid"]),
        ("candles/trade:2m:tBTCUSD/hist", [10020, "key: invalid"]),
        ("candles/trade:1m:tNOPE/hist", [10020, "symbol: invalid"]),
        ("ticker/tNOPE", [10020, "symbol: invalid"]),
        ("book/tBTCUSD/P9", [10020, "precision: invalid"]),
        ("book/tBTCUSD/P0?len=26", [10020, "len: invalid"]),
        ("trades/tBTCUSD/hist?sort=5", [10020, "sort: invalid"]),
        ("trades/tBTCUSD/hist?start=soon", [10020, "start: invalid"]),
        ("conf/pub:nothing", [10020, "key: invalid"]),
    ],
)
async def test_bad_parameters_are_named(wire: Wire, path: str, refusal: list[object]) -> None:
    status, body = await wire.get(path)
    assert [status, body] == [500, ["error", *refusal]]


async def test_numbers_are_javascript_text(wire: Wire) -> None:
    for path in (
        "book/tBTCUSD/P2",
        "book/tETHBTC/P0",
        "tickers?symbols=ALL",
        "trades/tETHBTC/hist",
    ):
        text = await wire.text(path)
        assert not re.search(r"\d\.0[,\]]|\dE|\de\+?0|\.\d*0[,\]]", text), text


async def test_average_price_walks_the_book(wire: Wire) -> None:
    small = (await wire.get("calc/trade/avg?symbol=tBTCUSD&amount=0.001"))[1]
    assert small[0] == 30001
    large = (await wire.get("calc/trade/avg?symbol=tBTCUSD&amount=20"))[1]
    assert float(str(large[0])) > 30001
