"""Faults by script: what goes wrong, how often, and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.simulator.wire.json import Fields, Json

KINDS = frozenset(
    {
        "drop_before_processing",
        "drop_before_ack",
        "drop_after_ack",
        "lost_answer",
        "delay",
        "duplicate",
        "shuffle",
        "429",
        "500",
        "html",
        "nonce_small",
        "silent",
        "partial_fill",
    }
)


@dataclass(slots=True, kw_only=True)
class Fault:
    """One scripted fault.

    `where` is a part of the REST path or a websocket input's type (`on`, `oc`, ...), `key` an API
    key; empty means any. `seconds` is for delays, `fraction` for partial fills, `after` is the
    frame a connection still sees before it drops.
    """

    kind: str
    count: int = 1
    where: str = ""
    key: str = ""
    seconds: float = 0.2
    fraction: Decimal = Decimal("0.5")
    after: str = "n"


class Faults:
    """The faults still to come."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def clear(self) -> None:
        self._waiting.clear()

    def take(self, kind: str, where: str = "", key: str = "") -> Fault | None:
        """The first waiting fault of this kind that fits, used up by one."""
        for fault in self._waiting:
            fits = fault.kind == kind and fault.where in where and fault.key in ("", key)
            if fits and fault.count > 0:
                fault.count -= 1
                self._waiting = [left for left in self._waiting if left.count > 0]
                return fault
        return None

    def described(self) -> list[Mapping[str, Json]]:
        return [
            {"kind": fault.kind, "count": fault.count, "where": fault.where, "key": fault.key}
            for fault in self._waiting
        ]


def read_fault(fields: Fields) -> Fault:
    """A fault from `{kind, count?, where?, key?, seconds?, fraction?, after?}`."""
    kind = str(fields.get("kind", ""))
    if kind not in KINDS:
        raise ValueError(f"kind: {kind!r} is none of {', '.join(sorted(KINDS))}")
    fault = Fault(kind=kind)
    fault.count = int(_number(fields, "count", Decimal(1)))
    fault.seconds = float(_number(fields, "seconds", Decimal("0.2")))
    fault.fraction = _number(fields, "fraction", Decimal("0.5"))
    fault.where = str(fields.get("where", ""))
    fault.key = str(fields.get("key", ""))
    fault.after = str(fields.get("after", "n"))
    if fault.count < 1 or fault.seconds < 0 or not 0 <= fault.fraction <= 1:
        raise ValueError("count: at least 1; seconds: not negative; fraction: from 0 to 1")
    return fault


def _number(fields: Fields, name: str, otherwise: Decimal) -> Decimal:
    given = fields.get(name, otherwise)
    if isinstance(given, bool) or not isinstance(given, int | Decimal):
        raise ValueError(f"{name}: a number is expected")
    return Decimal(given)
