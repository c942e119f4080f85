"""What is done in a panic: each step journalled first, then the exchange."""

from collections.abc import Callable, Sequence
from decimal import Decimal

import structlog

from engine.model.actor import Actor, Role
from engine.model.errors import DuplicateCommand
from engine.model.event import TradingPaused
from engine.model.ids import CidSource, CommandId, OrderKey
from engine.model.market import Pair
from engine.model.money import of_market
from engine.model.order import OrderTerms
from engine.model.panic import CANCELLING, PANIC, Panic, PanicLeg, called_by
from engine.model.panic_event import PanicEnded, PanicHeldUp, PanicLegSettled
from engine.model.result import CancelReport, Reason, Refused
from engine.model.use_cases import Errand
from engine.operations.cancelling import Cancelling
from engine.operations.letting_go import LettingGo
from engine.operations.making import new_orders
from engine.operations.panic_scene import PanicScene
from engine.operations.sending import PATIENCE_FOR_ANSWER, Sending
from engine.operations.world import World
from engine.panic.plan import End, Send, Tell
from engine.panic.situation import NO_POSITION, Asked, Stake, Trouble
from engine.risk.emptying import approve_emptying
from engine.risk.policy import RiskPolicyEngine

ANY_SIZE = Decimal(10) ** 12
NO_PRICE = Decimal(1)
"""Where none is known; what only reduces is not measured by it."""

PASSING = frozenset({"not_emptying", "balance_unknown"})
"""Codes of our own refusals that another look may be without."""

log = structlog.get_logger()


