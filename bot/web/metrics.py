"""The figures Prometheus reads; every label is bounded."""

from collections.abc import Awaitable, Callable

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest

OTHER = "other"
MOST_SYMBOLS = 50
MOST_OUTCOMES = 20

_REQUEST_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_ORDER_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600)


class Bounded:
    """The first `most` values as they are, all others as one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._seen: set[str] = set()

    def label(self, value: str) -> str:
        """What to write for a value."""
        if value not in self._seen and len(self._seen) >= self._most:
            return OTHER
        self._seen.add(value)
        return value


class Metrics:
    """All figures of one service, in a registry of its own."""

    def __init__(self) -> None:
        prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call] # theirs
        self.registry = CollectorRegistry()
        self._symbols = Bounded(MOST_SYMBOLS)
        self._outcomes = Bounded(MOST_OUTCOMES)
        self._refreshers: dict[str, Callable[[], Awaitable[None]]] = {}
        self._orders = self._counter("orders", "Steps in orders' lives", "symbol", "type", "status")
        self._order_latency = Histogram(
            "tradingbot_order_latency_seconds",
            "From an order's commitment in the journal to a stage of its life",
            ["stage"],
            buckets=_ORDER_BUCKETS,
            registry=self.registry,
        )
        self._requests = Histogram(
            "tradingbot_request_latency_seconds",
            "How long HTTP requests took",
            ["method", "route", "status"],
            buckets=_REQUEST_BUCKETS,
            registry=self.registry,
        )
        self._lag = self._gauge("journal_lag", "Journal entries a reader has not seen", "reader")
        self._links = self._gauge("exchange_link_up", "1 while a link is up", "link")
        self._dry = self._gauge("dry_run", "1 in a dry run: orders are filled on paper")
        self._leader = self._gauge("leader", "1 while this service leads, 0 while it stands by")
        self._alerts = self._gauge(
            "alert_group_lost", "1 while the alert group cannot be reached and admins hear instead"
        )
        self._live = self._gauge("marketdata_ws_percent", "Answers from the live stream")
        self._asked = self._gauge("marketdata_rest_percent", "Answers asked for by REST")
        self._messages = self._counter("telegram_messages", "Calls to Telegram", "outcome")
        self._strangers = self._counter("telegram_strangers", "Updates of people not admitted")
        self._failures = self._counter(
            "background_task_failures", "Background tasks that failed", "task"
        )

    def order(self, symbol: str, kind: str, status: str) -> None:
        """An order came to `status`."""
        self._orders.labels(self._symbols.label(symbol), kind, status).inc()

    def order_latency(self, stage: str, seconds: float) -> None:
        """An order came to `stage` this long after it was committed."""
        self._order_latency.labels(stage).observe(max(0.0, seconds))

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def journal_lag(self, reader: str, entries: float) -> None:
        """How many entries a reader is behind; NaN when that is not known."""
        self._lag.labels(reader).set(entries)

    def telegram_message(self, outcome: str) -> None:
        """A message to Telegram came to `outcome`, such as `sent`."""
        self._messages.labels(self._outcomes.label(outcome)).inc()

    def stranger(self) -> None:
        """Somebody who is not admitted said something."""
        self._strangers.inc()

    def task_failed(self, task: str) -> None:
        """A background task failed; for `Nursery(on_failure=...)`."""
        self._failures.labels(task).inc()

    def watch_link(self, link: str, is_up: Callable[[], bool]) -> None:
        """Ask this whenever somebody wants to know about the link `private` or `public`."""
        self._links.labels(link).set_function(lambda: float(is_up()))

    def dry_run(self, dry: bool) -> None:
        """Whether orders are filled on paper."""
        self._dry.set(float(dry))

    def watch_leader(self, leads: Callable[[], bool]) -> None:
        """Ask this whenever somebody wants to know whether this service leads."""
        self._leader.set_function(lambda: float(leads()))

    def watch_alert_group(self, is_lost: Callable[[], bool]) -> None:
        """Ask this whenever somebody wants to know whether alerts go elsewhere."""
        self._alerts.set_function(lambda: float(is_lost()))

    def watch_market(self, live: Callable[[], int], asked: Callable[[], int]) -> None:
        """Where answers about the market came from, as two counts."""
        self._live.set_function(lambda: _percent(live(), asked()))
        self._asked.set_function(lambda: _percent(asked(), live()))

    def before_reading(self, what: str, refresh: Callable[[], Awaitable[None]]) -> None:
        """Await this before each reading; the newest for each `what`."""
        self._refreshers[what] = refresh

    async def text(self) -> bytes:
        """All figures in Prometheus's text format, version 0.0.4."""
        for refresh in list(self._refreshers.values()):
            await refresh()
        return generate_latest(self.registry)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"tradingbot_{name}", what, labels, registry=self.registry)

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(f"tradingbot_{name}", what, labels, registry=self.registry)


def _percent(part: int, rest: int) -> float:
    return 100.0 * part / (part + rest) if part + rest else 0.0
