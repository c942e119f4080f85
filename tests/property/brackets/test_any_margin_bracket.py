"""As `test_any_bracket`, with a position that somebody else closes: never an exit withdrawn that
guards something, none left standing for more than there is, once the world is quiet."""

from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.brackets.plan import POSITION_GONE
from engine.model.bracket import BracketStatus
from tests.property.brackets.world import MIN_SIZE, World
from tests.unit.brackets.made import ENTRY_KEY, ON_MARGIN, STOP, TAKE, a_bracket

PICK = st.integers(0, 1000)
AMOUNT = st.integers(1, 4).map(Decimal)
NO_FEE = Decimal(0)


class AnyMarginBracket(RuleBasedStateMachine):
    """One bracket and whoever else closes what it holds; nobody touches its orders."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(a_bracket(BracketStatus.WAITING, terms=ON_MARGIN))

    @initialize(exits=st.sampled_from([(STOP, TAKE), (STOP, None), (None, TAKE)]))
    def begin(self, exits: tuple[Decimal | None, Decimal | None]) -> None:
        stop_loss, take_profit = exits
        self.world = World(
            a_bracket(
                BracketStatus.WAITING,
                terms=ON_MARGIN,
                stop_loss=stop_loss,
                take_profit=take_profit,
            )
        )

    @precondition(lambda self: self.entry_works())
    @rule(amount=AMOUNT)
    def fill(self, amount: Decimal) -> None:
        self.world.fill_entry(amount, NO_FEE)

    @precondition(lambda self: self.entry_works())
    @rule()
    def cancel_entry(self) -> None:
        self.world.end(ENTRY_KEY, "CANCELED")

    @precondition(lambda self: self.world.position)
    @rule(amount=AMOUNT)
    def close_by_hand(self, amount: Decimal) -> None:
        self.world.close_by_hand(amount)

    @precondition(lambda self: self.world.alive())
    @rule(pick=PICK, amount=AMOUNT)
    def exit_trades(self, pick: int, amount: Decimal) -> None:
        alive = self.world.alive()
        self.world.trade_exit(alive[pick % len(alive)].key, amount)

    @precondition(lambda self: self.world.wire)
    @rule(pick=PICK)
    def deliver(self, pick: int) -> None:
        keys = sorted(self.world.wire)
        self.world.deliver(keys[pick % len(keys)])

    @precondition(lambda self: self.world.fees)
    @rule()
    def deliver_fee(self) -> None:
        self.world.deliver_fee()

    @precondition(lambda self: self.world.moves)
    @rule()
    def deliver_move(self) -> None:
        self.world.deliver_move()

    @rule()
    def step(self) -> None:
        self.world.step(World.take_in)
        for key in [key for key in self.world.wire if key != ENTRY_KEY]:
            while key in self.world.wire:
                self.world.deliver(key)

    @rule()
    def restart(self) -> None:
        self.world.restart()

    def teardown(self) -> None:
        self.becalm()

    @rule()
    def becalm(self) -> None:
        world = self.world
        for _ in range(60):
            world.deliver_all()
            if not world.step(World.take_in) and world.quiet:
                break
        else:
            raise AssertionError(f"never at rest: {world.bracket}")
        alive = world.alive()
        if not world.bracket.status.is_open:
            assert not alive
            assert world.held < MIN_SIZE
            assert (world.bracket.reason == POSITION_GONE) <= bool(world.taken)
        elif world.held >= MIN_SIZE:
            assert {leg.remaining for leg in alive} == {world.held}
            assert world.bracket.guarded == world.held
        else:
            assert all(leg.remaining <= world.held for leg in alive)

    @invariant()
    def nothing_is_taken_back_while_the_position_stands(self) -> None:
        """Until somebody else closes some of it, only the entry's own fills count."""
        assert self.world.taken or not self.world.bracket.bounded

    @invariant()
    def never_two_exits_for_one_amount(self) -> None:
        alive = self.world.alive()
        pairs = {frozenset({leg.key, leg.partner} - {None}) for leg in alive}
        assert len(pairs) <= 1, alive

    def entry_works(self) -> bool:
        return self.world.truth[ENTRY_KEY].status.is_open


AnyMarginBracket.TestCase.settings = settings(
    max_examples=200, stateful_step_count=40, deadline=None
)
TestAnyMarginBracket = AnyMarginBracket.TestCase


def test_it_is_not_over_while_a_fill_s_position_is_still_to_be_told() -> None:
    """Found by the machine: the entry fills once more after all there was has gone."""
    seen = AnyMarginBracket()
    seen.begin(exits=(STOP, TAKE))
    seen.fill(Decimal(2))
    seen.close_by_hand(Decimal(2))
    seen.fill(Decimal(4))
    seen.becalm()
    seen.exit_trades(pick=0, amount=Decimal(4))
    seen.becalm()
    seen.fill(Decimal(4))
    seen.deliver(0)
    seen.step()
    seen.becalm()
    assert seen.world.held == Decimal(4) == seen.world.bracket.guarded
