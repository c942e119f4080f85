"""The order lives A to L of the facts sheet, section 7, message by message."""

from datetime import UTC, datetime
from decimal import Decimal

from tests.contract.simulator.client import Wire, kinds


async def test_a_market_buy_fills_at_once_without_on(wire: Wire) -> None:
    trader = await wire.trader()
    frames = await trader.placed(6, type="EXCHANGE MARKET", amount="0.001", price="0", cid=12)

    assert kinds(frames) == ["n", "oc", "te", "tu", "wu", "wu"]
    note, closed, executed, settled, quote, base = (frame[2] for frame in frames)
    assert [note[1], note[6], note[7]] == [
        "on-req",
        "SUCCESS",
        "Submitting exchange market buy order for 0.001 BTC.",
    ]
    assert len(note) == 8
    assert len(note[4]) == 32
    assert [len(closed), closed[2], closed[6]] == [32, 12, 0]
    assert closed[13] == "EXECUTED @ 30001.0(0.001)"
    assert [len(executed), executed[9], executed[10]] == [12, None, None]
    assert executed[:9] == settled[:9]
    assert [settled[8], settled[9], settled[10]] == [-1, Decimal("-0.000002"), "BTC"]
    assert [quote[1], quote[2], quote[4]] == ["USD", Decimal("99969.999"), None]
    assert [base[1], base[2]] == ["BTC", Decimal("2.000998")]
    await trader.nothing_more()


async def test_a_crossing_limit_sell_pays_its_fee_in_quote(wire: Wire) -> None:
    trader = await wire.trader()
    frames = await trader.placed(6, type="EXCHANGE LIMIT", amount="-0.001", price="29000")

    assert kinds(frames) == ["n", "oc", "te", "tu", "wu", "wu"]
    assert frames[1][2][13] == "EXECUTED @ 30000.0(-0.001)"
    assert [frames[3][2][9], frames[3][2][10]] == [Decimal("-0.06"), "USD"]
    assert [frames[4][2][1], frames[4][2][2]] == ["USD", Decimal("100029.94")]


async def test_b_margin_position_opens_reduces_flips_and_closes(wire: Wire) -> None:
    trader = await wire.trader()
    opened = await trader.placed(9, type="MARKET", amount="0.001", price="0")
    assert kinds(opened) == ["n", "pn", "oc", "te", "tu", "wu", "miu", "miu", "pu"]
    assert [len(opened[1][2]), opened[1][2][:4]] == [
        20,
        ["tBTCUSD", "ACTIVE", Decimal("0.001"), 30001],
    ]
    assert opened[5][2][:2] == ["margin", "USD"]
    assert opened[6][2][0] == "base"
    assert opened[7][2][:2] == ["sym", "tBTCUSD"]
    assert opened[8][2][6] == Decimal("-0.001")

    await wire.control("price", symbol="tBTCUSD", price="31000")
    flipped = await trader.placed(10, type="MARKET", amount="-0.002", price="0")
    assert kinds(flipped) == ["n", "pc", "pn", "oc", "te", "tu", "wu", "miu", "miu", "pu"]
    assert flipped[1][2][:3] == ["tBTCUSD", "CLOSED", 0]
    assert flipped[2][2][:4] == ["tBTCUSD", "ACTIVE", Decimal("-0.001"), 31000]
    fees = Decimal("0.060002") + Decimal("0.124")
    assert flipped[6][2][2] == 50_000 + Decimal("0.999") - fees

    closed = await trader.placed(8, type="MARKET", amount="1", price="0", flags=512)
    assert kinds(closed) == ["n", "oc", "te", "tu", "wu", "miu", "miu", "pc"]
    assert closed[0][2][4][13] == "ACTIVE (note:POSCLOSE)"
    assert closed[1][2][13] == "EXECUTED @ 31001.0(0.001) was ACTIVE (note:POSCLOSE)"
    assert closed[7][2][1] == "CLOSED"
    assert (await wire.state())["positions"] == []


