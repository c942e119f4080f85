"""Frames of the account channel to reports (facts sheet 6.7, 7)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

import msgspec
import structlog

from engine.bitfinex import decode
from engine.bitfinex.account_rows import AcceptedRow, Frame, OrderRow, TradeRow, WalletRow
from engine.bitfinex.notices import accepted, notice
from engine.bitfinex.outstanding import Outstanding
from engine.bitfinex.rows import readable, shortened
from engine.bitfinex.wire import NOT_READABLE, Row, Unreadable, exact_row, field, row_of, text
from engine.model.report import BalancesReport, OrdersSnapshot, PositionsReport, Report

Reader = Callable[[Row], Sequence[Report]]
Heard = tuple[Row, Sequence[Report]]
R = TypeVar("R")
_log = structlog.get_logger(__name__)


def _orders(rows: Row) -> Sequence[Report]:
    return (OrdersSnapshot(orders=readable(rows, decode.order)),)


def _balances(payload: Row) -> Sequence[Report]:
    if payload and isinstance(payload[0], str):
        return _balance(payload)
    return (BalancesReport(balances=readable(payload, decode.balance), whole=True),)


def _balance(row: Row) -> Sequence[Report]:
    return (BalancesReport(balances=(decode.balance(row),)),)


def _positions(rows: Row) -> Sequence[Report]:
    positions = readable(rows, decode.position)
    # one that could not be read is not one that was closed
    return (PositionsReport(positions=positions, whole=len(positions) == len(rows)),)


def _position(row: Row) -> Sequence[Report]:
    return (PositionsReport(positions=(decode.position(row),)),)


def _closed_position(row: Row) -> Sequence[Report]:
    return (PositionsReport(positions=(decode.closed_position(row),)),)


def _wallet(row: WalletRow) -> Report:
    return BalancesReport(balances=(decode.balance_told(row),))


def _order(row: Row) -> Sequence[Report]:
    return (decode.order(row),)


def _closed_order(row: Row) -> Sequence[Report]:
    return (decode.closed_order(row),)


def _trade(row: Row, *, settled: bool) -> Sequence[Report]:
    return (decode.fill(row, settled=settled),)


_READERS: Mapping[str, Reader] = {
    "os": _orders,
    "on": _order,
    "ou": _order,
    "oc": _closed_order,
    "te": partial(_trade, settled=False),
    "tu": partial(_trade, settled=True),
    "ws": _balances,
    "wu": _balance,
    "ps": _positions,
    "pn": _position,
    "pu": _position,
    "pc": _closed_position,
}


def _fitting(kind: type[Frame[R]], tell: Callable[[R], Report]) -> Callable[[bytes], Heard]:
    """A reader of such frames, in one go; raises one of NOT_READABLE for all others."""
    decoder = msgspec.json.Decoder(kind)

    def read(raw: bytes) -> Heard:
        frame = decoder.decode(raw)
        return (0, frame.kind, None, frame.number, frame.own), (tell(frame.row),)

    return read


# by the first bytes of a frame as the exchange writes it
_FITTING: Mapping[bytes, Callable[[bytes], Heard]] = {
    b'[0,"n",': _fitting(Frame[AcceptedRow], accepted),
    b'[0,"on"': _fitting(Frame[OrderRow], decode.order_told),
    b'[0,"ou"': _fitting(Frame[OrderRow], decode.order_told),
    b'[0,"oc"': _fitting(Frame[OrderRow], lambda row: decode.closed(decode.order_told(row))),
    b'[0,"te"': _fitting(Frame[TradeRow], partial(decode.fill_told, settled=False)),
    b'[0,"tu"': _fitting(Frame[TradeRow], partial(decode.fill_told, settled=True)),
    b'[0,"wu"': _fitting(Frame[WalletRow], _wallet),
}
_HEAD = 7

_UNUSED = frozenset({"hb", "bu", "miu", "hos", "hts", "hfos", "hfts", "ats"})
_FUNDING = "f"
_MOST_KINDS = 50


class AccountFrames:
    """Reads frames of channel 0 and counts those it does not know.

    `outstanding` are the orders sent and not yet answered.
    """

    def __init__(self) -> None:
        self.unknown: Counter[str] = Counter()
        self.outstanding = Outstanding()

    def hear(self, raw: bytes) -> Heard:
        """A frame's bytes: the frame, perhaps without its row, and what it reports.

        Raises `Unreadable` where they are no frame at all.
        """
        try:
            frame, reports = _FITTING[raw[:_HEAD]](raw)
        except (KeyError, *NOT_READABLE):
            frame = exact_row(raw)
            return frame, self.read(frame)
        self.outstanding.heard(reports)
        return frame, reports

    def read(self, frame: Row) -> Sequence[Report]:
        """What the frame reports: nothing for funding, heartbeats and kinds unheard of."""
        try:
            return self._read(frame)
        except Unreadable as error:
            _log.error("exchange.frame_unreadable", error=str(error), frame=shortened(frame))
            return ()

    def _read(self, frame: Row) -> Sequence[Report]:
        kind = text(frame, 1)
        reader = self._notice if kind == "n" else _READERS.get(kind)
        if reader is not None and field(frame, 0) == 0:
            reports = reader(row_of(field(frame, 2)))
            self.outstanding.heard(reports)
            return reports
        if kind not in _UNUSED and not kind.startswith(_FUNDING):
            self._note(kind, frame)
        return ()

    def _notice(self, row: Row) -> Sequence[Report]:
        return notice(row, self.outstanding)

    def _note(self, kind: str, frame: Row) -> None:
        if kind not in self.unknown and len(self.unknown) >= _MOST_KINDS:
            kind = "others"
        self.unknown[kind] += 1
        if self.unknown[kind] == 1:
            _log.warning("exchange.frame_unknown", kind=kind, frame=shortened(frame))
