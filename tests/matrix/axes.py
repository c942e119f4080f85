"""The axes of the fault matrix, and which of its cells mean something."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Moment(StrEnum):
    """Where in its life an order, a cancel or a bracket's exits are when it happens."""

    BEFORE_SEND = "before send"
    ON_THE_WIRE = "sent, not arrived"
    SENT = "sent, not answered"
    ACKNOWLEDGED = "after ack"
    PARTLY_FILLED = "partly filled"
    CANCELLING = "cancel in flight"
    EXITS = "exits in flight"


class Interruption(StrEnum):
    """What is lost at that moment."""

    NONE = "none"
    DROP = "connection drop"
    KILL = "service killed"
    OUTAGE = "database away"
    DATABASE = "database killed"


class Kind(StrEnum):
    """Where a fault bites: on what we send, on what is said of it, or when we come back."""

    PLAIN = "plain"
    INPUT = "input"
    FRAMES = "frames"
    RETURN = "return"


INPUTS: Final[Mapping[Moment, str]] = {
    Moment.BEFORE_SEND: "on",
    Moment.ON_THE_WIRE: "on",
    Moment.SENT: "on",
    Moment.CANCELLING: "oc",
    Moment.EXITS: "on",
}
FRAMES: Final[Mapping[Moment, str]] = {
    **dict.fromkeys(Moment, "te"),
    Moment.CANCELLING: "oc",
    Moment.EXITS: "on",
}
REFUSE: Final = "refuse"
ORDERS_READ = "/auth/r/orders"


@dataclass(frozen=True)
class Fault:
    """A string of the simulator's to pull, once: `what` it is called there, and its fields.

    `REFUSE` is no string: the way there is shut for so many `seconds`.
    """

    name: str
    kind: Kind
    script: Mapping[str, object] = field(default_factory=dict)
    what: str = "fault"
    frame: str = ""

    def fields(self, moment: Moment) -> Mapping[str, object]:
        """What to post to `/control/{what}`."""
        if self.kind is Kind.INPUT:
            return {"where": INPUTS[moment], **self.script}
        if self.kind is Kind.FRAMES:
            return {"where": self.frame or FRAMES[moment], **self.script}
        return self.script


def _frames(name: str, kind: str, frame: str = "", **more: object) -> Fault:
    return Fault(name, Kind.FRAMES, {"kind": kind, **more}, frame=frame)


def _back(name: str, kind: str, where: str = ORDERS_READ, **more: object) -> Fault:
    return Fault(name, Kind.RETURN, {"kind": kind, "where": where, **more})


FAULTS: Final = (
    Fault("no fault", Kind.PLAIN),
    Fault("input lost with its connection", Kind.INPUT, {"kind": "drop_before_processing"}),
    Fault("refused", Kind.INPUT, {"kind": "refuse"}),
    Fault("partial fill", Kind.INPUT, {"kind": "partial_fill", "fraction": 0.4}),
    Fault("maintenance", Kind.PLAIN, {"on": True, "seconds": 3}, what="maintenance"),
    _frames("dropped before the answer", "drop_before_ack"),
    _frames("dropped after the answer", "drop_after_ack"),
    _frames("closed in due form", "close"),
    _frames("asked to reconnect", "reconnect"),
    _frames("silent socket", "silent"),
    _frames("delayed", "delay", seconds=2),
    _frames("delayed beyond patience", "delay", seconds=12),
    _frames("duplicated", "duplicate"),
    _frames("shuffled", "shuffle"),
    _frames("sequence gap", "sequence_gap"),
    _frames("lost frame", "lost_frame"),
    _frames("unknown frame", "unknown_frame"),
    _frames("garbage", "garbage"),
    _frames("short row", "short_rows"),
    _frames("long row", "long_rows"),
    _back("rest 429", "429", retry_after=5),
    _back("rest 429 without a word how long", "429"),
    _back("rest 500", "500", count=2),
    _back("rest fails until the breaker opens", "500", "/auth/r/", count=6),
    _back("rest answers in html", "html", count=2),
    _back("rest answers late", "late_answer", seconds=4),
    _back("rest answers too late", "late_answer", seconds=15),
    _back("rest answer lost", "lost_answer", count=2),
    _back("rest nonce small", "nonce_small"),
    _back("rest short rows", "short_rows"),
    _back("rest long rows", "long_rows"),
    _back("sign-in nonce small", "nonce_small", "auth"),
    _back("silent after sign-in", "silent", "auth"),
    _back("handshake 429", "429", "/ws/2"),
    Fault("connections refused", Kind.RETURN, {"seconds": 4}, what=REFUSE),
)

WITH_A_SERVER: Final = (
    "no fault",
    "refused",
    "partial fill",
    "dropped before the answer",
    "lost frame",
    "delayed beyond patience",
    "rest 500",
    "rest answer lost",
)
"""As many at a time as the server has connections for."""

ASKED_AGAIN = "the link holds, so nobody signs in or reads by REST"
NOTHING_SENT = "nothing of ours is on its way at this moment"
NO_ANSWER_MEANT = "what never arrives is not answered, so its answer cannot be hurt"
A_FEW = "a real server is killed for one fault of each sort; for all others its absence is played"
NOT_TAKEN = "cancels trade nothing, and exits only rest"
AS_AFTER_A_DROP = "the way back is the same as after a connection drop"


@dataclass(frozen=True)
class Cell:
    """One scene of the matrix."""

    fault: Fault
    moment: Moment
    interruption: Interruption

    @property
    def name(self) -> str:
        return f"{self.fault.name} / {self.moment} / {self.interruption}"

    def pointless(self) -> str | None:
        """Why there is nothing to see; None when there is."""
        kind, moment = self.fault.kind, self.moment
        quiet = self.interruption is Interruption.NONE
        if self.interruption is Interruption.DATABASE and self.fault.name not in WITH_A_SERVER:
            return A_FEW
        if kind is Kind.RETURN and quiet:
            return ASKED_AGAIN
        if kind is Kind.RETURN and self.interruption is Interruption.OUTAGE:
            return None if moment in (Moment.SENT, Moment.EXITS) else AS_AFTER_A_DROP
        if kind is Kind.INPUT and moment not in INPUTS:
            return NOTHING_SENT
        if self.fault.name == "partial fill" and moment in (Moment.CANCELLING, Moment.EXITS):
            return NOT_TAKEN
        if kind in (Kind.INPUT, Kind.FRAMES) and not quiet:
            return self._unanswered()
        return None

    def _unanswered(self) -> str | None:
        """Whether what is sent never arrives, so that nothing is said of it."""
        dropped = self.interruption is Interruption.DROP
        on_its_way = self.moment is Moment.ON_THE_WIRE
        if on_its_way or (dropped and self.moment is Moment.BEFORE_SEND):
            return NO_ANSWER_MEANT
        return None


def cells(moments: tuple[Moment, ...], interruptions: tuple[Interruption, ...]) -> list[Cell]:
    """Every cell, pointless ones included."""
    return [
        Cell(fault, moment, interruption)
        for moment in moments
        for interruption in interruptions
        for fault in FAULTS
    ]
