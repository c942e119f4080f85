"""The panic that runs, and the one before: a fold of events, nothing else."""

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.model.event import Event
from engine.model.ids import CommandId, OrderKey
from engine.model.order import Order
from engine.model.panic import Panic, PanicLeg
from engine.model.panic_event import PanicCalled, PanicEnded, PanicHeldUp, PanicLegSettled

MOST_PAST = 50


@dataclass(slots=True)
class Panics:
    """`past` are those that ended, oldest first; `orders` are what the running panic has sent,
    `told_at` is when it was last told that it is held up, `tells` how often."""

    running: Panic | None = None
    past: deque[Panic] = field(default_factory=lambda: deque(maxlen=MOST_PAST))
    orders: dict[OrderKey, None] = field(default_factory=dict)
    told_at: datetime | None = None
    tells: int = 0

    def of(self, wish: CommandId) -> Panic | None:
        """The panic that a command called or joined, while it is remembered."""
        known = self.past if self.running is None else (self.running, *self.past)
        return next((panic for panic in known if wish in panic.wishes), None)

    @property
    def last(self) -> Panic | None:
        """The newest that has ended."""
        return self.past[-1] if self.past else None

    def apply(self, event: Event) -> None:
        """Become what the event says."""
        match event:
            case PanicCalled():
                self._call(event)
            case PanicLegSettled() if self.running is not None:
                self.running = _with_leg(self.running, event.leg)
            case PanicHeldUp():
                self.told_at = event.at
                self.tells += 1
            case PanicEnded() if self.running is not None:
                self._end(self.running, event)
            case _:
                pass

    def note(self, order: Order) -> None:
        """Remember an order that the running panic has sent."""
        running = self.running
        if running is not None and (order.command_id or "").startswith(running.prefix):
            self.orders[order.key] = None

    def _call(self, event: PanicCalled) -> None:
        if self.of(event.command_id) is not None:
            return
        if (running := self.running) is not None:
            wishes, spot = (*running.wishes, event.command_id), running.spot or event.spot
            self.running = replace(running, wishes=wishes, spot=spot)
            return
        self.orders, self.told_at, self.tells = {}, None, 0
        self.running = Panic(
            wishes=(event.command_id,),
            at=event.at,
            actor_id=event.actor_id,
            name=event.name,
            spot=event.spot,
            orders=event.orders,
            positions=event.positions,
        )

    def _end(self, running: Panic, event: PanicEnded) -> None:
        """Who joined at the last moment and wants more is not forgotten."""
        if event.panic_id != running.panic_id or (running.spot and not event.spot):
            return
        self.past.append(replace(running, settled=event.legs, ended_at=event.at, kept=event.kept))
        self.running = None


def _with_leg(panic: Panic, leg: PanicLeg) -> Panic:
    others = tuple(each for each in panic.settled if each.title != leg.title)
    return replace(panic, settled=(*others, leg))
