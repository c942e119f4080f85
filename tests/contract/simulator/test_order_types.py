"""Every type of order in both wallets, and what the flags make of it."""

from decimal import Decimal

import pytest

from tests.contract.simulator.client import Socket, Wire, kinds

PREFIXES = ("EXCHANGE ", "")


def filled(prefix: str) -> list[str]:
    """What a taker hears when its order is filled at once, after the notification."""
    spot = ["oc", "te", "tu", "wu", "wu"]
    margin = ["pn", "oc", "te", "tu", "wu", "miu", "miu", "pu"]
    return spot if prefix else margin


async def ended(trader: Socket) -> None:
    """Once the order's end has been told."""
    await trader.until(lambda one: not one.is_event and one[1] == "oc")


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("MARKET", {}),
        ("LIMIT", {"price": "30100"}),
        ("IOC", {"price": "30100"}),
        ("FOK", {"price": "30100"}),
        ("STOP", {"price": "29900"}),
    ],
)
async def test_what_can_be_filled_is_filled_at_once(
    wire: Wire, prefix: str, kind: str, fields: dict[str, object]
) -> None:
    trader = await wire.trader()
    after = filled(prefix)
    order = {"symbol": "tBTCUSD", "amount": "0.001", "type": prefix + kind}
    frames = await trader.placed(1 + len(after), **order, **fields)
    assert kinds(frames) == ["n", *after]
    end = next(frame[2] for frame in frames if frame[1] == "oc")
    assert [end[6], end[7], end[8]] == [0, Decimal("0.001"), prefix + kind]
    assert str(end[13]).startswith("EXECUTED @ 30001.0(0.001)")


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize(
    ("kind", "fields", "reached"),
    [
        ("LIMIT", {"price": "31000"}, "31001"),
        ("STOP", {"price": "29000"}, "28999"),
        ("STOP LIMIT", {"price": "29000", "price_aux_limit": "28000"}, "28999"),
        ("TRAILING STOP", {"price_trailing": "700"}, "29300"),
    ],
)
async def test_what_waits_is_filled_when_it_is_reached(
    wire: Wire, prefix: str, kind: str, fields: dict[str, object], reached: str
) -> None:
    trader = await wire.trader()
    order = {"symbol": "tBTCUSD", "amount": "-0.001", "type": prefix + kind}
    frames = await trader.placed(2, **order, **fields)
    assert [frames[1][1], frames[1][2][13]] == ["on", "ACTIVE"]
    await wire.control("price", symbol="tBTCUSD", price=reached)
    await ended(trader)
    (trade,) = (await wire.post("auth/r/trades/hist"))[1]
    assert [trade[4], trade[3]] == [Decimal("-0.001"), frames[1][2][0]]
    (position, *_), spot = [*(await wire.state())["positions"], None], bool(prefix)
    assert (position is None) == spot


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_what_cannot_be_filled_whole_is_not_kept(wire: Wire, prefix: str) -> None:
    trader = await wire.trader()
    order = {"symbol": "tBTCUSD", "amount": "1.2"}
    ioc = await trader.placed(2, **order, type=f"{prefix}IOC", price="29999")
    fok = await trader.placed(2, **order, type=f"{prefix}FOK", price="30001")
    assert [ioc[1][2][13], fok[1][2][13]] == ["IOC CANCELED", "FILLORKILL CANCELED"]
    assert (await wire.state())["orders"] == []


async def test_a_hidden_order_is_in_no_book(wire: Wire) -> None:
    trader = await wire.trader()
    limit = {"type": "EXCHANGE LIMIT", "symbol": "tBTCUSD", "amount": "0.77", "price": "29999"}
    hidden = (await trader.placed(2, **limit, flags=64))[1][2]
    assert [hidden[12], hidden[24]] == [64, 1]
    raw = (await wire.get("book/tBTCUSD/R0"))[1]
    assert hidden[0] not in [row[0] for row in raw]
    shown = (await trader.placed(2, **limit, flags=4160 - 64))[1][2]
    assert [shown[24], shown[31]] == [0, {"$F7": 1}]
    assert shown[0] in [row[0] for row in (await wire.get("book/tBTCUSD/R0"))[1]]


async def test_a_hidden_order_may_be_shown_once_it_is_hit(wire: Wire) -> None:
    trader = await wire.trader()
    limit = {"type": "EXCHANGE LIMIT", "symbol": "tBTCUSD", "amount": "0.5", "price": "29990"}
    await trader.placed(2, **limit, flags=64, meta={"make_visible": 1})
    await wire.control("price", symbol="tBTCUSD", price="29990", volume="0.2")
    changed = await trader.until(lambda one: not one.is_event and one[1] == "ou")
    assert [changed[2][6], changed[2][12], changed[2][24]] == [Decimal("0.3"), 0, 0]
