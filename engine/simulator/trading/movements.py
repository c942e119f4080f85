"""Money that comes from outside or leaves for there."""

from decimal import Decimal

from engine.simulator.conf import LABELS, METHODS
from engine.simulator.trading.account import Account, Movement, Wallet
from engine.simulator.trading.floor import KEPT, Floor
from engine.simulator.trading.order import ZERO
from engine.simulator.trading.rows import wallet_row
from engine.simulator.trading.settlement import book


def move(
    floor: Floor, account: Account, wallet: Wallet, amount: Decimal, fee: Decimal = ZERO
) -> Movement:
    """Deposit `amount`, or withdraw it where it is negative, and book what that costs.

    Raises `ValueError` where there is not so much.
    """
    if wallet.balance + amount - fee < 0:
        raise ValueError(f"amount: the {wallet.kind} wallet holds {wallet.balance}")
    movement = Movement(
        id=floor.numbers.next_movement(),
        currency=wallet.currency,
        method=METHODS.get(wallet.currency, wallet.currency),
        mts=floor.now,
        amount=amount,
        fee=-fee,
    )
    account.movements.append(movement)
    del account.movements[:-KEPT]
    book(floor, account, wallet, amount, _text(movement))
    if fee:
        kind = "Crypto Withdrawal" if amount < 0 else "Deposit"
        book(floor, account, wallet, -fee, f"{kind} fee")
    floor.tell(account, "wu", wallet_row(wallet, None))
    return movement


def _text(movement: Movement) -> str:
    if movement.amount > 0:
        return f"Deposit ({movement.method}) #{movement.id}"
    label = LABELS.get(movement.currency, movement.currency)
    return f"{label} Withdrawal #{movement.id}"
