"""All open sockets: who hears what, and when."""

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Protocol

from engine.simulator.faults import Fault, Faults
from engine.simulator.trading.floor import Event
from engine.simulator.wire.json import Fields, Json
from engine.simulator.wire.refusal import (
    MAINTENANCE_END,
    MAINTENANCE_START,
    RECONNECT,
    Refusal,
)
from engine.simulator.world import World

ENTERING = (
    "Entering in Maintenance mode. Please pause any activity and resume after receiving "
    "the info message 20061 (it should take 120 seconds at most)."
)
LEAVING = (
    "Maintenance ended. You can resume normal activity. It is advised to unsubscribe/subscribe "
    "again all channels."
)
RESTART: Fields = {
    "event": "info",
    "code": RECONNECT,
    "msg": "Stopping. Please try to reconnect",
}
GOING_AWAY = 1001
Later = Callable[[float, Callable[[], None]], None]


class Listener(Protocol):
    """A socket as the hub sees it."""

    account: str | None
    key: str

    def hear(self, event: Event) -> None: ...
    def tell(self, message: Fields) -> None: ...
    def publish(self) -> None: ...
    def burst(self, kind: str, symbol: str, count: int) -> int: ...
    def drop(self) -> None: ...
    def drop_when_sent(self) -> None: ...
    def close_when_sent(self, code: int) -> None: ...
    def fall_silent(self) -> None: ...
    def described(self) -> Json: ...


class Hub:
    """Saves and delivers; `later` runs something after seconds."""

    def __init__(self, world: World, faults: Faults, later: Later) -> None:
        self._world = world
        self.faults = faults
        self.later = later
        self._random = Random(world.config.seed)
        self._shuffles = world.config.shuffle
        self._listeners: dict[Listener, None] = {}
        self.maintenance = False

    @property
    def listeners(self) -> list[Listener]:
        """The open sockets, eldest first."""
        return list(self._listeners)

    def join(self, listener: Listener) -> None:
        self._listeners[listener] = None

    def leave(self, listener: Listener) -> bool:
        """Whether it was still there."""
        known = listener in self._listeners
        self._listeners.pop(listener, None)
        return known

    def commit(self) -> None:
        """Save every change, then let the sockets hear of it."""
        events = self._world.commit()
        for account in dict.fromkeys(event.account for event in events):
            batch = [event for event in events if event.account == account]
            for listener in [one for one in self._listeners if one.account == account]:
                self._deliver(listener, batch)

    def publish(self) -> None:
        """Bring every subscribed channel up to date."""
        for listener in self.listeners:
            listener.publish()

    def enter_maintenance(self, *, on: bool) -> None:
        """Tell every socket that trading stops (20060) or goes on (20061)."""
        self.maintenance = on
        code, text = (MAINTENANCE_START, ENTERING) if on else (MAINTENANCE_END, LEAVING)
        for listener in self.listeners:
            listener.tell({"event": "info", "code": code, "msg": text})

    def refuse_in_maintenance(self) -> None:
        if self.maintenance:
            raise Refusal(MAINTENANCE_START, "maintenance")

    def drop(self, count: int | None = None) -> int:
        """Cut sockets off without a closing frame; how many were cut."""
        doomed = self.listeners[:count]
        for listener in doomed:
            listener.drop()
        return len(doomed)

    def close(self, code: int, count: int | None = None) -> int:
        """End sockets with a closing frame of `code`; how many were closed."""
        chosen = self.listeners[:count]
        for listener in chosen:
            listener.close_when_sent(code)
        return len(chosen)

    def ask_to_reconnect(self, count: int | None = None) -> int:
        """Tell sockets that the server is stopping (20051); how many were told."""
        chosen = self.listeners[:count]
        for listener in chosen:
            listener.tell(RESTART)
        return len(chosen)

    def silence(self, count: int | None = None) -> int:
        """Let sockets fall silent; how many did."""
        chosen = self.listeners[:count]
        for listener in chosen:
            listener.fall_silent()
        return len(chosen)

    def _deliver(self, listener: Listener, batch: list[Event]) -> None:
        kinds, key = " ".join(event.names for event in batch), listener.key
        if self.faults.take("drop_before_ack", kinds, key):
            listener.drop()
            return
        drop = self.faults.take("drop_after_ack", kinds, key)
        if self.faults.take("silent", kinds, key):
            listener.fall_silent()
        if self._shuffles or self.faults.take("shuffle", kinds, key):
            batch = shuffled(batch, self._random)
        if self.faults.take("duplicate", kinds, key):
            batch = [event for event in batch for _ in range(2)]
        deed = partial(self._send, listener, batch, drop)
        delay = self.faults.take("delay", kinds, key)
        if delay is None:
            deed()
        else:
            self.later(delay.seconds, deed)
        self._part(listener, kinds)

    def _send(self, listener: Listener, batch: list[Event], drop: Fault | None) -> None:
        for event in batch:
            listener.hear(event)
            if drop is not None and event.kind == drop.after:
                break
        if drop is not None:
            listener.drop_when_sent()

    def _part(self, listener: Listener, kinds: str) -> None:
        """Ask to reconnect, or close, behind the frames where that is scripted."""
        if self.faults.take("reconnect", kinds, listener.key):
            listener.tell(RESTART)
        close = self.faults.take("close", kinds, listener.key)
        if close is not None:
            listener.close_when_sent(close.code or GOING_AWAY)


def shuffled(batch: list[Event], random: Random) -> list[Event]:
    """The frames of different kinds in any order, those of one kind in theirs.

    A trade's `te` stays before its `tu` (sheet, 7).
    """
    queues: dict[str, list[Event]] = {}
    for event in batch:
        queues.setdefault("te" if event.kind == "tu" else event.kind, []).append(event)
    order = [kind for kind, queue in queues.items() for _ in queue]
    random.shuffle(order)
    waiting = {kind: iter(queue) for kind, queue in queues.items()}
    return [next(waiting[kind]) for kind in order]