async def test_c_limit_rests_and_is_cancelled(wire: Wire) -> None:
    trader = await wire.trader()
    accepted = await trader.placed(2, type="EXCHANGE LIMIT", amount="0.1", price="20000.16")
    assert kinds(accepted) == ["n", "on"]
    row = accepted[1][2]
    assert [row[13], row[16], row[28]] == ["ACTIVE", 20000, "API>BFX"]

    await trader.send([0, "oc", None, {"id": row[0]}])
    note, ended = await trader.account_frames(2)
    text = f"Submitted for cancellation; waiting for confirmation (ID: {row[0]})."
    assert [note[2][1], note[2][6], note[2][7]] == ["oc-req", "SUCCESS", text]
    assert note[2][4][13] == "ACTIVE"
    assert [ended[1], ended[2][13], ended[2][6]] == ["oc", "CANCELED", Decimal("0.1")]

    await trader.send([0, "oc", None, {"id": row[0]}])
    (again,) = await trader.account_frames(1)
    assert [again[2][1], again[2][6], again[2][7]] == ["oc-req", "ERROR", "Order not found."]
    assert again[2][4][0] == row[0]
    assert set(again[2][4][1:]) == {None, 0}
    await trader.nothing_more()


async def test_c_cancel_by_cid_needs_the_day(wire: Wire) -> None:
    trader = await wire.trader()
    frames = await trader.placed(2, type="EXCHANGE LIMIT", amount="0.1", price="20000", cid=5)
    await trader.send([0, "oc", None, {"cid": 5, "cid_date": "1999-01-01"}])
    assert (await trader.account_frames(1))[0][2][7] == "Order not found."
    day = datetime.fromtimestamp(int(frames[1][2][4]) // 1000, UTC).strftime("%Y-%m-%d")
    await trader.send([0, "oc", None, {"cid": 5, "cid_date": day}])
    assert kinds(await trader.account_frames(2)) == ["n", "oc"]


async def test_d_update_keeps_the_id_and_remembers_the_type(wire: Wire) -> None:
    trader = await wire.trader()
    row = (await trader.placed(2, type="EXCHANGE LIMIT", amount="0.1", price="20000"))[1][2]
    await trader.send([0, "ou", None, {"id": row[0], "price": "21000", "amount": "0.2"}])
    note, changed = await trader.account_frames(2)
    text = "Submitting update to exchange limit buy order for 0.2 BTC."
    assert [note[2][1], note[2][6], note[2][7]] == ["ou-req", "SUCCESS", text]
    assert [changed[1], changed[2][0], changed[2][9]] == ["ou", row[0], "EXCHANGE LIMIT"]
    assert [changed[2][6], changed[2][7], changed[2][16]] == [Decimal("0.2"), Decimal("0.1"), 21000]

    await trader.send([0, "ou", None, {"id": row[0], "amount": "500"}])
    (refused,) = await trader.account_frames(1)
    assert refused[2][6] == "ERROR"
    assert "not enough exchange balance" in refused[2][7]


async def test_e_post_only_that_would_cross_is_cancelled(wire: Wire) -> None:
    trader = await wire.trader()
    frames = await trader.placed(2, type="EXCHANGE LIMIT", amount="0.1", price="31000", flags=4096)
    assert kinds(frames) == ["n", "oc"]
    assert [frames[0][2][6], frames[0][2][4][31]] == ["SUCCESS", {"$F7": 1}]
    assert [frames[1][2][13], frames[1][2][12]] == ["POSTONLY CANCELED", 0]
    await trader.nothing_more()


async def test_f_reduce_only_follows_the_position(wire: Wire) -> None:
    trader = await wire.trader()
    lonely = await trader.placed(2, type="MARKET", amount="0.001", price="0", flags=1024)
    assert [lonely[0][2][6], lonely[1][1], lonely[1][2][13]] == [
        "SUCCESS",
        "oc",
        "RSN_POS_NOTFOUND",
    ]

    await trader.placed(9, type="MARKET", amount="0.001", price="0")
    more = await trader.placed(2, type="MARKET", amount="0.001", price="0", flags=1024)
    assert more[1][2][13] == "RSN_POS_REDUCE_INCR"
    beyond = await trader.placed(2, type="MARKET", amount="-0.002", price="0", flags=1024)
    assert beyond[1][2][13] == "RSN_POS_REDUCE_FLIP"


async def test_g_what_cannot_be_paid_is_refused_in_words(wire: Wire) -> None:
    trader = await wire.trader()
    (spot,) = await trader.placed(1, type="EXCHANGE LIMIT", amount="10", price="20000", cid=7)
    note = spot[2]
    assert [note[1], note[5], note[6]] == ["on-req", None, "ERROR"]
    assert note[7] == "Invalid order: not enough exchange balance for 10.0 BTCUSD at 20000"
    assert [note[4][0], note[4][2], note[4][3], note[4][6]] == [None, 7, "tBTCUSD", 10]
    (margin,) = await trader.placed(1, type="LIMIT", amount="10", price="20000")
    text = "Invalid order: not enough tradable balance for 10.0 BTCUSD at 20000"
    assert margin[2][7] == text
    (small,) = await trader.placed(1, type="LIMIT", amount="0.00001", price="20000")
    assert small[2][7] == "Invalid order: minimum size for BTCUSD is 0.00004"
    await trader.nothing_more()

    body = {"type": "EXCHANGE LIMIT", "symbol": "tBTCUSD", "amount": "10", "price": "20000"}
    status, answer = await wire.post("auth/w/order/submit", body)
    assert [status, answer] == [500, ["error", 10001, note[7].value]]


async def test_h_partial_fills_lead_to_an_end(wire: Wire) -> None:
    trader = await wire.trader()
    await trader.placed(2, type="EXCHANGE LIMIT", amount="0.5", price="29000")
    await wire.control("price", symbol="tBTCUSD", price="29000", volume="0.2")
    first = await trader.account_frames(5)
    assert kinds(first) == ["te", "tu", "ou", "wu", "wu"]
    assert [first[1][2][8], first[1][2][9]] == [1, Decimal("-0.0002")]
    assert [first[2][2][13], first[2][2][6]] == ["PARTIALLY FILLED @ 29000.0(0.2)", Decimal("0.3")]

    await wire.control("price", symbol="tBTCUSD", price="28990")
    last = await trader.account_frames(5)
    assert kinds(last) == ["te", "tu", "oc", "wu", "wu"]
    chain = "EXECUTED @ 29000.0(0.3): was PARTIALLY FILLED @ 29000.0(0.2)"
    assert [last[2][2][13], last[2][2][6], last[2][2][17]] == [chain, 0, 29000]


async def test_h_partial_fill_then_cancel_keeps_the_rest(wire: Wire) -> None:
    trader = await wire.trader()
    row = (await trader.placed(2, type="EXCHANGE LIMIT", amount="0.5", price="29000"))[1][2]
    await wire.control("price", symbol="tBTCUSD", price="29000", volume="0.02799232")
    await trader.account_frames(5)
    await trader.send([0, "oc", None, {"id": row[0]}])
    ended = (await trader.account_frames(2))[1][2]
    assert ended[13] == "CANCELED was: PARTIALLY FILLED @ 29000.0(0.02799232)"
    assert ended[6] == Decimal("0.47200768")


async def test_h_immediate_partial_fill_rests_with_its_status(wire: Wire) -> None:
    await wire.control("fault", kind="partial_fill", fraction=0.4)
    trader = await wire.trader()
    frames = await trader.placed(6, type="EXCHANGE LIMIT", amount="0.01", price="30500")
    assert kinds(frames) == ["n", "on", "te", "tu", "wu", "wu"]
    assert frames[1][2][13] == "PARTIALLY FILLED @ 30001.0(0.004)"


async def test_i_cancel_all_answers_with_a_list(wire: Wire) -> None:
    trader = await wire.trader()
    for _ in range(2):
        await trader.placed(2, type="EXCHANGE LIMIT", amount="0.1", price="20000", gid=3)
    await trader.send([0, "oc_multi", None, {"all": 1}])
    note, *ended = await trader.account_frames(3)
    assert [note[2][1], note[2][7], len(note[2][4])] == [
        "oc_multi-req",
        "Submitting 2 order cancellations.",
        2,
    ]
    assert kinds(ended) == ["oc", "oc"]
    assert [str(frame[2][13]) for frame in ended] == ["CANCELED", "CANCELED"]


async def test_j_one_leg_of_an_oco_ends_the_other(wire: Wire) -> None:
    trader = await wire.trader()
    oco = {"type": "EXCHANGE LIMIT", "amount": "-0.5", "price": "31000", "flags": 16384}
    note, limit, stop = await trader.placed(3, **oco, price_oco_stop="29000")
    assert [note[1], limit[1], stop[1]] == ["n", "on", "on"]
    assert [limit[2][8], stop[2][8]] == ["EXCHANGE LIMIT", "EXCHANGE STOP"]
    assert [stop[2][16], stop[2][25]] == [29000, limit[2][0]]

    await wire.control("price", symbol="tBTCUSD", price="31100")
    frames = await trader.account_frames(6)
    assert kinds(frames) == ["te", "tu", "oc", "wu", "wu", "oc"]
    assert str(frames[2][2][13]).startswith("EXECUTED @ 31000.0(-0.5)")
    assert [frames[5][2][0], frames[5][2][13]] == [stop[2][0], "CANCELED"]


async def test_j_the_stop_leg_cancels_the_limit(wire: Wire) -> None:
    trader = await wire.trader()
    oco = {"type": "EXCHANGE LIMIT", "amount": "-0.001", "price": "31000", "flags": 16384}
    await trader.placed(3, **oco, price_oco_stop="29000")
    await wire.control("price", symbol="tBTCUSD", price="28000")
    frames = await trader.account_frames(6)
    assert kinds(frames) == ["oc", "oc", "te", "tu", "wu", "wu"]
    assert [frames[0][2][13], frames[1][2][13]] == ["CANCELED", "EXECUTED @ 28000.0(-0.001)"]
    _, body = await wire.post(
        "auth/w/order/submit", {"symbol": "tBTCUSD", **oco, "price_oco_stop": "20000"}
    )
    assert [len(row) for row in body[4]] == [32, 32]
    assert body[7] == "Submitting 2 orders."


async def test_k_ioc_and_fok_leave_nothing_behind(wire: Wire) -> None:
    trader = await wire.trader()
    ioc = await trader.placed(2, type="EXCHANGE IOC", amount="0.1", price="29000")
    assert [ioc[1][1], ioc[1][2][13]] == ["oc", "IOC CANCELED"]
    fok = await trader.placed(2, type="EXCHANGE FOK", amount="1.5", price="30001")
    assert [fok[1][1], fok[1][2][13]] == ["oc", "FILLORKILL CANCELED"]
    filled = await trader.placed(6, type="EXCHANGE FOK", amount="0.001", price="30001")
    assert filled[1][2][13] == "EXECUTED @ 30001.0(0.001)"


async def test_l_a_stop_fills_as_market_when_reached(wire: Wire) -> None:
    trader = await wire.trader()
    frames = await trader.placed(2, type="EXCHANGE STOP", amount="-0.001", price="29500")
    assert [frames[1][2][8], frames[1][2][13]] == ["EXCHANGE STOP", "ACTIVE"]
    await wire.control("price", symbol="tBTCUSD", price="29499")
    fired = await trader.account_frames(5)
    assert kinds(fired) == ["oc", "te", "tu", "wu", "wu"]
    assert [fired[0][2][8], fired[0][2][13]] == ["EXCHANGE STOP", "EXECUTED @ 29499.0(-0.001)"]


async def test_l_a_stop_limit_becomes_a_limit(wire: Wire) -> None:
    trader = await wire.trader()
    await trader.placed(
        2,
        type="EXCHANGE STOP LIMIT",
        amount="0.001",
        price="30500",
        price_aux_limit="30400",
    )
    await wire.control("price", symbol="tBTCUSD", price="30600")
    (changed,) = await trader.account_frames(1)
    assert [changed[1], changed[2][8], changed[2][9]] == [
        "ou",
        "EXCHANGE LIMIT",
        "EXCHANGE STOP LIMIT",
    ]
    assert changed[2][16] == 30400
    await wire.control("price", symbol="tBTCUSD", price="30399")
    assert kinds(await trader.account_frames(5)) == ["te", "tu", "oc", "wu", "wu"]


async def test_a_trailing_stop_follows_and_fires(wire: Wire) -> None:
    trader = await wire.trader()
    frames = await trader.placed(
        2, type="EXCHANGE TRAILING STOP", amount="-0.001", price_trailing="500"
    )
    assert [frames[1][2][16], frames[1][2][18]] == [29500, 500]
    await wire.control("price", symbol="tBTCUSD", price="31000")
    assert (await wire.state())["orders"][0][16] == 30500
    await wire.control("price", symbol="tBTCUSD", price="30500")
    assert kinds(await trader.account_frames(5)) == ["oc", "te", "tu", "wu", "wu"]


async def test_time_in_force_ends_an_order(wire: Wire) -> None:
    trader = await wire.trader()
    until = int((await wire.state())["now"]) + 60_000
    await trader.placed(2, type="EXCHANGE LIMIT", amount="0.1", price="20000", tif=until)
    await wire.control("clock", advance=61)
    (ended,) = await trader.account_frames(1)
    assert [ended[1], ended[2][10], ended[2][13]] == ["oc", until, "CANCELED"]
