"""A change over the socket, and what the exchange says to it."""

import json
from decimal import Decimal

from engine.model.approval import ApprovedChange
from engine.model.change import OrderChange
from engine.model.report import AmendRefused, LinkUp, OrderReport
from tests.unit.bitfinex.answering import notification, order_in_book, order_row
from tests.unit.bitfinex.doubles import Peer, config, eventually, playing, running_exchange


async def answer_changes(peer: Peer) -> None:
    await peer.let_in()
    while True:
        heard = (await peer.heard()).get("frame")
        assert isinstance(heard, list)
        number = heard[3]["id"]
        if number == 118:
            before = order_row(118, 1700000000001)
            after = order_row(118, 1700000000001, price=31000, type_prev="EXCHANGE LIMIT")
            await peer.tell([0, "n", notification("ou-req", before)], [0, "ou", after])
        else:
            refused = [number, *[None] * 31]
            words = notification("ou-req", refused, "ERROR", "Order not found.")
            await peer.tell([0, "n", words])


async def test_a_change_goes_out_as_one_frame_and_its_fate_comes_back() -> None:
    change = OrderChange(price=Decimal(31000))
    async with (
        playing(answer_changes) as stage,
        running_exchange(config(ws=stage.url)) as (found, told),
    ):
        await eventually(lambda: told.count(LinkUp) == 1)
        await found.amend(ApprovedChange(order=order_in_book(), change=change))
        await found.amend(ApprovedChange(order=order_in_book(order_id=404), change=change))
        await eventually(lambda: told.count(AmendRefused) == 1)
    changed = next(r for r in told.reports if isinstance(r, OrderReport))
    assert changed.terms.price == 31000
    refused = next(r for r in told.reports if isinstance(r, AmendRefused))
    assert (refused.order_id, refused.reason) == (404, "Order not found.")
    frames = [message for message in stage.received if isinstance(message, list)]
    assert json.dumps(frames[0]) == '[0, "ou", null, {"id": 118, "price": "31000"}]'
