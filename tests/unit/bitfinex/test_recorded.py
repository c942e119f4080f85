"""Every recorded frame is read, or left out knowingly."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from engine.bitfinex import decode, market_rows, wire
from engine.bitfinex.book_feed import BookFeed
from engine.bitfinex.errors import answer_of
from engine.bitfinex.frames import AccountFrames
from engine.bitfinex.pairs import pairs_of
from engine.model.errors import ExchangeError
from engine.model.market import Ticker
from engine.model.order import OrderStatus
from engine.model.report import (
    BookChange,
    BookSnapshot,
    FillReport,
    OrderReport,
    OrdersSnapshot,
    Report,
)
from engine.model.symbol import Symbol
from tests.unit.bitfinex.recorded import needs_shared, raw, shared

pytestmark = needs_shared

BTC = Symbol("tBTCUSD")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
TOLD = frozenset("os on ou oc ps pn pu pc ws wu te tu".split())  # noqa: SIM905  # a list of words


def read(message: object) -> tuple[list[Report], AccountFrames]:
    frames = AccountFrames()
    return list(frames.read(wire.exact_row(raw(message)))), frames


def account_messages() -> Iterator[tuple[str, list[object]]]:
    for sample in shared("ws_messages.json"):
        message = sample["msg"]
        if isinstance(message, list) and len(message) > 1 and message[0] == 0:
            yield str(sample["id"]), message
    for life in shared("order_lifecycles.json"):
        messages = life["server_messages"]
        assert isinstance(messages, list)
        for number, message in enumerate(messages):
            if isinstance(message, list):
                yield f"{life['name']}#{number}", message
    for script in shared("ws_scripts_jkorf.json"):
        steps = script["steps"]
        assert isinstance(steps, list)
        for number, step in enumerate(steps):
            if step["from"] == "server_data" and step["msg"][0] == 0:
                yield f"{script['name']}#{number}", step["msg"]


@pytest.mark.parametrize(
    "message", [pytest.param(message, id=name) for name, message in account_messages()]
)
def test_account_frames_are_read(message: list[object]) -> None:
    reports, frames = read(message)
    kind = message[1]
    told = kind in TOLD or (kind == "n" and wire.field(wire.row_of(message[2]), 1) == "on-req")
    assert len(reports) == told
    expected = {"ox_multi"} if kind == "ox_multi" else set()
    assert set(frames.unknown) == expected


def test_a_whole_recorded_life() -> None:
    life = next(
        sample
        for sample in shared("order_lifecycles.json")
        if sample["name"] == "limit_buy_crosses_and_fills"
    )
    messages = life["server_messages"]
    assert isinstance(messages, list)
    reports = [report for message in messages for report in read(message)[0]]
    orders = [report for report in reports if isinstance(report, OrderReport)]
    fills = [report for report in reports if isinstance(report, FillReport)]
    assert [order.status for order in orders] == [OrderStatus.WORKING, OrderStatus.FILLED]
    assert [str(fill.fill.fee) for fill in fills] == ["None", "-0.00023233"]
    assert str(orders[-1].terms.amount - orders[-1].remaining) == "0.116163"


def test_the_official_mocks_short_rows() -> None:
    (mock,) = shared("mock_srv_ws2.json")
    (orders,), _ = read(mock["os"]["packets"][0])  # type: ignore[index]  # recorded
    assert isinstance(orders, OrdersSnapshot)
    assert orders.orders[0].status is OrderStatus.PARTLY_FILLED
    (_wallets,), _ = read(mock["ws"]["packets"][0])  # type: ignore[index]  # recorded
    (noted,), _ = read(mock["on.res"]["packets"][0])  # type: ignore[index]  # recorded
    assert type(noted).__name__ == "SubmissionNoted"
    assert read(mock["oc.res"]["packets"][0])[0] == []  # type: ignore[index]  # recorded


def test_private_rest_answers() -> None:
    answers = {
        str(sample["name"]): sample["response"] for sample in shared("rest_responses_jkorf.json")
    }
    balances = wire.row_of(wire.anything(raw(answers["GetBalances"])))
    assert str(decode.balance(wire.row_of(balances[0])).available) == "19788.6529257"
    exact = wire.row_of(wire.anything(raw(answers["GetOrderTrades"])))
    fill = decode.fill(wire.row_of(exact[0]), settled=True)
    assert str(fill.fill.fee) == "-0.09868591"
    for name in ("GetPositionSnapshots", "GetPositionsById"):
        row = wire.row_of(wire.row_of(wire.anything(raw(answers[name])))[0])
        assert decode.position(row).symbol == "tETHUSD"
    cancel = wire.row_of(wire.anything(raw(answers["CancelOrder"])))
    order = decode.order(wire.row_of(cancel[4]))
    assert order.status is OrderStatus.CANCELLED
    assert order.terms.amount >= order.remaining


def test_public_rest_answers() -> None:
    answers = {
        str(sample["name"]): sample["response"] for sample in shared("rest_responses_jkorf.json")
    }
    ticker = market_rows.ticker(BTC, raw(answers["GetTicker"][0][1:]), NOW)  # type: ignore[index]  # recorded
    assert (ticker.bid, ticker.ask, ticker.last) == (10645, 10647, 10644.00645389)
    book = market_rows.book(BTC, raw(answers["GetOrderBook"]), NOW)
    assert book.bids[0].price == 8744.9
    (candle,) = market_rows.candles(raw([answers["GetLastKline"]]))
    assert (candle.open, candle.close, candle.high, candle.low) == (20097, 20094, 20097, 20094)


def test_recorded_lists_of_pairs() -> None:
    answers = {
        str(sample["name"]): sample["response"] for sample in shared("rest_responses_jkorf.json")
    }
    infos = next(
        answer for name, answer in answers.items() if name in ("GetSymbols", "GetFuturesSymbols")
    )
    first = infos[0]  # type: ignore[index]  # recorded
    names = [row[0] for row in first]
    found = pairs_of(wire.anything(raw([names, names[:1], first])))
    assert len(found) == len(names)
    assert sum(pair.margin for pair in found.values()) == 1
    assert all(0 < pair.min_size < pair.max_size for pair in found.values())


def test_recorded_error_bodies() -> None:
    samples = shared("rest_error_bodies.json")
    assert samples
    for sample in samples:
        with pytest.raises(ExchangeError):
            answer_of(int(str(sample["http_status"])), raw(sample["body"]))


def test_the_recorded_public_session() -> None:
    now = lambda: NOW  # noqa: E731  # a clock that stands still
    feeds: dict[int, market_rows.Read] = {}
    told: list[object] = []
    for line in shared("recorded_session_first420.jsonl"):
        frame = str(line["raw"]).encode()
        if line["dir"] != "server":
            continue
        if frame.startswith(b"{"):
            event = wire.event(frame)
            number, symbol = event.get("chanId"), Symbol(str(event.get("symbol")))
            if event.get("channel") == "ticker" and isinstance(number, int):
                feeds[number] = market_rows.ticker_feed(symbol, now, told.append)
            elif event.get("channel") == "book" and isinstance(number, int):
                feeds[number] = BookFeed(symbol, told.append)
            continue
        feed = feeds.get(market_rows.channel_of(frame))
        if feed is not None:
            feed(frame)
    assert sum(isinstance(report, Ticker) for report in told) >= 7
    assert sum(isinstance(report, BookSnapshot) for report in told) >= 5
    assert sum(isinstance(report, BookChange) for report in told) > 50


def test_the_2017_book() -> None:
    samples = {str(sample["name"]): sample["data"] for sample in shared("node_api_fixtures.json")}
    told: list[object] = []
    BookFeed(BTC, told.append)(raw(samples["response-ws2-server-order-book-P0"]))
    (report,) = told
    assert isinstance(report, BookSnapshot)
    assert len(report.rows) == 50
    assert report.rows[0] == (1921.8, 1, 0.17974513)
