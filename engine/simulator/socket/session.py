"""One websocket connection from its info frame to its end."""

import asyncio
import uuid
from collections.abc import Callable
from functools import partial

from aiohttp import WSMsgType, web

from engine.simulator.faults import Faults
from engine.simulator.hub import Hub
from engine.simulator.keyring import Credential
from engine.simulator.socket.filters import wanted
from engine.simulator.socket.frames import ConfFlag, Outlet
from engine.simulator.socket.inputs import Inputs
from engine.simulator.socket.snapshots import first_frames
from engine.simulator.socket.subscriptions import Subscriptions
from engine.simulator.trading.floor import Event
from engine.simulator.wire.json import Fields, Json, decode
from engine.simulator.wire.refusal import AUTH_FAIL, CONF_FAIL, UNKNOWN, Refusal
from engine.simulator.wire.signature import nonce_small
from engine.simulator.world import World

DEAD_MAN = 4


class Session:
    """A connection's subscriptions, flags and, once signed in, its account."""

    def __init__(
        self,
        world: World,
        hub: Hub,
        faults: Faults,
        socket: web.WebSocketResponse,
        abort: Callable[[], None],
    ) -> None:
        self._world = world
        self._hub = hub
        self._faults = faults
        self._socket = socket
        self._abort = abort
        self._out = Outlet(socket, world.clock.now, faults)
        self._subscriptions = Subscriptions(world, self._out, faults)
        self._inputs: Inputs | None = None
        self._filters: frozenset[str] = frozenset()
        self._dead_man = False
        self._heard = False
        self.account: str | None = None
        self.key = ""

    async def serve(self) -> None:
        """Speak until the other side leaves or is dropped."""
        self._greet()
        self._hub.join(self)
        tasks = [
            asyncio.create_task(self._out.run(), name="simulator socket writer"),
            asyncio.create_task(self._heartbeat(), name="simulator socket heartbeat"),
            asyncio.create_task(self._close_idle(), name="simulator socket idle watch"),
        ]
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    self._receive(message.data)
        finally:
            self._leave()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def hear(self, event: Event) -> None:
        """An account frame."""
        if event.account == self.account and wanted(event, self._filters):
            self._out.frame(0, event.kind, event.payload)

    def tell(self, message: Fields) -> None:
        self._out.event(message)

    def publish(self) -> None:
        """Send what is new on every channel; a reader who never reads is cut off."""
        if self._out.overrun:
            self.drop()
        self._subscriptions.publish()

    def burst(self, kind: str, symbol: str, count: int) -> int:
        return self._subscriptions.burst(kind, symbol, count)

    def drop(self) -> None:
        """Cut the line, as a broken network does."""
        self._leave()
        self._abort()

    def drop_when_sent(self) -> None:
        """Cut the line behind what has been said so far."""
        self._leave()
        self._out.then(self._cut)

    def close_when_sent(self, code: int) -> None:
        """Close in due form behind what has been said so far."""
        self._leave()
        self._out.then(partial(self._close, code))

    def fall_silent(self) -> None:
        """Keep the line open and say nothing more."""
        self._out.silent = True

    def described(self) -> Json:
        return {
            "account": self.account,
            "key": self.key,
            "channels": self._subscriptions.described(),
            "flags": int(self._out.flags),
            "silent": self._out.silent,
            "dms": self._dead_man,
        }

    async def _cut(self) -> None:
        self._abort()

    async def _close(self, code: int) -> None:
        await self._socket.close(code=code)

    def _greet(self) -> None:
        platform: Fields = {"status": 0 if self._hub.maintenance else 1}
        greeting: Fields = {"event": "info", "version": 2, "serverId": str(uuid.uuid4())}
        self.tell({**greeting, "platform": platform})

    def _leave(self) -> None:
        if not self._hub.leave(self):
            return
        if self._dead_man and self.account is not None:
            self._world.advance()
            self._world.venue.cancel_all(self._world.account(self.account))
            self._hub.commit()

    def _receive(self, text: str) -> None:
        self._heard = True
        try:
            message = decode(text)
        except ValueError:
            return
        if isinstance(message, dict):
            self._event(message)
        elif isinstance(message, list) and len(message) >= 3 and message[0] == 0:
            self._input(message[1], message[-1])

    def _event(self, fields: Fields) -> None:
        name = fields.get("event")
        deeds: dict[str, Callable[[Fields], None]] = {
            "ping": self._pong,
            "conf": self._configure,
            "subscribe": self._subscriptions.subscribe,
            "unsubscribe": self._subscriptions.unsubscribe,
            "auth": self._sign_in,
            "unauth": self._sign_out,
        }
        deed = deeds.get(name) if isinstance(name, str) else None
        if deed is None:
            self.tell({"event": "error", "msg": f"event: invalid ({name})", "code": UNKNOWN})
        else:
            deed(fields)

    def _input(self, kind: Json, payload: Json) -> None:
        if self._inputs is None or not isinstance(kind, str):
            return
        if self._faults.take("drop_before_processing", kind, self.key):
            self.drop()
            return
        self._world.advance()
        try:
            self._inputs.handle(kind, payload)
        finally:
            self._hub.commit()
            self._hub.publish()

    def _pong(self, fields: Fields) -> None:
        echoed: Fields = {"cid": fields["cid"]} if "cid" in fields else {}
        self.tell({"event": "pong", "ts": self._world.clock.now(), **echoed})

    def _configure(self, fields: Fields) -> None:
        flags = fields.get("flags", 0)
        if isinstance(flags, bool) or not isinstance(flags, int) or not 0 <= flags < 2**31:
            self.tell({"event": "error", "msg": "flags: invalid", "code": CONF_FAIL})
            return
        self.tell({"event": "conf", "status": "OK", "flags": flags})
        self._out.flags = ConfFlag(flags)

    def _sign_in(self, fields: Fields) -> None:
        try:
            credential = self._checked(fields)
        except Refusal as refusal:
            failed: Fields = {"event": "auth", "status": "FAILED", "chanId": 0}
            self.tell({**failed, "code": refusal.code, "msg": refusal.text})
            return
        filters = fields.get("filter") or fields.get("filters")
        self._filters = frozenset(map(str, filters)) if isinstance(filters, list) else frozenset()
        self._dead_man = fields.get("dms") == DEAD_MAN
        self._welcome(credential, fields)

    def _checked(self, fields: Fields) -> Credential:
        if self.account is not None:
            raise Refusal(AUTH_FAIL, "auth: dup")
        key = str(fields.get("apiKey", ""))
        if self._faults.take("nonce_small", "auth", key):
            raise nonce_small()
        failed = self._faults.take("auth_failed", "auth", key)
        if failed is not None:
            raise Refusal(failed.code or AUTH_FAIL, failed.text or "apikey: invalid")
        names = ("authNonce", "authPayload", "authSig")
        nonce, payload, signature = (str(fields.get(name, "")) for name in names)
        return self._world.keyring.websocket(key, nonce, payload, signature)

    def _welcome(self, credential: Credential, fields: Fields) -> None:
        account = self._world.account(credential.account)
        self._world.advance()
        self._hub.commit()
        self.key = self._out.key = credential.key
        self.account = account.name
        self._inputs = Inputs(
            world=self._world,
            hub=self._hub,
            credential=credential,
            account=account,
            answer=self.hear,
        )
        own: Fields = {"subId": fields["subId"]} if "subId" in fields else {}
        head: Fields = {"event": "auth", "status": "OK", "chanId": 0, "userId": account.user_id}
        self.tell({**head, **own, "auth_id": str(uuid.uuid4()), "caps": credential.caps})
        for event in first_frames(self._world.floor, account):
            self.hear(event)
        if self._faults.take("silent", "auth", self.key):
            self.fall_silent()

    def _sign_out(self, fields: Fields) -> None:
        self._inputs, self.account, self._dead_man = None, None, False
        self.key = self._out.key = ""
        self.tell({"event": "unauth", "status": "OK", "chanId": 0})

    async def _heartbeat(self) -> None:
        while True:
            await asyncio.sleep(self._world.config.heartbeat)
            numbers = self._subscriptions.numbers
            for number in [0, *numbers] if self.account else numbers:
                self._out.frame(number, "hb")

    async def _close_idle(self) -> None:
        """A socket that never said anything is cut off."""
        await asyncio.sleep(self._world.config.idle_timeout)
        if not self._heard:
            self.drop()
