"""The way to the exchange in figures."""

from bot.web.metrics import Metrics
from bot.web.transport_metrics import TransportMetrics


async def test_buckets_breakers_and_sockets_are_told_as_they_stand() -> None:
    metrics, open_ = Metrics(), [False]
    transport = TransportMetrics(metrics.registry)
    transport.watch_endpoint(
        "PRIVATE_TRADING",
        tokens=lambda: 12.5,
        utilization=lambda: 58.0,
        is_open=lambda: open_[0],
    )
    transport.watch_link("private", reconnects=lambda: 3, strange=lambda: 1)
    transport.watch_books(lambda: 2)
    seen = (await metrics.text()).decode()
    kind = 'endpoint_type="PRIVATE_TRADING"'
    assert f"tradingbot_limiter_bucket_tokens{{{kind}}} 12.5" in seen
    assert f"tradingbot_limiter_bucket_utilization_percent{{{kind}}} 58.0" in seen
    assert f"tradingbot_transport_circuit_breaker_active{{{kind}}} 0.0" in seen
    assert 'tradingbot_exchange_reconnects_total{link="private"} 3.0' in seen
    assert 'tradingbot_exchange_strange_frames_total{link="private"} 1.0' in seen
    assert "tradingbot_exchange_book_mismatches_total 2.0" in seen
    open_[0] = True
    assert (
        f"tradingbot_transport_circuit_breaker_active{{{kind}}} 1.0"
        in (await metrics.text()).decode()
    )
