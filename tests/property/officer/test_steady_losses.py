"""Whatever is lost little by little, at whatever pace: the guard trips before long."""

from decimal import Decimal

import pytest

from tests.property.officer.test_any_movement import DAILY, LOOKS, Account, fall

EACH = Decimal("0.002")
"""More than a trade and its fee come to at once, so that the ledger is asked each time."""

PATIENCE = 30
"""For so many seconds guards may wait for it."""


@pytest.mark.parametrize("pace", range(1, 10))
async def test_losses_that_follow_on_each_other_trip_the_guard(pace: int) -> None:
    account = Account()
    await account.begin()
    for _ in range(LOOKS):
        await account.look()
    first = account.coins
    for second in range(400):
        if second % pace == 0:
            account.coins = (account.coins * (1 - EACH)).quantize(Decimal("1e-8"))
            await account.tell()
        await account.look()
        if await account.tripped():
            break
    lost = fall(first, account.coins)
    late = EACH * 100 * (PATIENCE + LOOKS) / pace
    assert await account.tripped(), f"{lost} % are lost"
    assert lost <= DAILY + late
