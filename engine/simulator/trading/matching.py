"""Fills: an order takes what stands in the book, or is taken from it."""

from decimal import Decimal

from engine.simulator.market.tape import PublicTrade
from engine.simulator.trading import statuses
from engine.simulator.trading.floor import Floor, Resting
from engine.simulator.trading.funds import need_of, spendable
from engine.simulator.trading.offers import offers, within
from engine.simulator.trading.order import ZERO, Trade
from engine.simulator.trading.settlement import Run, settle
from engine.simulator.wire.numbers import eight_down

BROKE = "INSUFFICIENT BALANCE (G1)"
FLIP = "RSN_POS_REDUCE_FLIP"


def take(floor: Floor, run: Run, limit: Decimal | None, most: Decimal) -> list[Run]:
    """Fill up to `most` from the book as taker, no worse than `limit`; the makers' runs."""
    order, left, makers = run.order, most, list[Run]()
    for offer in offers(floor, order):
        if left <= 0 or not order.open or not within(order, offer, limit):
            break
        got = fill(floor, run, offer.price, min(left, offer.amount), maker=False)
        left -= got
        if not got:
            continue
        _on_the_tape(floor, run.trades[-1])
        if offer.resting is None:
            floor.markets[order.symbol].depth.take(offer.price, got)
        else:
            makers.append(be_taken(floor, offer.resting, offer.price, got))
    return makers


def be_taken(floor: Floor, resting: Resting, price: Decimal, amount: Decimal) -> Run:
    """Fill a resting order as maker; its run is still to be told."""
    run = Run(account=resting.account, order=resting.order)
    fill(floor, run, price, amount, maker=True)
    return run


def fill(floor: Floor, run: Run, price: Decimal, wanted: Decimal, *, maker: bool) -> Decimal:
    """Book as much of `wanted` as funds and position allow; what is not allowed ends the order."""
    order = run.order
    funded = min(wanted, _funded(floor, run, price))
    amount = min(funded, _closable(run)) if order.reduces else funded
    if amount:
        _drop_sibling(floor, run)
        settle(floor, run, price, amount * order.sign, maker=maker)
    if not order.amount:
        floor.close(run.account, order, statuses.executed(order))
    elif amount < wanted:
        why = BROKE if amount == funded else FLIP
        floor.close(run.account, order, statuses.stopped(order, why))
    return amount


def _funded(floor: Floor, run: Run, price: Decimal) -> Decimal:
    order = run.order
    if order.on_margin:
        return order.remaining
    purse = max(spendable(floor, run.account, order), ZERO)
    if need_of(floor, order).currency == floor.markets[order.symbol].instrument.base:
        return eight_down(purse)
    return eight_down(purse / price)


def _closable(run: Run) -> Decimal:
    position = run.account.position(run.order.symbol)
    if position is None or position.amount * run.order.amount > 0:
        return ZERO
    return abs(position.amount)


def _drop_sibling(floor: Floor, run: Run) -> None:
    """The first fill of one leg ends the other."""
    sibling = run.account.sibling_of(run.order)
    if sibling is not None:
        floor.close(run.account, sibling, statuses.stopped(sibling, "CANCELED"))
        run.cancelled.append(sibling)


def _on_the_tape(floor: Floor, trade: Trade) -> None:
    """Everybody sees the taker's trade."""
    public = PublicTrade(trade.id, trade.mts, float(trade.amount), float(trade.price))
    floor.markets[trade.symbol].record(public)