class EvacuationActs:
    """`doubt` is told when the exchange and the book cannot both be right."""

    def __init__(
        self,
        *,
        scene: PanicScene,
        risk: RiskPolicyEngine,
        cids: CidSource,
        sending: Sending,
        cancelling: Cancelling,
        doubt: Callable[[], None],
    ) -> None:
        floor = scene.floor
        self._floor = floor
        self._scene = scene
        self._risk = risk
        self._cids = cids
        self._sending = sending
        self._cancelling = cancelling
        self._doubt = doubt
        self._world = World(floor, scene.market)
        self._letting_go = LettingGo(floor)

    async def pause(self, panic: Panic) -> None:
        """Trading stands still, whoever thought otherwise."""
        now = self._floor.clock.now()
        await self._floor.record(
            [TradingPaused(at=now, actor_id=panic.actor_id, name=panic.name, reason=PANIC)]
        )

    async def release(self, panic: Panic) -> None:
        """Brackets that turned up since the call are let go as well."""
        errand = self._errand(panic, f"{PANIC}-release:")
        ends = self._letting_go.all_of_them(called_by(panic.name))
        await self._letting_go.record(ends, errand.command_id)

    async def cancel(self, panic: Panic, keys: tuple[OrderKey, ...]) -> None:
        """Ask once more; what the exchange will not cancel is counted."""
        report = await self._cancelling.cancel(self._errand(panic, CANCELLING), keys)
        if not isinstance(report, CancelReport):
            return
        for fate in report.fates:
            asked = self._scene.asked.get(fate.order.key)
            if fate.refusal and fate.order.status.is_open and asked is not None:
                refused = asked.refused + 1
                self._scene.asked[fate.order.key] = asked._replace(refused=refused)

    async def send(self, panic: Panic, step: Send) -> None:
        """One order for one stake, under a name that no other has; its first word is waited for."""
        stake, key = step.stake, self._cids.next()
        world = self._world.at(self._price(stake), step.terms, pair_of(stake, step.terms))
        approved = approve_emptying(self._risk, key, step.terms, world)
        if isinstance(approved, Refused):
            self._forbidden(panic, stake, approved.reasons)
            return
        wish = CommandId(f"{panic.prefix}{stake.name}:{len(stake.orders) + self._skipped(stake)}")
        self._scene.before[key] = stake.held
        orders = new_orders(
            approved, at=self._floor.clock.now(), actor_id=panic.actor_id, command_id=wish
        )
        try:
            await self._sending.send(orders, approved, claim=wish)
        except DuplicateCommand:
            # an order of this name was made before and has been forgotten here
            self._trouble(panic, stake, "it was tried before")
            return
        self._scene.troubles.pop(stake.name, None)
        await self._heard(key)

    async def settle(self, panic: Panic, leg: PanicLeg) -> None:
        """Journal that a leg is over."""
        now = self._floor.clock.now()
        event = PanicLegSettled(at=now, actor_id=panic.actor_id, panic_id=panic.panic_id, leg=leg)
        await self._floor.record([event])

    async def tell(self, panic: Panic, step: Tell) -> None:
        """Journal that it is held up, for somebody to hear."""
        event = PanicHeldUp(
            at=self._floor.clock.now(),
            actor_id=panic.actor_id,
            panic_id=panic.panic_id,
            reason=step.reason,
            legs=step.legs,
        )
        await self._floor.record([event])

    async def end(self, panic: Panic, step: End, still: Callable[[], bool]) -> None:
        """Journal the end, unless something has come up meanwhile."""
        event = PanicEnded(
            at=self._floor.clock.now(),
            actor_id=panic.actor_id,
            panic_id=panic.panic_id,
            spot=panic.spot,
            legs=step.legs,
            kept=self._scene.kept(panic),
        )
        await self._floor.decide(lambda book: [event] if still() else [])

    def asking(self, keys: tuple[OrderKey, ...]) -> None:
        """Remember that these are about to be asked for."""
        asked, now = self._scene.asked, self._floor.clock.now()
        for key in keys:
            times, refused, _ = asked.get(key, Asked(0, 0, now))
            asked[key] = Asked(times + 1, refused, now)

    async def _heard(self, key: OrderKey) -> None:
        floor = self._floor
        if not await floor.until(lambda: not self._is_pending(key), PATIENCE_FOR_ANSWER):
            self._doubt()
        order = floor.book.orders.get(key)
        if order is not None and NO_POSITION in order.reason:
            self._doubt()

    def _is_pending(self, key: OrderKey) -> bool:
        return any(order.key == key for order in self._floor.book.pending())

    def _price(self, stake: Stake) -> Decimal:
        heard = self._scene.market.last_price(stake.symbol) if stake.symbol is not None else None
        if heard is not None:
            return of_market(heard)
        position = self._floor.book.positions.get(stake.symbol) if stake.symbol else None
        return position.base_price if position is not None else NO_PRICE

    def _forbidden(self, panic: Panic, stake: Stake, reasons: Sequence[Reason]) -> None:
        """Our own rules speak against it: counted, unless for something not heard yet."""
        passes = any(reason.code in PASSING for reason in reasons)
        words = "; ".join(reason.sentence for reason in reasons)
        self._trouble(panic, stake, words, refused=stake.forbidden + (not passes))

    def _trouble(self, panic: Panic, stake: Stake, words: str, refused: int | None = None) -> None:
        times = self._skipped(stake) + 1
        counted = stake.forbidden if refused is None else refused
        log.warning("panic_order_not_sent", stake=stake.name, times=times, detail=words)
        self._scene.troubled = panic.panic_id
        self._scene.troubles[stake.name] = Trouble(
            times, self._floor.clock.now(), words, counted, stake.held
        )

    def _skipped(self, stake: Stake) -> int:
        trouble = self._scene.troubles.get(stake.name)
        return 0 if trouble is None else trouble.times

    def _errand(self, panic: Panic, prefix: str) -> Errand:
        actor = Actor(actor_id=panic.actor_id, name=panic.name, role=Role.TRADER)
        return Errand(actor, CommandId(f"{prefix}{self._cids.next()}"))


def pair_of(stake: Stake, terms: OrderTerms) -> Pair:
    """Where the exchange has not told the sizes, it judges them itself."""
    if stake.pair is not None:
        return stake.pair
    return Pair(symbol=terms.symbol, min_size=Decimal(0), max_size=ANY_SIZE, margin=True)
