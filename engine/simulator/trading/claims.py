"""Positions turned into coins and coins into positions: claim and increase (sheet, 3)."""

from decimal import Decimal

from engine.simulator.trading import margin
from engine.simulator.trading.account import MARGIN, Account, Detail, Position
from engine.simulator.trading.floor import KEPT, Floor
from engine.simulator.trading.order import ZERO
from engine.simulator.trading.rows import notification_row, position_row, wallet_row
from engine.simulator.trading.settlement import book
from engine.simulator.wire.json import Row, encode
from engine.simulator.wire.numbers import eight_up, tidy, to_eight
from engine.simulator.wire.refusal import generic


def claim(floor: Floor, account: Account, position: Position, amount: Decimal | None) -> Row:
    """Pay for a position at its base price and keep the coins; the notification of it.

    `amount` is the unsigned part to claim, None all of it. Raises `Refusal` where the margin
    wallet cannot pay.
    """
    part = abs(position.amount) if amount is None else to_eight(abs(amount))
    if not 0 < part <= abs(position.amount):
        raise generic("amount: invalid")
    signed = part.copy_sign(position.amount)
    _exchange(floor, account, position.symbol, signed, position.base_price, "Position claimed")
    row = position_row(position)
    row[19] = encode(row[19])
    position.amount -= signed
    position.updated = floor.now
    if not position.open:
        del account.positions[position.symbol]
        account.closed_positions.append(position)
        del account.closed_positions[:-KEPT]
    floor.tell(account, "pu" if position.open else "pc", position_row(position))
    return _notified(floor, account, "pm-req", row, None)


def increase(floor: Floor, account: Account, symbol: str, amount: Decimal) -> Row:
    """Add coins of the margin wallet to a position at the last price; the notification of it."""
    market = floor.market(symbol)
    if not market.instrument.margin or market.instrument.derivative:
        raise generic("symbol: invalid")
    position = account.position(symbol)
    if position is not None and position.amount * amount < 0:
        raise generic("amount: invalid")
    _exchange(floor, account, symbol, -amount, market.last_price, "Position increased")
    kind = "pn" if position is None else "pu"
    position = _grown(floor, account, symbol, position, amount)
    floor.tell(account, kind, position_row(position))
    row: Row = [symbol, None, amount, market.last_price, *[None] * 16]
    return _notified(floor, account, "pmi-req", row, "Submitting position increase.")


def increase_info(floor: Floor, account: Account, symbol: str, amount: Decimal) -> Row:
    """What an increase by `amount` would take: six nested groups, as the exchange sends them."""
    market = floor.market(symbol)
    instrument, position = market.instrument, account.position(symbol)
    coins = account.wallet(MARGIN, instrument.base).balance
    free = margin.tradable(floor, account, instrument.quote)
    gross = margin.net_value(floor, account, instrument.quote)
    price = market.last_price
    held = position.amount if position is not None else ZERO
    in_base = [tidy(to_eight(figure / price)) for figure in (free, gross)]
    balances: Row = [coins, [free, gross, *in_base, None, None, None, None], gross]
    cost = eight_up(abs(amount) * price)
    currencies: Row = [instrument.base, instrument.quote]
    return [[held + coins, held], balances, None, None, [amount, cost], currencies]


def _exchange(
    floor: Floor, account: Account, symbol: str, amount: Decimal, price: Decimal, text: str
) -> None:
    """Take `amount` (signed) of the base into the margin wallet for its price."""
    instrument = floor.markets[symbol].instrument
    base = account.wallet(MARGIN, instrument.base)
    quote = account.wallet(MARGIN, instrument.quote)
    cost = to_eight(amount * price)
    if quote.balance < cost or base.balance < -amount:
        raise generic(f"Invalid amount: not enough balance for {instrument.pair}")
    book(floor, account, quote, -cost, text)
    book(floor, account, base, amount, text)
    for wallet in (quote, base):
        wallet.last_change = text
        floor.tell(account, "wu", wallet_row(wallet, None))


def _grown(
    floor: Floor, account: Account, symbol: str, position: Position | None, amount: Decimal
) -> Position:
    price = floor.markets[symbol].last_price
    if position is None:
        position = Position(
            id=floor.numbers.next_position(),
            symbol=symbol,
            amount=ZERO,
            base_price=price,
            created=floor.now,
            updated=floor.now,
            detail=_increased(),
        )
        account.positions[symbol] = position
    total = position.amount * position.base_price + amount * price
    position.amount += amount
    position.base_price = tidy(to_eight(total / position.amount))
    position.updated = floor.now
    return position


def _increased() -> Detail:
    return {"reason": "INCREASE", "order_id": None, "liq_stage": None}


def _notified(floor: Floor, account: Account, kind: str, data: Row, text: str | None) -> Row:
    row = notification_row(floor.now, kind, data, text)
    floor.tell(account, "n", row)
    return row
