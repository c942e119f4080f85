"""Every recorded sample of every kind that is ours to read is read, and none of it is lost."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

import pytest

from engine.bitfinex import decode, listings, market_rows, public_rows, record_rows, wire
from engine.bitfinex.notices import notice_of
from engine.bitfinex.status import status_of
from engine.bitfinex.wire import Row, Unreadable, field, row_of
from engine.model.market import Candle, OrderBook, Ticker
from engine.model.order import OrderStatus
from engine.model.symbol import Symbol
from tests.unit.bitfinex.recorded import needs_shared, raw, shared

pytestmark = needs_shared

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BTC = Symbol("tBTCUSD")
fill = partial(decode.fill, settled=True)


def told(row: Row) -> object:
    notice = notice_of(row)
    assert notice.kind
    assert len(notice.rows) == (1 if field(row, 4) else 0)
    return notice


def plain(value: object) -> object:
    """As it was before it was made exact."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value


def book(rows: Row) -> OrderBook:
    return market_rows.book(BTC, raw(plain(rows)), NOW)


def candle(row: Row) -> Candle:
    found = market_rows.last_candle(raw(plain(row)))
    assert found is not None
    return found


def each(read: Callable[[Row], object]) -> Callable[[Row], int]:
    return lambda rows: sum(bool(read(row_of(row))) for row in rows)


def once(read: Callable[[Row], object]) -> Callable[[Row], int]:
    return lambda row: int(bool(read(row)))


def ticker(row: Row) -> Ticker:
    return public_rows.ticker(row, NOW)


REST: Mapping[str, Callable[[Row], int]] = {
    "GetApiKeyPermissions": each(record_rows.permission),
    "GetBalances": each(record_rows.wallet),
    "GetMovementsDetails": once(record_rows.movement),
    "GetUserInfo": once(record_rows.account_info),
    "GetAssetNames": lambda rows: len(listings.names_of(row_of(rows[0]))),
    "GetAssetSymbols": lambda rows: len(listings.map_of(row_of(rows[0]))),
    "GetAssetsList": lambda rows: len(listings.map_of(row_of(rows[0]))),
    "GetAssetUnits": lambda rows: len(listings.map_of(row_of(rows[0]))),
    "GetDerivativesStatus": each(public_rows.derivative),
    "GetFuturesSymbols": lambda rows: len(listings.infos_of(row_of(rows[0]))),
    "GetSymbols": lambda rows: len(listings.infos_of(row_of(rows[0]))),
    "GetSymbolNames": lambda rows: len(listings.names_of(row_of(rows[0]))),
    "GetLastKline": once(candle),
    "GetOrderBook": once(book),
    "GetTicker": each(ticker),
    "GetTickers": each(ticker),
    "CancelOrder": once(told),
    "ClaimPosition": once(lambda row: record_rows.position(row_of(row[4]))),
    "IncreasePosition": once(lambda row: record_rows.position(row_of(row[4]))),
    "GetOrderTrades": each(fill),
    "GetPositionSnapshots": each(record_rows.position),
    "GetPositionsById": each(record_rows.position),
    "WalletTransfer": once(told),
    "WithdrawV2": once(told),
    "GetDepositAddress": once(told),
}
NOT_A_TRADERS = {
    "DeleteAlert", "GetAccountChangeLog", "GetLoginHistory", "GetAssetDepositWithdrawalMethods",
    "GetCreditSize", "GetDepositWithdrawalStatus", "GetForeignExchangeRate", "GetFundingSize",
    "GetFundingTicker", "GetLongsShortsTotals", "GetRawFundingOrderBook", "GetTradingVolume",
    "GetIncreasePositionInfo",
}  # fmt: skip
ROWS: Mapping[str, Callable[[Row], object]] = {
    "on": decode.order, "ou": decode.order, "oc": decode.closed_order,
    "te": fill, "tu": fill, "wu": record_rows.wallet,
    "pn": record_rows.position, "pu": record_rows.position, "pc": record_rows.position,
    "n": told,
}  # fmt: skip
LISTS: Mapping[str, Callable[[Row], object]] = {
    "os": decode.order, "ws": record_rows.wallet, "ps": record_rows.position,
}  # fmt: skip


