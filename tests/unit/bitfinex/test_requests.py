"""Orders by call and answer: STATUS counts, HTTP 200 does not, and nothing is sent twice."""

from decimal import Decimal

import pytest

from engine.bitfinex.requests import BitfinexOrderRequests
from engine.model.approval import ApprovedChange
from engine.model.change import OrderChange
from engine.model.errors import (
    ExchangeError,
    ExchangeRefused,
    ExchangeUnreachable,
    InvalidInput,
    LinkDown,
    RateLimited,
)
from engine.model.ids import OrderId
from engine.model.operation import Cancellation, Outcome
from engine.model.order import OrderStatus
from engine.model.report import BulkCancelRefused, CancelRefused, LinkLost
from engine.record_ports import OrderRequests
from tests.unit.bitfinex.answering import (
    LOST,
    Answer,
    Fields,
    always,
    approved_of,
    exchange_of,
    notification,
    order_in_book,
    order_row,
    terms_of,
)
from tests.unit.bitfinex.doubles import Told, background, eventually

REFUSED = (500, ["error", 10001, "Invalid order: minimum size for BTCUSD is 0.00006"])


async def test_a_submit_has_the_fields_of_the_socket_and_tells_the_order() -> None:
    taken = notification("on-req", [order_row(118, 1700000000001)], words="Submitting 1 orders.")
    async with exchange_of(always(200, taken)) as (found, questions):
        port: OrderRequests = found.requests
        (order,) = await port.submit(approved_of())
        assert (order.order_id, order.cid) == (118, 1700000000001)
        assert questions.paths == ["auth/w/order/submit"]
        assert questions.last["cid"] == 1700000000001
        assert questions.last["amount"] == "0.5"


async def test_an_oco_comes_back_as_two() -> None:
    both = [order_row(7, 71, flags=16384), order_row(8, 72, type="EXCHANGE STOP", placed=7)]
    async with exchange_of(always(200, notification("on-req", both))) as (found, questions):
        wanted = approved_of(terms_of(oco_stop=Decimal(28000)), key=71, partner=72)
        limit, stop = await found.requests.submit(wanted)
        assert stop.parent_id == limit.order_id
        assert questions.last["cid_oco"] == 72


async def test_accepted_is_no_promise() -> None:
    gone = notification("on-req", [order_row(118, 5, status="POSTONLY CANCELED", meta={"$F7": 1})])
    async with exchange_of(always(200, gone)) as (found, _):
        (order,) = await found.requests.submit(approved_of(terms_of(post_only=True)))
        assert order.status is OrderStatus.CANCELLED


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (REFUSED, ExchangeRefused),
        ((200, notification("on-req", [order_row(0, 5)], "ERROR", "no")), ExchangeRefused),
        ((200, notification("on-req", None, "FAILURE", "no")), ExchangeRefused),
        ((200, notification("on-req", [order_row(1, 5)], "INFO", "?")), ExchangeUnreachable),
        ((200, []), ExchangeUnreachable),
        ((200, [1, 2]), ExchangeUnreachable),
        ((200, "{}"), ExchangeError),
        ((502, "<html>bad gateway</html>"), ExchangeUnreachable),
        (LOST, ExchangeUnreachable),
        ((429, {"error": "ERR_RATE_LIMIT"}), RateLimited),
        ((500, ["error", 10114, "nonce: small."]), ExchangeRefused),
    ],
)
async def test_a_submit_goes_out_once_whatever_comes_back(
    answer: Answer, kind: type[ExchangeError]
) -> None:
    async with exchange_of(always(*answer)) as (found, questions):
        with pytest.raises(kind):
            await found.requests.submit(approved_of())
        assert questions.paths == ["auth/w/order/submit"]


async def test_an_amend() -> None:
    before = notification("ou-req", order_row(118, 5))
    async with exchange_of(always(200, before)) as (found, questions):
        change = OrderChange(price=Decimal(31000), amount=Decimal("0.7"))
        (order,) = await found.requests.amend(ApprovedChange(order=order_in_book(), change=change))
        assert order.order_id == 118
        assert questions.asked == [
            ("auth/w/order/update", {"id": 118, "price": "31000", "delta": "0.2"})
        ]


async def test_cancels() -> None:
    def answer(path: str, fields: Fields) -> Answer:
        one = notification("oc-req", order_row(118, 5))
        many = notification("oc_multi-req", [order_row(118, 5), order_row(119, 6)])
        return 200, one if path.endswith("cancel") else many

    async with exchange_of(answer) as (found, questions):
        asked = found.requests
        assert len(await asked.cancel([order_in_book()])) == 1
        await asked.cancel([order_in_book(order_id=None)])
        await asked.cancel([order_in_book(), order_in_book(order_id=119)])
        assert len(await asked.cancel_all()) == 2
        await asked.cancel_group(77)
        assert await asked.cancel([]) == ()
        assert questions.asked == [
            ("auth/w/order/cancel", {"id": 118}),
            ("auth/w/order/cancel", {"cid": 1700000000001, "cid_date": "2026-03-01"}),
            ("auth/w/order/cancel/multi", {"id": [118, 119]}),
            ("auth/w/order/cancel/multi", {"all": 1}),
            ("auth/w/order/cancel/multi", {"gid": [77]}),
        ]


