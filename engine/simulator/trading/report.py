"""The order of frames: what an account hears of its fills (sheet, 7)."""

from engine.simulator.trading import margin
from engine.simulator.trading.floor import Floor
from engine.simulator.trading.rows import position_row, trade_row, wallet_row
from engine.simulator.trading.settlement import Run


def tell_taker(floor: Floor, run: Run, kind: str) -> None:
    """Lives A and B: positions, then the order's frame (`kind`), trades, wallets, margin."""
    for name, row in run.positions:
        floor.tell(run.account, name, row)
    floor.tell_order(run.account, kind, run.order)
    for with_fee in (False, True):
        for trade in run.trades:
            name = "tu" if with_fee else "te"
            floor.tell(run.account, name, trade_row(trade, with_fee=with_fee))
    _tell_balances(floor, run)


def tell_maker(floor: Floor, run: Run) -> None:
    """Life H: every trade, then the order as it is now, wallets, margin."""
    for trade in run.trades:
        floor.tell(run.account, "te", trade_row(trade, with_fee=False))
        floor.tell(run.account, "tu", trade_row(trade))
    for name, row in run.positions:
        floor.tell(run.account, name, row)
    floor.tell_order(run.account, "ou" if run.order.open else "oc", run.order)
    _tell_balances(floor, run)


def _tell_balances(floor: Floor, run: Run) -> None:
    for wallet in run.wallets.values():
        floor.tell(run.account, "wu", wallet_row(wallet, None))
    if run.order.on_margin and run.trades:
        _tell_margin(floor, run)
    for order in run.cancelled:
        floor.tell_order(run.account, "oc", order)


def _tell_margin(floor: Floor, run: Run) -> None:
    symbol = run.order.symbol
    quote = floor.markets[symbol].instrument.quote
    floor.tell(run.account, "miu", margin.base_info(floor, run.account, quote))
    floor.tell(run.account, "miu", margin.symbol_info(floor, run.account, symbol))
    if run.closed_position is not None:
        floor.tell(run.account, "pc", run.closed_position)
    position = run.account.position(symbol)
    if position is not None:
        figures = margin.position_figures(floor, run.account, position)
        floor.tell(run.account, "pu", position_row(position, figures))
