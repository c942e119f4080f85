"""The figures: who may read them, what they say, and that Prometheus can."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import isnan
from random import Random

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.nursery import Nursery
from bot.web.metrics import MOST_SYMBOLS, Metrics
from bot.web.order_metrics import OrderMetrics
from engine.clock import SystemClock
from engine.memory_journal import MemoryJournal
from engine.model.event import OrderAccepted, OrderClosed, OrderRejected, OrderSubmitted
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus, OrderTerms, OrderType, Side
from engine.model.symbol import Symbol
from tests.integration.web.desk import Desk

AT = datetime(2026, 1, 1, tzinfo=UTC)
ORDER = Order(
    key=OrderKey(1),
    terms=OrderTerms(
        symbol=Symbol("tBTCUSD"), side=Side.BUY, amount=Decimal("0.1"), type=OrderType.STOP_LIMIT
    ),
    status=OrderStatus.PENDING,
    remaining=Decimal("0.1"),
    created_at=AT,
    updated_at=AT,
)


def named(name: str, **labels: str) -> str:
    return name + "".join(f" {label}={labels[label]}" for label in sorted(labels))


def step(status: str) -> str:
    return named("orders_total", symbol="tBTCUSD", type="stop_limit", status=status)


async def figures(metrics: Metrics) -> dict[str, float]:
    """Each sample by its name with its labels, as `named` makes it."""
    text = (await metrics.text()).decode()
    return {
        named(sample.name.removeprefix("tradingbot_"), **sample.labels): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def reached(metrics: Metrics, name: str, value: float) -> None:
    async with asyncio.timeout(5):
        while (await figures(metrics)).get(name) != value:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


@pytest.fixture
async def nursery() -> AsyncIterator[Nursery]:
    made = Nursery(clock=SystemClock(), random=Random(1))
    yield made
    await made.stop()


async def test_this_machine_may_read_and_a_proxy_may_not(desk: Desk) -> None:
    await desk.open()
    answer = await desk.ask("/metrics")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert (await desk.ask("/metrics", X_Forwarded_For="127.0.0.1")).status == 403


async def test_a_token_is_asked_for_where_there_is_one(desk: Desk) -> None:
    await desk.open(METRICS_ACCESS_TOKEN="scrape-me", AUTH_REQUIRED="false")
    for wrong in ({}, {"Authorization": "Bearer scrape-m"}, {"Authorization": "Basic scrape-me"}):
        assert (await desk.ask("/metrics", **wrong)).status == 401
    assert (await desk.ask("/metrics", Authorization="Bearer scrape-me")).status == 200
    # bytes that are no text arrive as lone surrogates: a wrong token like any other
    host, _, port = desk.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \xff\xfe\r\n\r\n"
    )
    assert (await reader.readline()).split()[1] == b"401"
    writer.close()
    await writer.wait_closed()
    proxied = {"Authorization": "bearer scrape-me", "X_Forwarded_For": "192.0.2.1"}
    assert (await desk.ask("/metrics", **proxied)).status == 200


async def test_an_allow_list_is_kept(desk: Desk) -> None:
    await desk.open(METRICS_IP_ALLOWLIST="192.0.2.0/24")
    assert (await desk.ask("/metrics")).status == 403
    await desk.open(METRICS_IP_ALLOWLIST="127.0.0.0/8")
    assert (await desk.ask("/metrics")).status == 200


async def test_a_token_and_a_list_are_both_needed(desk: Desk) -> None:
    await desk.open(METRICS_IP_ALLOWLIST="192.0.2.0/24", METRICS_ACCESS_TOKEN="scrape-me")
    assert (await desk.ask("/metrics", Authorization="Bearer scrape-me")).status == 403


async def test_requests_are_timed_under_bounded_labels(desk: Desk) -> None:
    await desk.open()
    await desk.ask("/health")
    await desk.ask("/ready")
    await desk.ask("/wp-admin/1")
    await desk.ask("/wp-admin/2", "PROPFIND")
    seen = await figures(desk.metrics)

    def count(method: str, route: str, status: str) -> float:
        name = "request_latency_seconds_count"
        return seen[named(name, method=method, route=route, status=status)]

    assert count("GET", "/health", "200") == 1
    assert count("GET", "/ready", "200") == 1
    assert count("GET", "other", "404") == 1
    assert count("other", "other", "404") == 1
    assert not any("wp-admin" in sample for sample in seen)


async def test_orders_are_counted_and_timed_from_the_journal(nursery: Nursery) -> None:
    journal, metrics = MemoryJournal(), Metrics()
    await journal.append([OrderSubmitted(at=AT, order=ORDER)])
    orders = OrderMetrics(metrics, journal)
    nursery.start("order metrics", orders.run)
    await reached(metrics, named("journal_lag", reader="metrics"), 0)

    second = replace(ORDER, key=OrderKey(2))
    working = replace(second, status=OrderStatus.WORKING)
    filled = replace(second, status=OrderStatus.FILLED, remaining=Decimal(0))
    rejected = replace(ORDER, key=OrderKey(3), status=OrderStatus.REJECTED)
    await journal.append(
        [
            OrderSubmitted(at=AT, order=second),
            OrderAccepted(at=AT + timedelta(milliseconds=20), order=working),
            OrderClosed(at=AT + timedelta(seconds=3), order=filled),
            OrderRejected(at=AT, order=rejected),
        ]
    )
    await reached(metrics, step("rejected"), 1)
    seen = await figures(metrics)
    assert [seen[step(status)] for status in ("submitted", "accepted", "filled")] == [1, 1, 1]
    latency = "order_latency_seconds_sum"
    assert seen[named(latency, stage="accepted")] == pytest.approx(0.02)
    assert seen[named(latency, stage="filled")] == pytest.approx(3)


async def test_a_reader_that_begins_again_counts_nothing_twice(nursery: Nursery) -> None:
    journal, metrics = MemoryJournal(), Metrics()
    orders = OrderMetrics(metrics, journal)
    name = step("submitted")
    nursery.start("first", orders.run)
    await reached(metrics, named("journal_lag", reader="metrics"), 0)
    await journal.append([OrderSubmitted(at=AT, order=ORDER)])
    await reached(metrics, name, 1)
    await nursery.end("first")
    await journal.append([OrderSubmitted(at=AT, order=replace(ORDER, key=OrderKey(2)))])
    assert (await figures(metrics))[named("journal_lag", reader="metrics")] == 1
    nursery.start("second", orders.run)
    await reached(metrics, name, 2)


async def test_lag_is_told_for_every_reader_and_is_unknown_without_a_database() -> None:
    journal, metrics = MemoryJournal(), Metrics()
    OrderMetrics(metrics, journal, readers=["alerts"])
    await journal.append([OrderSubmitted(at=AT, order=ORDER)] * 3)
    await journal.advance("alerts", 1)
    name = named("journal_lag", reader="alerts")
    assert (await figures(metrics))[name] == 2
    journal.available = False
    assert isnan((await figures(metrics))[name])


async def test_links_market_and_chat_are_told() -> None:
    metrics = Metrics()
    up = [True, False]
    metrics.watch_link("private", lambda: up[0])
    metrics.watch_link("public", lambda: up[1])
    metrics.watch_market(lambda: 3, lambda: 1)
    metrics.telegram_message("sent")
    metrics.stranger()
    metrics.task_failed("telegram alerts")
    seen = await figures(metrics)
    assert seen[named("exchange_link_up", link="private")] == 1
    assert seen[named("exchange_link_up", link="public")] == 0
    assert seen[named("marketdata_ws_percent")] == 75
    assert seen[named("marketdata_rest_percent")] == 25
    assert seen[named("telegram_messages_total", outcome="sent")] == 1
    assert seen[named("telegram_strangers_total")] == 1
    assert seen[named("background_task_failures_total", task="telegram alerts")] == 1
    up[0] = False
    assert (await figures(metrics))[named("exchange_link_up", link="private")] == 0


async def test_symbols_cannot_fill_the_memory() -> None:
    metrics = Metrics()
    for number in range(MOST_SYMBOLS + 50):
        metrics.order(f"tX{number}", "market", "filled")
    seen = [name for name in await figures(metrics) if name.startswith("orders_total")]
    assert len(seen) == MOST_SYMBOLS + 1
    assert named("orders_total", symbol="other", type="market", status="filled") in seen


async def test_prometheus_has_nothing_to_complain_about(desk: Desk) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed (Debian package prometheus)")
    await desk.open()
    await desk.ask("/health")
    desk.metrics.order("tBTCUSD", "market", "filled")
    text = (await desk.ask("/metrics")).body
    check = await asyncio.create_subprocess_exec(
        promtool, "check", "metrics", stdin=asyncio.subprocess.PIPE, stdout=-1, stderr=-2
    )
    said, _ = await check.communicate(text.encode())
    assert check.returncode == 0, said.decode()
