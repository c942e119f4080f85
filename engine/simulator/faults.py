"""Faults by script: what goes wrong, how often, how long, and where."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.simulator.wire.json import Fields, Json
from engine.simulator.wire.shapes import cut_short, made_longer

ON_THE_WAY = frozenset(
    {"drop_before_processing", "delay", "late_answer", "lost_answer", "429", "500", "html"}
)
ANSWERS = frozenset(
    {"error", "refuse", "nonce_small", "auth_failed", "refuse_subscribe", "ignore_subscribe"}
)
DELIVERIES = frozenset(
    {"drop_before_ack", "drop_after_ack", "silent", "shuffle", "duplicate", "reconnect", "close"}
)
FRAMES = frozenset(
    {"sequence_gap", "lost_frame", "mute", "wrong_checksum", "unknown_frame", "garbage"}
)
ROWS = frozenset({"short_rows", "long_rows"})
KINDS = ON_THE_WAY | ANSWERS | DELIVERIES | FRAMES | ROWS | {"partial_fill"}
ENDLESS = 10**9


@dataclass(slots=True, kw_only=True)
class Fault:
    """One scripted fault.

    `where` is a part of the REST path (`/ws/2` for the handshake), a websocket input's type, a
    frame's type (`on`, `te`, or the notification's own: `oc-req`) or its channel (`book`); `key`
    an API key; empty means any. It happens `count` times, or until `ends` (monotonic seconds).
    `seconds` is for delays, `fraction` for partial fills, `after` is the frame a connection still
    sees before it drops, `status`, `code`, `text` and `retry_after` are what an answer says.
    """

    kind: str
    count: int = 1
    where: str = ""
    key: str = ""
    seconds: float = 0.2
    fraction: Decimal = Decimal("0.5")
    after: str = "n"
    ends: float | None = None
    status: int | None = None
    code: int | None = None
    text: str | None = None
    retry_after: int | None = None


class Faults:
    """The faults still to come; `clock` gives seconds that only rise."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def clear(self) -> None:
        self.waiting.clear()

    def take(
        self, kind: str, where: str = "", key: str = "", *, named: bool = False
    ) -> Fault | None:
        """The first waiting fault of this kind that fits, used up by one.

        Where it must be `named`, a fault that is meant for anything does not fit.
        """
        if not self.waiting:
            return None
        self._forget()
        for fault in self.waiting:
            fits = _is_there(fault.where, where) and fault.key in ("", key)
            if fault.kind == kind and fits and (fault.where or not named):
                fault.count -= 1
                self._forget()
                return fault
        return None

    def reshaped(self, value: Json, where: str, key: str) -> Json:
        """An answer's rows, or a frame's: shorter or longer where that is scripted."""
        if self.take("short_rows", where, key):
            return cut_short(value)
        if self.take("long_rows", where, key):
            return made_longer(value)
        return value

    def described(self) -> list[Mapping[str, Json]]:
        self._forget()
        return [
            {"kind": fault.kind, "count": fault.count, "where": fault.where, "key": fault.key}
            for fault in self.waiting
        ]

    def _forget(self) -> None:
        now = self.clock()
        self.waiting = [
            fault
            for fault in self.waiting
            if fault.count > 0 and (fault.ends is None or fault.ends > now)
        ]


def _is_there(wanted: str, where: str) -> bool:
    """A part of a path, or one of the words."""
    if not wanted or "/" in where:
        return wanted in where
    return wanted in where.split()


def read_fault(fields: Fields, now: float) -> Fault:
    """A fault from the fields of `Fault`; `lasts` (seconds from now) stands for `ends`.

    Raises `ValueError` naming what is wrong.
    """
    kind = str(fields.get("kind", ""))
    if kind not in KINDS:
        raise ValueError(f"kind: {kind!r} is none of {', '.join(sorted(KINDS))}")
    lasts = _number(fields, "lasts")
    fault = Fault(
        kind=kind,
        count=int(_number(fields, "count") or (1 if lasts is None else ENDLESS)),
        where=str(fields.get("where", "")),
        key=str(fields.get("key", "")),
        after=str(fields.get("after", "n")),
        ends=None if lasts is None else now + float(lasts),
        status=_whole(fields, "status"),
        code=_whole(fields, "code"),
        text=None if fields.get("text") is None else str(fields["text"]),
        retry_after=_whole(fields, "retry_after"),
    )
    seconds, fraction = _number(fields, "seconds"), _number(fields, "fraction")
    fault.seconds = fault.seconds if seconds is None else float(seconds)
    fault.fraction = fault.fraction if fraction is None else fraction
    if fault.count < 1 or fault.seconds < 0 or not 0 <= fault.fraction <= 1:
        raise ValueError("count: at least 1; seconds: not negative; fraction: from 0 to 1")
    if fault.status is not None and not 200 <= fault.status <= 599:
        raise ValueError("status: from 200 to 599")
    return fault


def _whole(fields: Fields, name: str) -> int | None:
    number = _number(fields, name)
    return None if number is None else int(number)


def _number(fields: Fields, name: str) -> Decimal | None:
    given = fields.get(name)
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | Decimal):
        raise ValueError(f"{name}: a number is expected")
    return Decimal(given)
