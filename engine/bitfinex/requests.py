"""Orders by call and answer: over REST, each sent exactly once (facts sheet 3, 5.5)."""

from collections.abc import Iterator, Mapping, Sequence

from engine.bitfinex import decode
from engine.bitfinex.changes import changed_fields
from engine.bitfinex.encode import cancels, new_order
from engine.bitfinex.limits import TokenBucket
from engine.bitfinex.notices import Notice, notice_of
from engine.bitfinex.rest import PrivateRest
from engine.bitfinex.rows import readable
from engine.bitfinex.wire import Unreadable, row_of
from engine.model.approval import ApprovedChange, ApprovedOrder
from engine.model.errors import ExchangeError, ExchangeRefused, ExchangeUnreachable
from engine.model.operation import Answer, Operation, Outcome
from engine.model.order import Order
from engine.model.report import OrderReport

OPERATIONS_PER_CALL = 75

Wire = tuple[str, Mapping[str, object]]
_CANCEL_PATHS = {"oc": "auth/w/order/cancel", "oc_multi": "auth/w/order/cancel/multi"}


class BitfinexOrderRequests:
    """The `OrderRequests` port; `orders` is the exchange's limit on new ones."""

    def __init__(self, rest: PrivateRest, orders: TokenBucket) -> None:
        self._rest = rest
        self._orders = orders

    async def submit(self, order: ApprovedOrder) -> tuple[OrderReport, ...]:
        """The order as it was taken in, an OCO's two."""
        fields = new_order(order)
        urgent = order.urgent or order.terms.reduce_only
        await self._orders.take(urgent=urgent)
        return await self._asked("auth/w/order/submit", fields, urgent=urgent)

    async def amend(self, change: ApprovedChange) -> tuple[OrderReport, ...]:
        """The order, perhaps as it was before the change."""
        return await self._asked("auth/w/order/update", changed_fields(change))

    async def cancel(self, orders: Sequence[Order]) -> tuple[OrderReport, ...]:
        """Those that will be cancelled, as they were before; one call for up to 75."""
        found: list[OrderReport] = []
        for number, (kind, fields) in enumerate(cancels(orders)):
            try:
                found += await self._asked(_CANCEL_PATHS[kind], fields)
            except ExchangeRefused:
                raise
            except ExchangeError as error:
                if number == 0:
                    raise
                raise ExchangeUnreachable(f"Only some were cancelled: {error.sentence}") from error
        return tuple(found)

    async def cancel_all(self) -> tuple[OrderReport, ...]:
        """Every order of the account, whoever made it."""
        return await self._asked(_CANCEL_PATHS["oc_multi"], {"all": 1})

    async def cancel_group(self, group: int) -> tuple[OrderReport, ...]:
        """Every order of a group."""
        return await self._asked(_CANCEL_PATHS["oc_multi"], {"gid": [group]})

    async def carry_out(self, operations: Sequence[Operation]) -> tuple[Answer, ...]:
        """Several wishes in their order, as few calls as can be; an answer to each.

        Raises only where nothing is known of any; what a later call loses is told as unknown.
        """
        wires = [list(_wires(operation)) for operation in operations]
        flat = [wire for some in wires for wire in some]
        answers: list[Answer] = []
        for start in range(0, len(flat), OPERATIONS_PER_CALL):
            chunk = flat[start : start + OPERATIONS_PER_CALL]
            try:
                answers += await self._together(chunk)
            except ExchangeError as error:
                if start == 0:
                    raise
                answers += _after(error, len(chunk), len(flat) - start)
                break
        told = iter(answers)
        return tuple(_summed([next(told) for _ in some]) for some in wires)

    async def _together(self, chunk: Sequence[Wire]) -> list[Answer]:
        for kind, _ in chunk:
            if kind == "on":
                await self._orders.take()
        told = await self._told("auth/w/order/multi", {"ops": chunk})
        inner = [_notice(row) for row in told.rows]
        if [notice.kind for notice in inner] != [f"{kind}-req" for kind, _ in chunk]:
            unclear = "The exchange did not say what became of this."
            return [Answer(outcome=Outcome.UNKNOWN, words=unclear) for _ in chunk]
        return [_answer(notice) for notice in inner]

    async def _asked(
        self, path: str, fields: Mapping[str, object], *, urgent: bool = False
    ) -> tuple[OrderReport, ...]:
        urgent = urgent or path in _CANCEL_PATHS.values()
        return _orders(await self._told(path, fields, urgent=urgent))

    async def _told(
        self, path: str, fields: Mapping[str, object], *, urgent: bool = False
    ) -> Notice:
        """The notification that answers; HTTP 200 alone is no success (1.3)."""
        told = _notice(await self._rest.write(path, fields, urgent=urgent))
        if told.refused:
            raise ExchangeRefused(told.words)
        if not told.accepted:
            raise ExchangeUnreachable(f"The exchange answered {told.status!r}: {told.words}")
        return told


def _wires(operation: Operation) -> Iterator[Wire]:
    match operation:
        case ApprovedOrder():
            yield "on", new_order(operation)
        case ApprovedChange():
            yield "ou", changed_fields(operation)
        case _:
            yield from cancels(operation.orders)


def _notice(answer: object) -> Notice:
    """What was asked may have been done, even when nobody can read the answer."""
    try:
        return notice_of(row_of(answer))
    except Unreadable as error:
        raise ExchangeUnreachable(
            "The exchange's answer could not be read: what was asked may have been done."
        ) from error


def _orders(told: Notice) -> tuple[OrderReport, ...]:
    return readable([list(row) for row in told.rows], decode.order)


def _answer(told: Notice) -> Answer:
    if told.refused:
        return Answer(outcome=Outcome.REFUSED, words=told.words)
    outcome = Outcome.ACCEPTED if told.accepted else Outcome.UNKNOWN
    return Answer(outcome=outcome, words=told.words, orders=_orders(told))


def _after(error: ExchangeError, asked: int, left: int) -> list[Answer]:
    """Answers to a call that failed and to those that never went out."""
    lost = isinstance(error, ExchangeUnreachable)
    outcome = Outcome.UNKNOWN if lost else Outcome.REFUSED
    failed = [Answer(outcome=outcome, words=error.sentence)] * asked
    return failed + [Answer(outcome=Outcome.NOT_SENT)] * (left - asked)


_WORST_FIRST = (Outcome.UNKNOWN, Outcome.NOT_SENT, Outcome.REFUSED, Outcome.ACCEPTED)


def _summed(answers: Sequence[Answer]) -> Answer:
    """One answer to a wish that went out in parts; the worst of them counts."""
    outcomes = {answer.outcome for answer in answers} or {Outcome.ACCEPTED}
    worst = next(outcome for outcome in _WORST_FIRST if outcome in outcomes)
    return Answer(
        outcome=worst,
        words=" ".join(dict.fromkeys(answer.words for answer in answers if answer.words)),
        orders=tuple(order for answer in answers for order in answer.orders),
    )
