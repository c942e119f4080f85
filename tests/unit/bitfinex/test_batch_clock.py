"""The clock is read once for a batch, and anew for the next however late it comes."""

from datetime import UTC, datetime

from engine.bitfinex.batch_clock import BatchClock
from engine.bitfinex.outbox import Outbox
from engine.clock import ManualClock
from engine.model.report import BookChange, MarketReport
from tests.unit.bitfinex.doubles import BTC

NOW = datetime(2026, 1, 1, tzinfo=UTC)


async def test_one_reading_for_a_batch() -> None:
    outbox: Outbox[MarketReport] = Outbox()
    clock = ManualClock(NOW)
    batches = BatchClock(clock, outbox)
    clock.advance(30)
    first = batches.now()
    outbox.put(BookChange(BTC, 1, 1, 1))
    clock.advance(1)
    assert batches.now() == first == clock.now().replace(second=30)
    await outbox.take()
    clock.advance(30)
    outbox.put(BookChange(BTC, 1, 1, 1))
    assert batches.now() == clock.now() > first


def test_what_is_forgotten_was_a_batch_too() -> None:
    outbox: Outbox[MarketReport] = Outbox()
    clock = ManualClock(NOW)
    batches = BatchClock(clock, outbox)
    assert batches.now() == NOW
    clock.advance(5)
    outbox.clear()
    assert batches.now() == clock.now()