def test_rest_answers(record_property: Callable[[str, object], None]) -> None:
    counts: Counter[str] = Counter()
    for sample in shared("rest_responses_jkorf.json"):
        name = str(sample["name"])
        if name in NOT_A_TRADERS:
            continue
        rows = row_of(wire.anything(raw(sample["response"])))
        found = REST[name](rows)
        nested = row_of(rows[0]) if rows and isinstance(rows[0], list) else rows
        whole = len(nested) if str(sample["path"]).startswith("/v2/conf") else None
        assert found == whole if whole is not None else found >= 1, name
        counts[name] = found
    record_property("read", dict(counts))
    print(f"REST: {sum(counts.values())} rows and lists of {len(counts)} kinds read")  # noqa: T201  # asked for
    assert len(counts) >= 20


def account_rows() -> Iterator[tuple[str, str, Row]]:
    """Every account frame of every recording: where it is from, its kind, its payload."""
    for sample in shared("ws_messages.json"):
        yield from _frame(str(sample["id"]), sample["msg"])
    for life in shared("order_lifecycles.json"):
        messages = life["server_messages"]
        assert isinstance(messages, list)
        for message in messages:
            yield from _frame(str(life["name"]), message)
    for script in shared("ws_scripts_jkorf.json"):
        steps = script["steps"]
        assert isinstance(steps, list)
        for step in steps:
            yield from _frame(str(script["name"]), step["msg"])
    (mock,) = shared("mock_srv_ws2.json")
    for name, held in mock.items():
        packets = held["packets"] if isinstance(held, dict) else []
        for packet in packets:
            yield from _frame(name, packet)


def _frame(name: str, message: object) -> Iterator[tuple[str, str, Row]]:
    if not isinstance(message, list) or len(message) < 3 or message[0] != 0:
        return
    payload = wire.anything(raw(message[2]))
    if isinstance(message[1], str) and isinstance(payload, list):
        yield name, message[1], payload


def test_account_frames() -> None:
    counts: Counter[str] = Counter()
    for name, kind, payload in account_rows():
        if kind == "n" and field(payload, 1) not in ("on-req", "ou-req", "oc-req"):
            continue
        if kind in ROWS:
            assert ROWS[kind](payload), name
            counts[kind] += 1
        elif kind in LISTS:
            for row in payload if all(isinstance(row, list) for row in payload) else [payload]:
                assert LISTS[kind](row_of(row)), name
                counts[kind] += 1
        elif kind == "miu":
            read = record_rows.margin_base if payload[0] == "base" else record_rows.margin_room
            assert read(payload) is not None, name
            counts[kind] += 1
    print(f"account frames: {sum(counts.values())} rows read: {dict(counts)}")  # noqa: T201  # asked for
    assert sum(counts.values()) >= 60
    assert set(counts) >= {"on", "ou", "oc", "te", "tu", "wu", "pn", "pu", "pc", "n", "os", "ws"}


def test_status_strings() -> None:
    samples = shared("order_status_strings.json")
    for sample in samples:
        status = status_of(str(sample["status"]), wire.money(["0.5"], 0))
        opened = sample["first_word_class"] in ("active", "partially_filled")
        assert status.is_open == opened, sample
        if str(sample["status"]).startswith("EXECUTED"):
            assert status is OrderStatus.FILLED
    print(f"status strings: {len(samples)} read")  # noqa: T201  # asked for
    assert len(samples) >= 12


def test_public_books_and_tickers_of_2017() -> None:
    read = 0
    for sample in shared("node_api_fixtures.json"):
        data = wire.anything(raw(sample["data"]))
        rows = row_of(data)
        payload = rows[1] if len(rows) == 2 and isinstance(rows[1], list) else rows
        found = row_of(payload)
        name = str(sample["name"])
        if "R0" in name:
            raw_book = public_rows.raw_book(BTC, found, NOW)
            assert len(raw_book.bids) + len(raw_book.asks) == len(found)
        elif "book" in name:
            picture = book(found)
            assert len(picture.bids) + len(picture.asks) == len(found)
        else:
            continue
        read += len(found)
    print(f"books: {read} rows read")  # noqa: T201  # asked for
    assert read >= 100


def test_what_is_no_row_is_refused_with_words() -> None:
    with pytest.raises(Unreadable, match="not a row"):
        row_of("text")
