"""The figures of the risk desk, as Prometheus reads them."""

from decimal import Decimal
from math import isnan

from bot.nursery import Nursery
from bot.web.metrics import Metrics
from bot.web.order_metrics import OrderMetrics
from bot.web.risk_metrics import MOST_REASONS, RiskFigures, RiskMetrics
from engine.memory_journal import MemoryJournal
from engine.model.event import CommandRefused
from engine.model.ids import CommandId
from engine.model.risk import Guard
from tests.integration.web.test_metrics import AT, figures, named, nursery, reached

__all__ = ["nursery"]


def refused(number: int, *codes: str) -> CommandRefused:
    return CommandRefused(
        at=AT,
        actor_id="tg:1",
        command="PlaceOrder",
        command_id=CommandId(f"tg:{number}"),
        reasons=codes,
        codes=codes,
    )


async def test_how_the_risk_desk_stands_is_asked_at_each_reading() -> None:
    metrics = Metrics()
    risk = RiskMetrics(metrics)
    seen = await figures(metrics)
    assert seen["trading_circuit_breaker_active"] == 0
    assert isnan(seen["equity"])
    stands = RiskFigures(
        breaker=True, tripped=frozenset({Guard.DAILY_LOSS}), locks=2, equity=Decimal("12.5")
    )
    risk.watch(lambda: stands)
    seen = await figures(metrics)
    assert seen["trading_circuit_breaker_active"] == 1
    assert seen["circuit_breaker_active"] == 1
    assert seen[named("guard_tripped", guard="daily_loss")] == 1
    assert seen[named("guard_tripped", guard="consecutive_losses")] == 0
    assert (seen["symbol_locks"], seen["equity"]) == (2, 12.5)
    risk.watch(lambda: RiskFigures(transport=True))
    seen = await figures(metrics)
    assert (seen["trading_circuit_breaker_active"], seen["circuit_breaker_active"]) == (0, 1)


async def test_refusals_are_counted_by_reason_and_never_without_bound(nursery: Nursery) -> None:
    journal, metrics = MemoryJournal(), Metrics()
    risk = RiskMetrics(metrics)
    orders = OrderMetrics(metrics, journal, also=[risk.count])
    nursery.start("order metrics", orders.run)
    await reached(metrics, named("journal_lag", reader="metrics"), 0)
    await journal.append([refused(1, "max_trades", "symbol_locked"), refused(2, "max_trades")])
    total = "trade_constraints_blocked_total"
    await reached(metrics, named(total, reason="max_trades"), 2)
    await journal.append([refused(n, f"strange_{n}") for n in range(3, 3 + 2 * MOST_REASONS)])
    await reached(metrics, named(total, reason="other"), MOST_REASONS + 2)
    counted = [name for name in await figures(metrics) if name.startswith(total)]
    assert len(counted) == MOST_REASONS + 1
