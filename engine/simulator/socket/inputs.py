"""Channel 0 towards the exchange: orders and calculations sent over the websocket."""

from collections.abc import Callable
from dataclasses import dataclass

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
from engine.simulator.wire.refusal import Refusal
from engine.simulator.world import World

MOST_OPERATIONS = 75
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
            operations = payload if isinstance(payload, list) else []
            for operation in operations[:MOST_OPERATIONS]:
                self._operate(operation)
        elif kind == "n":
            self._broadcast(payload)
        elif isinstance(payload, dict):
            self._order(kind, payload)

    def _operate(self, operation: Json) -> None:
        try:
            kind, fields = desk.read_operation(operation)
        except Refusal:
            return
        self._order(kind, fields)

    def _order(self, kind: str, fields: Fields) -> None:
        deed = self._deeds().get(kind)
        if deed is None:
            return
        try:
            self.credential.require_write()
            self.hub.refuse_in_maintenance()
            deed(fields)
        except Refusal as refusal:
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
