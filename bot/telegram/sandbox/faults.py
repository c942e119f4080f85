"""Trouble on request: the next calls are answered wrongly, late, or not at all."""

from dataclasses import dataclass, field
from typing import Literal

import msgspec

Kind = Literal["429", "500", "timeout", "drop"]


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`count` calls of `method` (any, when absent) go wrong.

    `timeout` holds the call for `seconds` without doing it; `drop` cuts the connection, `before`
    the call is done or `after` it (the answer is lost).
    """

    kind: Kind
    method: str | None = None
    retry_after: int = 1
    count: int = 1
    when: Literal["before", "after"] = "before"
    seconds: float = 60.0


@dataclass(slots=True)
class Faults:
    """The faults still to happen, oldest first."""

    waiting: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Arrange a fault; a count of 0 or less clears those of the same kind and method."""
        if fault.count > 0:
            self.waiting.append(fault)
            return
        alike = (fault.kind, fault.method)
        self.waiting = [kept for kept in self.waiting if (kept.kind, kept.method) != alike]

    def strike(self, method: str) -> Fault | None:
        """The fault that befalls this call, used up by it."""
        for fault in self.waiting:
            if fault.method is None or fault.method.lower() == method.lower():
                fault.count -= 1
                if fault.count == 0:
                    self.waiting.remove(fault)
                return fault
        return None
