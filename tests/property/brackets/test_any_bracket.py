"""Whatever happens to a bracket, and however late it is heard: never two exits for one amount,
never more at work than is held, and all of it guarded once the world is quiet."""

from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.brackets.plan import BY_HAND, EXIT_LOST
from engine.model.bracket import BracketStatus, Fallback
from engine.model.ids import OrderKey
from engine.model.order import Order, OrderStatus, OrderType
from tests.property.brackets.world import MIN_SIZE, World
from tests.unit.brackets.made import ENTRY_KEY, STOP, TAKE, a_bracket

PICK = st.integers(0, 1000)
AMOUNT = st.integers(1, 4).map(Decimal)
FEE = st.sampled_from([Decimal(0), Decimal("0.001"), Decimal("0.002")])


class AnyBracket(RuleBasedStateMachine):
    """A market, an operator and a wire, against a plan."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(a_bracket(BracketStatus.WAITING))
        self.touched = False

    @initialize(
        exits=st.sampled_from([(STOP, TAKE), (STOP, None), (None, TAKE)]),
        fallback=st.sampled_from(Fallback),
    )
    def begin(self, exits: tuple[Decimal | None, Decimal | None], fallback: Fallback) -> None:
        stop_loss, take_profit = exits
        self.world = World(
            a_bracket(
                BracketStatus.WAITING,
                stop_loss=stop_loss,
                take_profit=take_profit,
                fallback=fallback,
            )
        )

    @precondition(lambda self: self.entry_works())
    @rule(amount=AMOUNT, fee=FEE)
    def fill(self, amount: Decimal, fee: Decimal) -> None:
        self.world.fill_entry(amount, fee)

    @precondition(lambda self: self.entry_works())
    @rule()
    def cancel_entry(self) -> None:
        self.world.end(ENTRY_KEY, "CANCELED")

    @precondition(lambda self: self.world.alive())
    @rule(pick=PICK, amount=AMOUNT)
    def exit_trades(self, pick: int, amount: Decimal) -> None:
        leg = self.chosen(pick)
        self.world.trade_exit(leg.key, amount)

    @precondition(lambda self: self.world.alive())
    @rule(pick=PICK, both=st.booleans())
    def by_hand(self, pick: int, both: bool) -> None:
        """The operator has had enough of an exit, or of both of them."""
        leg = self.chosen(pick)
        self.touched = True
        for order in self.world.alive() if both else [leg]:
            self.world.end(order.key, "CANCELED")

    @precondition(lambda self: self.world.alive())
    @rule(pick=PICK)
    def exchange_ends(self, pick: int) -> None:
        """The exchange itself ends a leg, and the other with it."""
        for order in self.world.alive():
            self.world.end(order.key, "INSUFFICIENT BALANCE (G1)")

    @precondition(lambda self: self.world.wire)
    @rule(pick=PICK)
    def deliver(self, pick: int) -> None:
        keys = sorted(self.world.wire)
        self.world.deliver(keys[pick % len(keys)])

    @precondition(lambda self: self.world.fees)
    @rule()
    def deliver_fee(self) -> None:
        self.world.deliver_fee()

    @rule()
    def step(self) -> None:
        """A look while the exchange takes what it is given."""
        self.world.step(World.take_in)
        self.amendments_are_waited_for()

    @rule()
    def step_refused(self) -> None:
        self.world.step(World.refuse)
        self.amendments_are_waited_for()

    @rule()
    def step_lost(self) -> None:
        """An exit goes astray for good, and two looks do not find it."""
        self.world.step(World.never_arrive)
        self.amendments_are_waited_for()

    @precondition(lambda self: self.lost())
    @rule(pick=PICK)
    def arrive_late(self, pick: int) -> None:
        """What was given up for lost comes to work after all, as one may."""
        self.world.arrive_late(self.lost()[pick % len(self.lost())])

    @precondition(lambda self: self.lost() and self.world.quiet)
    @rule()
    def forgive(self) -> None:
        self.world.forgive()

    @rule()
    def restart(self) -> None:
        self.world.restart()

    def teardown(self) -> None:
        self.becalm()

    @rule()
    def becalm(self) -> None:
        """Nothing happens any more, and the exchange is willing: is everything as it should be?"""
        world = self.world
        for _ in range(60):
            world.deliver_all()
            if not world.step(World.take_in) and world.quiet:
                break
        else:
            raise AssertionError(f"never at rest: {world.bracket}")
        bracket = world.bracket
        if bracket.reason == EXIT_LOST:
            assert bracket.status is BracketStatus.EXPOSED
            return
        if not bracket.status.is_open:
            self.ends_well()
            return
        if world.held >= MIN_SIZE:
            assert bracket.status is BracketStatus.GUARDED, bracket
            assert bracket.guarded == world.held
            assert {leg.remaining for leg in world.alive()} == {world.held}
            self.has_its_stop()
        else:
            assert all(leg.remaining <= world.held for leg in world.alive())

    def ends_well(self) -> None:
        """Over: nothing is left, or so little that no order could be, or hands were in it."""
        world = self.world
        if BY_HAND in world.bracket.reason:
            assert self.touched
            assert world.bracket.held > 0
            return
        assert not self.entry_works()
        assert not world.alive()
        assert world.held < MIN_SIZE

    @invariant()
    def never_more_than_is_held(self) -> None:
        world = self.world
        most = max((leg.remaining for leg in world.alive()), default=Decimal(0))
        assert most <= world.held, (most, world.held)
        assert world.held >= 0

    @invariant()
    def never_two_exits_for_one_amount(self) -> None:
        alive = self.world.alive()
        pairs = {frozenset({leg.key, leg.partner} - {None}) for leg in alive}
        assert len(pairs) <= 1, alive

    def amendments_are_waited_for(self) -> None:
        """The guardian takes no other step until an amendment is answered."""
        changed = [
            key
            for key, words in self.world.wire.items()
            if key != ENTRY_KEY
            and any(word.terms.amount != self.world.known[key].terms.amount for word in words)
        ]
        for key in changed:
            while key in self.world.wire:
                self.world.deliver(key)

    def lost(self) -> list[OrderKey]:
        return [key for key, order in self.world.truth.items() if order.status is OrderStatus.LOST]

    def entry_works(self) -> bool:
        return self.world.truth[ENTRY_KEY].status.is_open

    def chosen(self, pick: int) -> Order:
        alive = self.world.alive()
        return alive[pick % len(alive)]

    def has_its_stop(self) -> None:
        """A take profit alone is no guard where a stop was wished for."""
        kinds = {leg.terms.type for leg in self.world.alive()}
        if self.world.bracket.terms.stop_loss is not None:
            assert kinds & {OrderType.STOP, OrderType.MARKET}


AnyBracket.TestCase.settings = settings(max_examples=400, stateful_step_count=40, deadline=None)
TestAnyBracket = AnyBracket.TestCase
