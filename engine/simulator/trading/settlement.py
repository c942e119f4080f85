"""One fill, booked: wallets, fee, position, ledger."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from engine.simulator.trading.account import (
    EXCHANGE,
    MARGIN,
    Account,
    Detail,
    LedgerEntry,
    Position,
    Wallet,
)
from engine.simulator.trading.floor import KEPT, Floor
from engine.simulator.trading.order import ZERO, Execution, Flag, Order, Trade
from engine.simulator.trading.rows import position_row
from engine.simulator.trading.statuses import float_text, resting
from engine.simulator.wire.json import Row
from engine.simulator.wire.numbers import eight_down, number_text, tidy, to_eight

SHOWN_ONCE_HIT = "make_visible"


@dataclass(slots=True, kw_only=True)
class Run:
    """What one order's fills did, until it is told."""

    account: Account
    order: Order
    trades: list[Trade] = field(default_factory=list)
    wallets: dict[str, Wallet] = field(default_factory=dict)
    positions: list[tuple[str, Row]] = field(default_factory=list)
    closed_position: Row | None = None
    cancelled: list[Order] = field(default_factory=list)


def settle(floor: Floor, run: Run, price: Decimal, amount: Decimal, *, maker: bool) -> Trade:
    """Book a fill of `amount` (signed) at `price`; the order's remainder and average follow."""
    order, account = run.order, run.account
    instrument = floor.markets[order.symbol].instrument
    rate = floor.rate(instrument, maker=maker)
    cost = eight_down(price * abs(amount))
    in_base = order.buys and not order.on_margin
    fee = to_eight((abs(amount) if in_base else cost) * rate, ROUND_HALF_UP)
    trade = Trade(
        id=floor.numbers.next_trade(),
        symbol=order.symbol,
        mts=floor.now,
        order_id=order.id,
        amount=amount,
        price=price,
        kind=order.kind,
        order_price=order.price,
        maker=maker,
        fee=-fee,
        fee_currency=instrument.base if in_base else instrument.quote,
        cid=order.cid,
    )
    _note(floor, order, price, amount)
    if order.on_margin:
        _settle_margin(floor, run, trade, rate)
    else:
        _settle_spot(floor, run, trade, cost, rate)
    account.trades.append(trade)
    del account.trades[:-KEPT]
    run.trades.append(trade)
    return trade


def _note(floor: Floor, order: Order, price: Decimal, amount: Decimal) -> None:
    done = sum((fill.amount for fill in order.fills), Decimal(0))
    total = done * order.price_avg + amount * price
    order.price_avg = tidy(to_eight(total / (done + amount)))
    order.amount -= amount
    order.fills.append(Execution(price, amount))
    order.status = resting(order)
    order.updated = floor.now
    if order.hidden and order.meta.get(SHOWN_ONCE_HIT):
        order.flags &= ~Flag.HIDDEN


def _settle_spot(floor: Floor, run: Run, trade: Trade, cost: Decimal, rate: Decimal) -> None:
    instrument = floor.markets[trade.symbol].instrument
    what = f"{float_text(abs(trade.amount))} {instrument.base} for {instrument.quote}"
    verb = "Bought" if trade.amount > 0 else "Sold"
    text = f"Exchange {what} @ {number_text(trade.price)}"
    sign = 1 if trade.amount > 0 else -1
    quote, base = (
        run.account.wallet(EXCHANGE, instrument.quote),
        run.account.wallet(EXCHANGE, instrument.base),
    )
    book(floor, run.account, quote, -sign * cost, text)
    book(floor, run.account, base, trade.amount, text)
    _fee(floor, run, trade, rate, f"{verb} {what}")
    for wallet in (quote, base):
        wallet.last_change = text
        wallet.last_detail = _detail(trade)
        run.wallets[f"{wallet.kind}:{wallet.currency}"] = wallet


def _fee(floor: Floor, run: Run, trade: Trade, rate: Decimal, what: str) -> None:
    kind = MARGIN if run.order.on_margin else EXCHANGE
    wallet = run.account.wallet(kind, trade.fee_currency)
    percent = number_text(rate * 100)
    text = f"Trading fees for {what} @ {number_text(trade.price)} on BFX ({percent}%)"
    book(floor, run.account, wallet, trade.fee, text)


def _settle_margin(floor: Floor, run: Run, trade: Trade, rate: Decimal) -> None:
    instrument = floor.markets[trade.symbol].instrument
    wallet = run.account.wallet(MARGIN, instrument.quote)
    realised = _move_position(floor, run, trade)
    if realised:
        book(floor, run.account, wallet, realised, f"Position closed @ {number_text(trade.price)}")
    _fee(floor, run, trade, rate, f"{float_text(abs(trade.amount))} {instrument.base}")
    run.wallets[f"{wallet.kind}:{wallet.currency}"] = wallet


def _move_position(floor: Floor, run: Run, trade: Trade) -> Decimal:
    """Change the position by the trade; the realised profit."""
    position = run.account.position(trade.symbol)
    if position is None:
        _open_position(floor, run, trade, trade.amount)
        return ZERO
    closing = ZERO
    if position.amount * trade.amount < 0:
        closing = min(abs(position.amount), abs(trade.amount)).copy_sign(trade.amount)
    realised = eight_down(-closing * (trade.price - position.base_price))
    added = trade.amount - closing
    position.detail, position.updated = _detail(trade), floor.now
    if not closing:
        total = position.amount * position.base_price + added * trade.price
        position.base_price = tidy(to_eight(total / (position.amount + added)))
    position.amount += closing if closing else added
    if not position.open:
        _close_position(run, position)
        run.closed_position = position_row(position)
        if added:
            run.positions.append(("pc", run.closed_position))
            run.closed_position = None
            _open_position(floor, run, trade, added)
    else:
        run.positions.append(("pu", position_row(position)))
    return realised


def _open_position(floor: Floor, run: Run, trade: Trade, amount: Decimal) -> None:
    position = Position(
        id=floor.numbers.next_position(),
        symbol=trade.symbol,
        amount=amount,
        base_price=trade.price,
        created=floor.now,
        updated=floor.now,
        detail=_detail(trade),
    )
    run.account.positions[trade.symbol] = position
    run.positions.append(("pn", position_row(position)))


def _close_position(run: Run, position: Position) -> None:
    del run.account.positions[position.symbol]
    run.account.closed_positions.append(position)
    del run.account.closed_positions[:-KEPT]


def _detail(trade: Trade) -> Detail:
    return {
        "reason": "TRADE",
        "order_id": trade.order_id,
        "order_id_oppo": trade.id,
        "liq_stage": None,
        "trade_price": float_text(trade.price),
        "trade_amount": float_text(trade.amount),
    }


def book(floor: Floor, account: Account, wallet: Wallet, amount: Decimal, text: str) -> None:
    """Change a balance and write it into the ledger; a loss beyond the balance is forgiven."""
    change = max(amount, -wallet.balance)
    wallet.balance += change
    account.ledger.append(
        LedgerEntry(
            id=floor.numbers.next_ledger(),
            currency=wallet.currency,
            wallet=wallet.kind,
            mts=floor.now,
            amount=change,
            balance=wallet.balance,
            text=f"{text} on wallet {wallet.kind}",
        )
    )
    del account.ledger[:-KEPT]
