"""Margin positions over REST: read, claimed, increased; wallets and what was in them."""

from decimal import Decimal

import pytest

from tests.contract.simulator.client import Wire, kinds


async def test_a_claimed_position_becomes_coins(wire: Wire) -> None:
    trader = await wire.trader()
    await trader.placed(9, type="MARKET", amount="0.02", price="0")
    (position,) = (await wire.post("auth/r/positions"))[1]
    assert [len(position), position[3], position[15]] == [20, 30001, 0]
    part = {"id": position[11], "amount": "0.005"}
    status, note = await wire.post("auth/w/position/claim", part)
    assert [status, note[1], note[6], note[4][2]] == [200, "pm-req", "SUCCESS", Decimal("0.02")]
    assert str(note[4][19]).startswith('{"reason":"TRADE"')
    assert kinds(await trader.account_frames(4)) == ["wu", "wu", "pu", "n"]
    await wire.post("auth/w/position/claim", {"id": position[11]})
    assert kinds(await trader.account_frames(4)) == ["wu", "wu", "pc", "n"]
    wallets = {tuple(map(str, row[:2])): row[2] for row in (await wire.post("auth/r/wallets"))[1]}
    assert wallets["margin", "BTC"] == Decimal("0.02")
    assert (await wire.post("auth/r/positions"))[1] == []
    assert (await wire.post("auth/r/positions/hist"))[1][0][1] == "CLOSED"
    audit = (await wire.post("auth/r/positions/audit", {"id": [position[11]]}))[1]
    assert [len(audit), audit[0][11]] == [1, position[11]]
    gone = (await wire.post("auth/w/position/claim", {"id": position[11]}))[1]
    assert gone == ["error", 10001, "Position not found."]


async def test_coins_of_the_margin_wallet_increase_a_position(wire: Wire) -> None:
    await wire.control("balance", currency="BTC", amount="1", wallet="margin")
    asked = {"symbol": "tBTCUSD", "amount": "0.4"}
    info = (await wire.post("auth/r/position/increase/info", asked))[1]
    assert [len(info), info[0], info[5]] == [6, [1, 0], ["BTC", "USD"]]
    assert info[4] == [Decimal("0.4"), 12_000]
    note = (await wire.post("auth/w/position/increase", asked))[1]
    assert [note[1], note[4][:4]] == ["pmi-req", ["tBTCUSD", None, Decimal("0.4"), 30000]]
    (position,) = (await wire.post("auth/r/positions"))[1]
    assert [position[2], position[3]] == [Decimal("0.4"), 30000]
    refused = (await wire.post("auth/w/position/increase", {**asked, "amount": "5"}))[1]
    assert "not enough balance" in str(refused[2])


async def test_money_moves_between_wallets_and_history_knows(wire: Wire) -> None:
    before = (await wire.state())["now"]
    await wire.control("clock", advance=10)
    moved = {"from": "exchange", "to": "margin", "currency": "USD", "amount": "2500"}
    note = (await wire.post("auth/w/transfer", moved))[1]
    assert [note[1], note[4][1], note[4][7]] == ["acc_tf", "exchange", 2500]
    assert note[7] == "2500.0 US Dollar transferred from Exchange to Margin"
    (now,) = [row for row in (await wire.post("auth/r/wallets"))[1] if row[:2] == ["margin", "USD"]]
    assert now[2] == 52_500
    then = (await wire.post("auth/r/wallets/hist", {"end": before, "currency": "USD"}))[1]
    assert [str(row[2]) for row in then] == ["100000", "50000"]
    ledgers = (await wire.post("auth/r/ledgers/USD/hist", {"category": 51}))[1]
    assert [str(row[5]) for row in ledgers] == ["2500", "-2500"]
    too_much = (await wire.post("auth/w/transfer", {**moved, "amount": "9999999"}))[1]
    assert too_much == ["error", 10001, "not enough balance in the exchange wallet"]


@pytest.mark.parametrize(
    "config",
    [{"denied": {"demo-key": ("wallets", "orders:write", "history")}}],
    indirect=True,
)
async def test_a_key_does_only_what_it_may(wire: Wire) -> None:
    refusal = ["error", 10001, "api_key: permission invalid"]
    order = {"type": "EXCHANGE LIMIT", "symbol": "tBTCUSD", "amount": "0.1", "price": "20000"}
    assert (await wire.post("auth/r/wallets"))[1] == refusal
    assert (await wire.post("auth/r/orders/hist"))[1] == refusal
    assert (await wire.post("auth/w/order/submit", order))[1] == refusal
    assert (await wire.post("auth/r/orders"))[1] == []
    rows = {str(row[0]): row[1:] for row in (await wire.post("auth/r/permissions"))[1]}
    assert [rows["orders"], rows["wallets"], rows["positions"]] == [[1, 0], [0, 0], [1, 1]]
    welcome = await (await wire.connect()).sign_in()
    assert welcome["caps"]["orders"] == {"read": 1, "write": 0}
