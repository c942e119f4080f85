"""Whatever happens in a panic, and however late it is heard: never an order that could open
anything, never two at work for one position, and flat once the exchange is willing."""

from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.model.ids import OrderKey
from engine.model.order import OrderStatus
from engine.model.symbol import Symbol
from tests.property.panic.world import BTC, ETH, World

PICK = st.integers(0, 1000)
AMOUNT = st.integers(-4, 4).map(Decimal)
ANSWERS = st.sampled_from([World.take, World.take_a_part, World.refuse])
SYMBOLS = st.sampled_from([BTC, ETH])


class AnyPanic(RuleBasedStateMachine):
    """A market, operators and a wire, against a plan."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World({BTC: Decimal(0), ETH: Decimal(0)})

    @initialize(btc=AMOUNT, eth=AMOUNT, orders=st.integers(0, 2))
    def begin(self, btc: Decimal, eth: Decimal, orders: int) -> None:
        self.world = World({BTC: btc, ETH: eth})
        for _ in range(orders):
            self.world.made_elsewhere()
        self.world.deliver_all()
        self.world.press()

    @rule()
    def press(self) -> None:
        self.world.press()

    @rule()
    def look(self) -> None:
        self.world.look()

    @precondition(lambda self: self.world.flying)
    @rule(pick=PICK, answer=ANSWERS)
    def arrive(self, pick: int, answer: object) -> None:
        keys = sorted(self.world.flying)
        assert callable(answer)
        self.world.arrive(keys[pick % len(keys)], answer)

    @precondition(lambda self: self.world.flying)
    @rule(pick=PICK)
    def lose(self, pick: int) -> None:
        keys = sorted(self.world.flying)
        self.world.lose(keys[pick % len(keys)])

    @precondition(lambda self: self.partly())
    @rule(pick=PICK, amount=st.integers(1, 3).map(Decimal))
    def trade_on(self, pick: int, amount: Decimal) -> None:
        partly = self.partly()
        self.world.trade(partly[pick % len(partly)], amount)

    @precondition(lambda self: self.world.wire)
    @rule()
    def deliver(self) -> None:
        self.world.deliver()

    @rule(symbol=SYMBOLS, amount=AMOUNT)
    def trade_elsewhere(self, symbol: Symbol, amount: Decimal) -> None:
        """Somebody else's trade, or one that was on its way: told before we look again."""
        self.world.trade_elsewhere(symbol, amount)
        self.world.deliver_all()

    @rule()
    def made_elsewhere(self) -> None:
        self.world.made_elsewhere()

    @rule(seconds=st.sampled_from([0.2, 1.0, 5.0, 70.0]))
    def wait(self, seconds: float) -> None:
        self.world.wait(seconds)

    @rule(is_open=st.booleans())
    def link(self, is_open: bool) -> None:
        if is_open:
            self.world.deliver_all()
            self.world.open_gate()
        else:
            self.world.floor.shut("cut")

    @rule()
    def restart(self) -> None:
        self.world.restart()

    def teardown(self) -> None:
        self.becalm()

    @rule()
    def becalm(self) -> None:
        """Nothing happens any more, and the exchange is willing: is everything gone?"""
        world = self.world
        world.deliver_all()
        world.open_gate()
        if world.floor.book.panic.running is None:
            world.press()
        for _ in range(200):
            for key in list(world.flying):
                world.arrive(key, World.take)
            world.deliver_all()
            if world.floor.book.panic.running is None:
                break
            world.look()
            world.clock.advance(1)
        else:
            raise AssertionError("it never ends")
        for symbol, held in world.held.items():
            assert not held or symbol in world.left_over, (symbol, held)
        assert not [o for o in world.truth.values() if o.status.is_open], "orders are open"

    @invariant()
    def one_order_a_position(self) -> None:
        symbols = [order.terms.symbol for order in self.world.working()]
        assert len(symbols) == len(set(symbols))

    def partly(self) -> list[OrderKey]:
        return [o.key for o in self.world.working() if o.status is OrderStatus.PARTLY_FILLED]


TestAnyPanic = AnyPanic.TestCase
TestAnyPanic.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
