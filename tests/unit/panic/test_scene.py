"""What a panic sees of the account while the exchange is slow to tell."""

from datetime import UTC, datetime
from decimal import Decimal

from engine.clock import ManualClock
from engine.floor import Floor
from engine.market.facade import MarketDataFacade
from engine.memory_journal import MemoryJournal
from engine.model.account import Wallet
from engine.model.ids import CommandId
from engine.model.lot import Lot
from engine.model.panic import Panic
from engine.model.position import Position
from engine.operations.panic_scene import PanicScene
from engine.panic.plan import End, plan
from tests.integration.desk.scripted import BTC, QuietMarket

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PANIC = Panic(wishes=(CommandId("x"),), at=NOW, actor_id="tg:1", name="Olivia", spot=False)


def test_it_is_not_over_while_a_trade_s_position_is_still_to_be_told() -> None:
    clock = ManualClock(NOW)
    floor = Floor(MemoryJournal(), clock)
    scene = PanicScene(floor, MarketDataFacade(QuietMarket(), clock))
    lot = Lot(wallet=Wallet.MARGIN, symbol=BTC, amount=Decimal(1), cost=Decimal(30_000))
    floor.book.ledger.put(lot)
    assert scene.situation(PANIC).unseen
    clock.advance(1)
    assert scene.situation(PANIC).unseen
    position = Position(symbol=BTC, amount=Decimal(1), base_price=Decimal(30_000))
    floor.book.put_position(position)
    assert not scene.situation(PANIC).unseen


def test_what_is_never_told_does_not_keep_it_for_ever() -> None:
    clock = ManualClock(NOW)
    floor = Floor(MemoryJournal(), clock)
    scene = PanicScene(floor, MarketDataFacade(QuietMarket(), clock))
    lot = Lot(wallet=Wallet.MARGIN, symbol=BTC, amount=Decimal(1), cost=Decimal(30_000))
    floor.book.ledger.put(lot)
    assert not any(isinstance(step, End) for step in plan(scene.situation(PANIC)))
    clock.advance(4)
    assert not scene.situation(PANIC).unseen
