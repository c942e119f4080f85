"""What a socket is told first when it has signed in, and what `calc` answers."""

from engine.simulator.trading import margin
from engine.simulator.trading.account import Account
from engine.simulator.trading.floor import Event, Floor
from engine.simulator.trading.funds import available
from engine.simulator.trading.rows import order_row, position_row, wallet_row
from engine.simulator.wire.json import Json, Row
from engine.simulator.wire.refusal import Refusal

MOST_CALCULATIONS = 30


def first_frames(floor: Floor, account: Account) -> list[Event]:
    """ps, ws, os, fos, fcs, fls, then what `calc` would say of margin and balance (sheet, 6.7)."""
    positions: Json = [position_row(position) for position in account.positions.values()]
    wallets: Json = [wallet_row(wallet, None) for wallet in account.wallets.values()]
    orders: Json = [order_row(order) for order in account.orders.values()]
    told: list[tuple[str, Json]] = [("ps", positions), ("ws", wallets), ("os", orders)]
    told += [("fos", []), ("fcs", []), ("fls", []), ("miu", margin.base_info(floor, account))]
    told += [("bu", _balance(floor, account))]
    return [Event(account.name, kind, payload) for kind, payload in told]


def calculated(floor: Floor, account: Account, asked: Json) -> list[Event]:
    """The answers of `[["wallet_exchange_USD"], ...]`; what is not understood is left out."""
    if not isinstance(asked, list):
        return []
    found: list[Event] = []
    for item in asked[:MOST_CALCULATIONS]:
        name = item[0] if isinstance(item, list) and item else item
        if isinstance(name, str):
            found += _one(floor, account, name)
    return found


def _one(floor: Floor, account: Account, name: str) -> list[Event]:
    kind, _, rest = name.partition("_")
    try:
        if name == "balance":
            return [Event(account.name, "bu", _balance(floor, account))]
        if name == "margin_base":
            return [Event(account.name, "miu", margin.base_info(floor, account))]
        if kind == "margin":
            symbol = rest.removeprefix("sym_")
            return [Event(account.name, "miu", margin.symbol_info(floor, account, symbol))]
    except Refusal:
        return []
    if kind == "position":
        return _position(floor, account, rest)
    if kind == "wallet" and rest.replace("_", ":", 1) in account.wallets:
        wallet = account.wallets[rest.replace("_", ":", 1)]
        row = wallet_row(wallet, available(floor, account, wallet))
        return [Event(account.name, "wu", row)]
    return []


def _position(floor: Floor, account: Account, symbol: str) -> list[Event]:
    position = account.position(symbol)
    if position is None:
        return []
    figures = margin.position_figures(floor, account, position)
    return [Event(account.name, "pu", position_row(position, figures))]


def _balance(floor: Floor, account: Account) -> Row:
    worth = margin.value_of_all(floor, account)
    return [worth, worth]
