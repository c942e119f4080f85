"""The figures of the way to the exchange: buckets, breakers, sockets."""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

Count = Callable[[], int]


class TransportMetrics:
    """Asks whoever knows, whenever somebody reads."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        kind = ["endpoint_type"]
        self._tokens = self._gauge("limiter_bucket_tokens", "Calls that could leave at once", kind)
        self._used = self._gauge(
            "limiter_bucket_utilization_percent", "How much of a bucket is used up", kind
        )
        self._breaker = self._gauge(
            "transport_circuit_breaker_active", "1 while calls are held back", kind
        )
        self._reconnects = _Counts(registry, "reconnects", "Sockets opened again", "link")
        self._strange = _Counts(registry, "strange_frames", "Frames not understood", "link")
        self._mismatches = _Counts(registry, "book_mismatches", "Books that did not add up", None)

    def watch_endpoint(
        self,
        kind: str,
        *,
        tokens: Callable[[], float],
        utilization: Callable[[], float],
        is_open: Callable[[], bool],
    ) -> None:
        """A kind of endpoint such as `PUBLIC_MARKET`."""
        self._tokens.labels(kind).set_function(tokens)
        self._used.labels(kind).set_function(utilization)
        self._breaker.labels(kind).set_function(lambda: float(is_open()))

    def watch_link(self, link: str, *, reconnects: Count, strange: Count) -> None:
        """The link `private` or `public`."""
        self._reconnects.ask(link, reconnects)
        self._strange.ask(link, strange)

    def watch_books(self, mismatches: Count) -> None:
        """How often a book did not add up."""
        self._mismatches.ask("", mismatches)

    def _gauge(self, name: str, what: str, labels: list[str]) -> Gauge:
        return Gauge(f"tradingbot_{name}", what, labels, registry=self._registry)


class _Counts(Collector):
    """A counter that others keep."""

    def __init__(
        self, registry: CollectorRegistry, name: str, what: str, label: str | None
    ) -> None:
        self._name = f"tradingbot_exchange_{name}"
        self._what = what
        self._labels = [label] if label is not None else []
        self._asked: dict[str, Count] = {}
        registry.register(self)

    def ask(self, value: str, count: Count) -> None:
        self._asked[value] = count

    def describe(self) -> Iterable[CounterMetricFamily]:
        return [CounterMetricFamily(self._name, self._what, labels=self._labels)]

    def collect(self) -> Iterable[CounterMetricFamily]:
        family = CounterMetricFamily(self._name, self._what, labels=self._labels)
        for value, count in self._asked.items():
            family.add_metric([value] if self._labels else [], count())
        return [family]
