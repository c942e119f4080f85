"""The public channels of one socket."""

from engine.simulator.faults import Faults
from engine.simulator.socket.channels import Channel
from engine.simulator.socket.frames import Outlet
from engine.simulator.socket.subscribing import echo, open_channel, pair_of
from engine.simulator.wire.json import Fields, Json
from engine.simulator.wire.refusal import (
    SUBSCRIBE_DUP,
    SUBSCRIBE_FAIL,
    SUBSCRIBE_LIMIT,
    UNSUBSCRIBE_FAIL,
    Refusal,
)
from engine.simulator.world import World

FIRST_NUMBER = 21


class Subscriptions:
    """Channels by number; numbers are unique on this socket only (sheet, 6.3)."""

    def __init__(self, world: World, out: Outlet, faults: Faults) -> None:
        self._world = world
        self._out = out
        self._faults = faults
        self._channels: dict[int, Channel] = {}
        self._next_number = FIRST_NUMBER

    @property
    def numbers(self) -> list[int]:
        return list(self._channels)

    def described(self) -> list[Json]:
        return [dict(channel.request) for channel in self._channels.values()]

    def publish(self) -> None:
        """Send what is new on every channel."""
        for number, channel in self._channels.items():
            of = str(channel.request["channel"])
            for body in channel.news(self._out.flags):
                self._out.frame(number, *body, of=of)

    def burst(self, kind: str, symbol: str, count: int) -> int:
        """Send `count` frames on every such channel; on how many."""
        found = [
            (number, channel)
            for number, channel in self._channels.items()
            if channel.request["channel"] == kind and symbol in _subjects(channel)
        ]
        for number, channel in found:
            for body in channel.burst(count, self._out.flags):
                self._out.frame(number, *body, of=kind)
        return len(found)

    def subscribe(self, fields: Fields) -> None:
        """Open a channel and send its snapshot, or echo the request with the refusal."""
        try:
            channel = open_channel(self._world, fields)
        except Refusal as refusal:
            self._refuse(fields, refusal)
            return
        if channel is None or self._faults.take("ignore_subscribe", _kind(fields)):
            return
        scripted = self._faults.take("refuse_subscribe", _kind(fields))
        if scripted is not None:
            code, text = scripted.code or SUBSCRIBE_FAIL, scripted.text or "subscribe: fail"
            self._refuse(fields, Refusal(code, text))
            return
        same = self._number_of(channel)
        if same is not None:
            self._refuse({**fields, "chanId": same}, Refusal(SUBSCRIBE_DUP, "subscribe: dup"))
        elif len(self._channels) >= self._world.config.channel_limit:
            self._refuse(fields, Refusal(SUBSCRIBE_LIMIT, "subscribe: limit"))
        else:
            self._open(channel, fields)

    def unsubscribe(self, fields: Fields) -> None:
        """Close a channel."""
        number = fields.get("chanId")
        if not isinstance(number, int) or self._channels.pop(number, None) is None:
            error: Fields = {"event": "error", "msg": "unsubscribe: invalid"}
            self._out.event({**echo(fields), **error, "code": UNSUBSCRIBE_FAIL})
        else:
            self._out.event({"event": "unsubscribed", "status": "OK", "chanId": number})

    def _open(self, channel: Channel, fields: Fields) -> None:
        number = self._next_number
        self._next_number += 1 + number % 7
        head: Fields = {"event": "subscribed", "channel": channel.request["channel"]}
        own: Fields = {"subId": fields["subId"]} if "subId" in fields else {}
        pair = pair_of(channel.request)
        self._out.event({**head, "chanId": number, **channel.request, **own, **pair})
        self._channels[number] = channel
        self._out.frame(number, *channel.snapshot(), of=str(channel.request["channel"]))

    def _refuse(self, fields: Fields, refusal: Refusal) -> None:
        reason: Fields = {"event": "error", "msg": refusal.text, "code": refusal.code}
        self._out.event({**echo(fields), **reason, **pair_of(fields)})

    def _number_of(self, channel: Channel) -> int | None:
        for number, other in self._channels.items():
            if other.request == channel.request:
                return number
        return None


def _kind(fields: Fields) -> str:
    return str(fields.get("channel", ""))


def _subjects(channel: Channel) -> tuple[str, str]:
    """The symbol a channel is about: its own field, or behind the colons of its key."""
    key = str(channel.request.get("key", ""))
    behind = key.partition(":")[2] if key.startswith("deriv:") else key.split(":", 2)[-1]
    return str(channel.request.get("symbol", "")), behind
