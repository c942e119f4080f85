"""Channel 0 towards the exchange: orders and calculations sent over the websocket."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from engine.simulator import desk
from engine.simulator.hub import Hub
from engine.simulator.keyring import Credential
from engine.simulator.socket.snapshots import calculated
from engine.simulator.trading.account import Account
from engine.simulator.trading.finding import many_orders, one_order
from engine.simulator.trading.floor import Event
from engine.simulator.trading.request import read_change
from engine.simulator.trading.rows import notification_row
from engine.simulator.wire.json import Fields, Json
from engine.simulator.wire.refusal import GENERIC, Refusal
from engine.simulator.world import World

BROADCASTS = "ucm-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The inputs of one signed-in socket; `answer` reaches only this socket."""

    world: World
    hub: Hub
    credential: Credential
    account: Account
    answer: Callable[[Event], None]

    def handle(self, kind: str, payload: Json) -> None:
        """Do what `[0, kind, null, payload]` asks; a refusal comes back as a notification."""
        if kind == "calc":
            for event in calculated(self.world.floor, self.account, payload):
                self.answer(event)
        elif kind == "ox_multi":
            self._multi(payload)
        elif kind == "n":
            self._broadcast(payload)
        elif isinstance(payload, dict):
            self._order(kind, payload)

    def _multi(self, payload: Json) -> None:
        try:
            operations = desk.read_operations(payload)
        except Refusal as refusal:
            self._refuse("ox_multi", {}, refusal)
        else:
            self._operate(operations)

    def _operate(self, operations: list[desk.Operation | desk.Pause]) -> None:
        """One after the other; after a pause the rest."""
        for number, operation in enumerate(operations, 1):
            if isinstance(operation, desk.Pause):
                rest = operations[number:]
                self.hub.later(operation.seconds, partial(self._go_on, rest))
                return
            self._order(operation.kind, operation.fields)

    def _go_on(self, operations: list[desk.Operation | desk.Pause]) -> None:
        self.world.advance()
        try:
            self._operate(operations)
        finally:
            self.hub.commit()

    def _order(self, kind: str, fields: Fields) -> None:
        deed = self._deeds().get(kind)
        if deed is None:
            return
        try:
            self.credential.require("orders", write=True)
            self.hub.refuse_in_maintenance()
            self._refuse_as_scripted(kind)
            deed(fields)
        except Refusal as refusal:
            self._refuse(kind, fields, refusal)

    def _refuse_as_scripted(self, kind: str) -> None:
        fault = self.hub.faults.take("refuse", kind, self.credential.key)
        if fault is not None:
            raise Refusal(fault.code or GENERIC, fault.text or "Invalid order")

    def _refuse(self, kind: str, fields: Fields, refusal: Refusal) -> None:
        row = desk.refusal_row(self.world.floor.now, kind, fields, refusal)
        self.world.floor.tell(self.account, "n", row)

    def _deeds(self) -> dict[str, Callable[[Fields], object]]:
        return {"on": self._new, "ou": self._update, "oc": self._cancel, "oc_multi": self._many}

    def _new(self, fields: Fields) -> None:
        desk.submit(self.world, self.credential, self.account, fields)

    def _update(self, fields: Fields) -> None:
        order = one_order(self.account, fields)
        self.world.venue.update(self.account, order, read_change(fields))

    def _cancel(self, fields: Fields) -> None:
        self.world.venue.cancel(self.account, one_order(self.account, fields))

    def _many(self, fields: Fields) -> None:
        self.world.venue.cancel_many(self.account, many_orders(self.account, fields))

    def _broadcast(self, payload: Json) -> None:
        """A message from one of the user's clients to all of them."""
        if isinstance(payload, dict) and str(payload.get("type", "")).startswith(BROADCASTS):
            row = notification_row(
                self.world.floor.now, str(payload["type"]), payload.get("info"), ""
            )
            self.world.floor.tell(self.account, "n", row)
