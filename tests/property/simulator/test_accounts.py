"""Whatever is traded in whatever order: money stays whole, orders end once, a state is kept."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.simulator.config import SimulatorConfig
from engine.simulator.state import Encoder, dumps, loads
from engine.simulator.trading.account import EXCHANGE, MARGIN, Account
from engine.simulator.trading.claims import claim
from engine.simulator.trading.funds import available
from engine.simulator.trading.order import TYPES, Flag, Order
from engine.simulator.trading.request import Change, NewOrder
from engine.simulator.wire.json import encode
from engine.simulator.wire.numbers import cut_price, eight_down, to_eight
from engine.simulator.wire.refusal import Refusal
from engine.simulator.world import World

SYMBOL = "tBTCUSD"
OPEN = ("ACTIVE", "PARTIALLY FILLED")
START = {
    "USD": Decimal(100_000),
    "BTC": Decimal(2),
    "margin:USD": Decimal(20_000),
}
PRICE = st.decimals(28_000, 32_000, places=1)
AMOUNT = st.decimals("0.0001", 3, places=8).map(abs)


@dataclass(frozen=True)
class Submit:
    new: NewOrder

    def act(self, world: World, account: Account) -> None:
        world.venue.submit(account, self.new)


@dataclass(frozen=True)
class Cancel:
    which: int

    def act(self, world: World, account: Account) -> None:
        orders = list(account.orders.values())
        if orders:
            world.venue.cancel(account, orders[self.which % len(orders)])


@dataclass(frozen=True)
class CancelAll:
    def act(self, world: World, account: Account) -> None:
        world.venue.cancel_many(account, list(account.orders.values()))


@dataclass(frozen=True)
class Update:
    which: int
    change: Change

    def act(self, world: World, account: Account) -> None:
        order = self.order(account)
        if order is not None:
            world.venue.update(account, order, self.change)

    def order(self, account: Account) -> Order | None:
        """The one it changes."""
        orders = list(account.orders.values())
        return orders[self.which % len(orders)] if orders else None


@dataclass(frozen=True)
class Move:
    price: Decimal
    volume: Decimal | None

    def act(self, world: World, account: Account) -> None:
        world.set_price(SYMBOL, float(self.price), self.volume)


@dataclass(frozen=True)
class PartialFill:
    fraction: Decimal

    def act(self, world: World, account: Account) -> None:
        world.venue.partial_fills.append(self.fraction)


Action = Submit | Cancel | CancelAll | Update | Move | PartialFill
FLAGS = st.sampled_from([0, 0, 0, Flag.HIDDEN, Flag.POST_ONLY, Flag.REDUCE_ONLY, Flag.CLOSE])


@st.composite
def new_orders(draw: st.DrawFn, kinds: list[str]) -> Submit:
    kind = draw(st.sampled_from(kinds))
    amount = draw(AMOUNT) * draw(st.sampled_from([1, -1]))
    oco = kind.endswith("LIMIT") and "STOP" not in kind and draw(st.booleans())
    flags = int(Flag.OCO if oco else draw(FLAGS))
    return Submit(
        NewOrder(
            symbol=SYMBOL,
            kind=kind,
            amount=amount,
            price=cut_price(draw(PRICE)),
            price_aux_limit=cut_price(draw(PRICE)),
            price_trailing=Decimal(draw(st.integers(1, 900))),
            price_oco_stop=cut_price(draw(PRICE)),
            flags=flags,
        )
    )


def actions(kinds: list[str]) -> st.SearchStrategy[list[Action]]:
    index = st.integers(0, 20)
    change = st.builds(
        Change,
        price=st.none() | PRICE.map(cut_price),
        delta=st.none() | st.decimals("-1", 1, places=4),
        price_trailing=st.none() | st.integers(1, 900).map(Decimal),
        flags=st.none() | st.sampled_from([0, 64, 1024, 4096]),
        lev=st.none() | st.integers(1, 100),
    )
    moves = st.builds(Move, PRICE, st.none() | AMOUNT)
    partial = st.builds(PartialFill, st.sampled_from([Decimal(0), Decimal("0.5")]))
    return st.lists(
        st.one_of(
            new_orders(kinds),
            new_orders(kinds),
            moves,
            st.builds(Cancel, index),
            st.just(CancelAll()),
            st.builds(Update, index, change),
            partial,
        ),
        max_size=25,
    )


def a_world() -> World:
    world = World(
        SimulatorConfig(
            clock_start=1_790_000_000_000,
            symbols=(SYMBOL,),
            walk_history_minutes=1,
            balances=START,
            feed_paused=True,
        )
    )
    world.set_price(SYMBOL, 30_000.0, None)
    return world


@dataclass(frozen=True)
class Played:
    """What became of a script; `grown` is by how much each changed order was made larger."""

    world: World
    account: Account
    grown: Mapping[int, Decimal]


def played(script: list[Action]) -> Played:
    world = a_world()
    account = world.account("main")
    grown: defaultdict[int, Decimal] = defaultdict(Decimal)
    for action in script:
        changed = action.order(account) if isinstance(action, Update) else None
        try:
            action.act(world, account)
        except Refusal:
            continue
        finally:
            solvent(world, account)
        if changed is not None and isinstance(action, Update):
            grown[changed.id] += action.change.delta or 0
    return Played(world, account, grown)


def solvent(world: World, account: Account) -> None:
    for wallet in account.wallets.values():
        assert wallet.balance >= 0, wallet
        assert 0 <= available(world.floor, account, wallet) <= wallet.balance, wallet


SPOT = sorted(kind for kind in TYPES if kind.startswith("EXCHANGE"))


@given(actions(SPOT))
@settings(max_examples=120, deadline=None)
def test_spot_wallets_are_their_start_plus_every_trade(script: list[Action]) -> None:
    account = played(script).account
    base, quote = START["BTC"], START["USD"]
    for trade in account.trades:
        sign = 1 if trade.amount > 0 else -1
        base += trade.amount + (trade.fee if trade.fee_currency == "BTC" else 0)
        quote -= sign * eight_down(trade.price * abs(trade.amount))
        quote += trade.fee if trade.fee_currency == "USD" else 0
    assert account.wallet(EXCHANGE, "BTC").balance == base
    assert account.wallet(EXCHANGE, "USD").balance == quote
    assert account.positions == {}


LITTLE, FAR = Decimal("0.0001"), Decimal(28_000)
STOPPED = NewOrder(symbol=SYMBOL, kind="STOP LIMIT", amount=LITTLE, price=FAR, price_aux_limit=FAR)
LARGER_AND_TRIGGERED = [Submit(STOPPED), Update(0, Change(price=Decimal(30_001), delta=LITTLE))]


@given(actions(sorted(TYPES)))
@example(LARGER_AND_TRIGGERED)
@settings(max_examples=150, deadline=None)
def test_every_order_fills_once_and_ends_once(script: list[Action]) -> None:
    done = played(script)
    account = done.account
    everything = [*account.closed_orders, *account.orders.values()]
    assert len({order.id for order in everything}) == len(everything)
    assert len({trade.id for trade in account.trades}) == len(account.trades)
    for order in everything:
        filled = sum((t.amount for t in account.trades if t.order_id == order.id), Decimal(0))
        assert filled == sum((fill.amount for fill in order.fills), Decimal(0))
        # a changed order goes on showing its first size
        assert filled == order.amount_orig + done.grown.get(order.id, 0) - order.amount
        assert order.amount * order.amount_orig >= 0
        assert order.open == (order.id in account.orders) == order.status.startswith(OPEN)
    position = account.position(SYMBOL)
    margin_sum = sum(t.amount for t in account.trades if not t.kind.startswith("EXCHANGE"))
    assert margin_sum == (position.amount if position else 0)


@given(actions(sorted(TYPES)))
@settings(max_examples=60, deadline=None)
def test_a_claimed_position_is_what_was_traded(script: list[Action]) -> None:
    done = played(script)
    world, account = done.world, done.account
    world.venue.cancel_all(account)
    position = account.position(SYMBOL)
    if position is None:
        return
    held, base_price = position.amount, position.base_price
    dollars, coins = account.wallet(MARGIN, "USD"), account.wallet(MARGIN, "BTC")
    before, cost = dollars.balance, to_eight(held * base_price)
    try:
        claim(world.floor, account, position, None)
    except Refusal:
        assert cost > before or held < 0
        assert [dollars.balance, coins.balance, position.amount] == [before, 0, held]
    else:
        assert [dollars.balance, coins.balance] == [before - cost, held]
        assert account.positions == {}
        assert account.closed_positions[-1] is position


@given(actions(sorted(TYPES)))
@settings(max_examples=80, deadline=None)
def test_frames_tell_every_end_and_every_fill_in_order(script: list[Action]) -> None:
    done = played(script)
    world, account = done.world, done.account
    ended: Counter[int] = Counter()
    announced: set[int] = set()
    for event in world.floor.events:
        row = event.payload
        if event.kind not in ("te", "tu", "oc", "on", "ou") or not isinstance(row, list):
            continue
        number = row[0]
        assert isinstance(number, int)
        if event.kind == "te":
            announced.add(number)
        elif event.kind == "tu":
            assert number in announced
        elif event.kind == "oc":
            ended[number] += 1
        else:
            assert ended[number] == 0
    assert announced == {trade.id for trade in account.trades}
    assert ended == Counter(order.id for order in account.closed_orders)


@given(actions(sorted(TYPES)))
@settings(max_examples=60, deadline=None)
def test_a_state_comes_back_as_it_was(script: list[Action]) -> None:
    encoder = Encoder()
    world = a_world()
    for action in script:
        with suppress(Refusal):
            action.act(world, world.account("main"))
        assert loads(encoder.encode(world.state)) == world.state
    assert loads(dumps(world.state)) == world.state


@given(actions(sorted(TYPES)))
@settings(max_examples=25, deadline=None)
def test_the_same_script_tells_the_same_story(script: list[Action]) -> None:
    one, two = played(script).world, played(script).world
    assert [encode(event) for event in one.floor.events] == [
        encode(event) for event in two.floor.events
    ]
    assert one.state == two.state
