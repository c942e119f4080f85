"""Paging finds everything once, whatever stamp the exchange sorts by and however it caps pages."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.bitfinex import history

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
START = 1_700_000_000_000
SINCE = EPOCH + timedelta(milliseconds=START)

times = st.lists(st.integers(-50, 120), max_size=200)
spans = st.lists(st.tuples(st.integers(-80, 120), st.integers(0, 60)), max_size=200)


def trade_row(number: int, mts: int) -> list[object]:
    return [number + 1, "tBTCUSD", START + mts, 7, 1, 1, "LIMIT", 1, 1, None, None, None]


def order_row(number: int, created: int, lasted: int) -> list[object]:
    row: list[object] = [None] * 32
    row[0], row[2], row[3] = number + 1, number + 1, "tBTCUSD"
    row[4], row[5], row[6], row[7] = START + created, START + created + lasted, 1, 1
    row[8], row[13] = "EXCHANGE LIMIT", "CANCELED"
    return row


class Exchange:
    """Serves rows in pages as the facts sheet says, filtered and sorted by one stamp."""

    def __init__(self, rows: list[list[object]], stamp: int, cap: int) -> None:
        self._rows = rows
        self._stamp = stamp
        self._cap = cap
        self.calls = 0

    async def read(self, path: str, bounds: Mapping[str, object]) -> object:
        self.calls += 1
        start, end = int(str(bounds.get("start", 0))), int(str(bounds.get("end", 10**15)))
        rows = [row for row in self._rows if start <= self._mts(row) <= end]
        rows.sort(key=lambda row: (self._mts(row), row[0]), reverse=bounds.get("sort") != 1)
        return rows[: min(self._cap, int(str(bounds["limit"])))]

    def _mts(self, row: list[object]) -> int:
        return int(str(row[self._stamp]))


@patient
@given(stamps=times, cap=st.integers(30, 60))
async def test_trades(stamps: list[int], cap: int) -> None:
    rows = [trade_row(number, mts) for number, mts in enumerate(stamps)]
    crowded = max((stamps.count(mts) for mts in set(stamps)), default=0)
    if crowded >= cap:
        return
    found = await history.trades(Exchange(rows, 2, cap).read, SINCE)
    wanted = sorted((mts, number + 1) for number, mts in enumerate(stamps) if mts >= 0)
    assert [trade.fill.trade_id for trade in found] == [number for _, number in wanted]


@pytest.mark.parametrize("stamp", [4, 5], ids=["by creation", "by update"])
@patient
@given(lives=spans, cap=st.integers(30, 60))
async def test_closed_orders(stamp: int, lives: list[tuple[int, int]], cap: int) -> None:
    rows = [order_row(number, *life) for number, life in enumerate(lives)]
    exchange = Exchange(rows, stamp, cap)
    found = (await history.closed_orders(exchange.read, SINCE)).orders
    wanted = {number + 1 for number, (at, lasted) in enumerate(lives) if at + lasted >= 0}
    assert {order.order_id for order in found} == wanted
    assert [order.updated_at for order in found] == sorted(order.updated_at for order in found)
    assert exchange.calls < 3 + len(lives)
