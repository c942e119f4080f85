"""The private socket: who we are, what the account holds, and what happens to it (6.6, 6.7)."""

import asyncio
from collections.abc import Callable, Iterable, Mapping

import structlog

from engine.bitfinex import wire
from engine.bitfinex.auth import ApiKey
from engine.bitfinex.broken import Broken
from engine.bitfinex.calc import Calc
from engine.bitfinex.encode import message
from engine.bitfinex.errors import NonceSmall, error_of
from engine.bitfinex.frames import AccountFrames
from engine.bitfinex.link import Link
from engine.bitfinex.outbox import Outbox
from engine.bitfinex.pace import Retry
from engine.bitfinex.sequence import SEQ_ALL, AccountSequence
from engine.bitfinex.together import together
from engine.model.errors import CredentialsRefused
from engine.model.report import (
    BalancesReport,
    LinkLost,
    LinkUp,
    MaintenanceReport,
    Report,
    SubmissionNoted,
)
from engine.ports import Clock

_NONCE_TRIES = 3
_SNAPSHOTS = frozenset({"os", "ws", "ps"})
_UNAUTH = message({"event": "unauth"})
_CONF = message({"event": "conf", "flags": SEQ_ALL})

_log = structlog.get_logger(__name__)


class AccountListener:
    """Turns one private session after the other into reports in the outbox."""

    def __init__(
        self,
        key: ApiKey,
        outbox: Outbox[Report],
        *,
        clock: Clock,
        dms: bool = False,
        still_ours: Callable[[], bool] = lambda: True,
    ) -> None:
        self._key = key
        self._outbox = outbox
        self._dms = dms
        self._still_ours = still_ours
        self._calc = Calc(clock)
        self._wants_auth = asyncio.Event()
        self._authenticated = False
        self._refusals = 0
        self._missing = set(_SNAPSHOTS)
        self._in_maintenance = False
        self._told: str | None = None
        self._sequence = AccountSequence()
        self.frames = AccountFrames()
        self.ready = False

    async def attend(self, link: Link) -> None:
        """Authenticate after the greeting, again where the nonce was small, then ask `calc`."""
        await link.greeted()
        await link.send(_CONF)
        self._wants_auth.set()
        await together(self._authenticate(link), self._calc.ask(link))

    async def _authenticate(self, link: Link) -> None:
        while True:
            await self._wants_auth.wait()
            self._wants_auth.clear()
            async with self._key.lock.turn(urgent=True):
                await link.send(message(await self._key.greeting(dms=self._dms)))

    def farewell(self) -> bytes | None:
        """What is to be said last: who may not act any more takes the dead-man switch along.

        Else the end of this socket would cancel what another sends by then. That the exchange
        leaves the orders of one who has signed out alone is not verified (6.6).
        """
        return _UNAUTH if self._dms and self._authenticated and not self._still_ours() else None

    def event(self, event: Mapping[str, object]) -> None:
        """`auth` answers; the rest is only logged."""
        kind = event.get("event")
        if kind == "auth":
            self._hear_auth(event)
        elif kind == "conf":
            self._sequence.hear(event)
        elif kind == "error":
            _log.warning("exchange.error", code=event.get("code"), words=self._words(event))

    def frame(self, raw: bytes) -> None:
        """A frame of channel 0, told in the order it came."""
        try:
            row, reports = self.frames.hear(self._key.unsaid(raw))
        except wire.Unreadable as error:
            _log.warning("exchange.frame_unreadable", error=str(error))
            return
        if len(reports) == 1 and isinstance(reports[0], SubmissionNoted):
            self._outbox.hold(reports)  # an order's first word is on its heels
        else:
            self._outbox.extend(reports)
        if self._sequence.on:
            self._sequence.see(row)
        self._look_at(reports)
        if reports and self._missing:
            self._missing.discard(str(wire.field(row, 1)))
            self._rise_if_complete()

    def maintenance(self, *, active: bool) -> None:
        """Tell when it begins and when it ends, once each."""
        if active != self._in_maintenance:
            self._in_maintenance = active
            self._outbox.put(MaintenanceReport(active=active))

    def broken(self, broken: Broken) -> None:
        """Tell a loss once; while it lasts, only a new refusal of the key is news."""
        news = broken.retry is Retry.SLOWLY and broken.reason != self._told
        if self.ready or self._told is None or news:
            self._outbox.put(LinkLost(reason=broken.reason, hung_up=broken.hung_up))
            self._told = broken.reason
        self.reset()

    def reset(self) -> None:
        """Forget the session that was."""
        self.ready = False
        self._authenticated = False
        self._refusals = 0
        self._missing = set(_SNAPSHOTS)
        self._sequence.reset()
        self._wants_auth.clear()
        self._calc.reset()

    def _hear_auth(self, event: Mapping[str, object]) -> None:
        if event.get("status") == "OK":
            self._authenticated = True
            self._hear_rights(event.get("caps"))
            self._rise_if_complete()
            return
        error = error_of(event.get("code"), self._words(event))
        self._refusals += 1
        if isinstance(error, NonceSmall):
            self._key.nonces.doubt()
            if self._refusals < _NONCE_TRIES:
                self._wants_auth.set()
                return
        slow = isinstance(error, CredentialsRefused | NonceSmall)
        raise Broken(error.sentence, Retry.SLOWLY if slow else Retry.SOON)

    def _words(self, event: Mapping[str, object]) -> str:
        return self._key.unsaid_words(str(event.get("msg", "no reason given")))

    def _hear_rights(self, caps: object) -> None:
        if not isinstance(caps, dict):
            return
        if not _may(caps, "orders", "read") or not _may(caps, "wallets", "read"):
            raise Broken("The API key may not read orders and wallets.", Retry.SLOWLY)
        if not _may(caps, "orders", "write"):
            _log.warning("exchange.key_cannot_trade")
        if not _may(caps, "positions", "read"):
            self._missing.discard("ps")

    def _look_at(self, reports: Iterable[Report]) -> None:
        for report in reports:
            if isinstance(report, BalancesReport):
                self._calc.saw(report.balances)

    def _rise_if_complete(self) -> None:
        if self._authenticated and not self._missing and not self.ready:
            self.ready = True
            self._told = None
            self._outbox.put(LinkUp())


def _may(caps: Mapping[str, object], scope: str, right: str) -> bool:
    found = caps.get(scope)
    return not isinstance(found, dict) or found.get(right, 1) == 1