def echo(path: str, fields: Fields) -> Answer:
    """Every operation succeeds, but orders with a cid divisible by ten."""
    ops = fields["ops"]
    assert isinstance(ops, list)
    inner = []
    for kind, asked in ops:
        cid = int(asked["cid"]) if kind == "on" else 0
        good = kind != "on" or cid % 10 != 0
        row = order_row(1000 + cid, cid)
        data = [row] if kind in ("on", "oc_multi") else row
        status, words = ("SUCCESS", "ok") if good else ("ERROR", "Invalid order: no")
        inner.append(notification(f"{kind}-req", data, status, words))
    return 200, notification("ox_multi-req", inner)


async def carried(requests: BitfinexOrderRequests, count: int) -> list[Outcome]:
    wishes = [approved_of(key=key) for key in range(1, count + 1)]
    return [answer.outcome for answer in await requests.carry_out(wishes)]


async def test_several_wishes_each_get_an_answer_in_order() -> None:
    async with exchange_of(echo) as (found, questions):
        change = ApprovedChange(order=order_in_book(), change=OrderChange(price=Decimal(1)))
        mixed = Cancellation(
            orders=(order_in_book(), order_in_book(order_id=119), order_in_book(order_id=None))
        )
        answers = await found.requests.carry_out(
            [approved_of(key=9), approved_of(key=10), change, mixed, Cancellation(orders=())]
        )
        assert [answer.outcome for answer in answers] == [
            Outcome.ACCEPTED,
            Outcome.REFUSED,
            Outcome.ACCEPTED,
            Outcome.ACCEPTED,
            Outcome.ACCEPTED,
        ]
        assert answers[0].orders[0].cid == 9
        assert answers[1].words == "Invalid order: no"
        assert len(answers[3].orders) == 2
        ((path, fields),) = questions.asked
        assert path == "auth/w/order/multi"
        ops = fields["ops"]
        assert isinstance(ops, list)
        assert [kind for kind, _ in ops] == ["on", "on", "ou", "oc_multi", "oc_multi"]


async def test_more_than_75_go_out_in_several_calls() -> None:
    async with exchange_of(echo) as (found, questions):
        outcomes = await carried(found.requests, 160)
        assert [len(fields["ops"]) for _, fields in questions.asked] == [75, 75, 10]  # type: ignore[arg-type]  # JSON
        assert len(outcomes) == 160
        assert outcomes.count(Outcome.REFUSED) == 16
        assert await found.requests.carry_out([]) == ()


async def test_the_first_call_lost_raises_and_is_not_repeated() -> None:
    async with exchange_of(always(*LOST)) as (found, questions):
        with pytest.raises(ExchangeUnreachable):
            await carried(found.requests, 80)
        assert len(questions.asked) == 1


@pytest.mark.parametrize(
    ("second", "outcome"),
    [(LOST, Outcome.UNKNOWN), ((429, {"error": "ERR_RATE_LIMIT"}), Outcome.REFUSED)],
)
async def test_a_later_call_lost_leaves_the_rest_unsent(second: Answer, outcome: Outcome) -> None:
    calls: list[Fields] = []

    def answer(path: str, fields: Fields) -> Answer:
        calls.append(fields)
        return second if len(calls) == 2 else echo(path, fields)

    async with exchange_of(answer) as (found, _):
        outcomes = await carried(found.requests, 160)
        assert len(calls) == 2
        assert set(outcomes[75:150]) == {outcome}
        assert set(outcomes[150:]) == {Outcome.NOT_SENT}


async def test_answers_that_do_not_match_are_not_guessed_at() -> None:
    one = notification("ox_multi-req", [notification("on-req", [order_row(1, 1)])])
    async with exchange_of(always(200, one)) as (found, _):
        assert await carried(found.requests, 2) == [Outcome.UNKNOWN, Outcome.UNKNOWN]


async def test_a_cancel_goes_by_rest_while_the_link_is_down_and_a_submit_never() -> None:
    taken = notification("oc-req", order_row(118, 5))
    async with exchange_of(always(200, taken)) as (found, questions):
        await found.cancel([order_in_book()])
        assert questions.asked == [("auth/w/order/cancel", {"id": 118})]
        with pytest.raises(LinkDown):
            await found.submit(approved_of())
        change = ApprovedChange(order=order_in_book(), change=OrderChange(price=Decimal(1)))
        with pytest.raises(LinkDown):
            await found.amend(change)
        assert len(questions.asked) == 1


@pytest.mark.parametrize(
    ("count", "told_of"),
    [
        (1, CancelRefused(order_id=OrderId(118), reason="Order not found.")),
        (2, BulkCancelRefused(reason="Order not found.")),
    ],
)
async def test_what_rest_refuses_to_cancel_is_told_like_the_sockets_refusal(
    count: int, told_of: CancelRefused | BulkCancelRefused
) -> None:
    told = Told()
    async with (
        exchange_of(always(500, ["error", 10001, "Order not found."])) as (found, _),
        background(found.run(told.absorb)),
    ):
        await eventually(lambda: told.count(LinkLost) == 1)
        await found.cancel([order_in_book(order_id=118 + n) for n in range(count)])
        await eventually(lambda: told_of in told.reports)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(LOST, ExchangeUnreachable), ((429, {"error": "ERR_RATE_LIMIT"}), LinkDown)],
)
async def test_a_cancel_that_cannot_leave_at_all_is_said_so(
    answer: Answer, kind: type[ExchangeError]
) -> None:
    async with exchange_of(always(*answer)) as (found, _):
        with pytest.raises(kind):
            await found.cancel([order_in_book()])


async def test_nonsense_never_leaves() -> None:
    async with exchange_of(echo) as (found, questions):
        with pytest.raises(InvalidInput):
            await found.requests.carry_out([approved_of(), approved_of(terms_of(price=None))])
        assert questions.asked == []
