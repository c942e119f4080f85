"""What margin positions are worth and what they need behind them."""

from decimal import Decimal

from engine.simulator.trading.account import MARGIN, Account, Position
from engine.simulator.trading.floor import Floor
from engine.simulator.trading.order import ZERO, Order
from engine.simulator.wire.json import Row
from engine.simulator.wire.numbers import eight_down, tidy

INITIAL = Decimal("0.3")  # a leverage of about 3.3
MAINTENANCE = Decimal("0.15")


def profit(floor: Floor, position: Position) -> Decimal:
    """Unrealised profit in quote currency."""
    last = floor.markets[position.symbol].last_price
    return eight_down(position.amount * (last - position.base_price))


def net_value(floor: Floor, account: Account, quote: str) -> Decimal:
    """The margin wallets in `quote`, with what its open positions have won or lost."""
    return wallet_value(floor, account, quote) + sum(
        (profit(floor, position) for position in _positions(floor, account, quote)), ZERO
    )


def wallet_value(floor: Floor, account: Account, quote: str) -> Decimal:
    """The margin wallets' balances in `quote`; what has no pair with it counts nothing."""
    total = ZERO
    for wallet in account.wallets.values():
        if wallet.kind == MARGIN:
            total += wallet.balance * _rate(floor, wallet.currency, quote)
    return eight_down(total)


def required(floor: Floor, account: Account, quote: str, besides: Order | None = None) -> Decimal:
    """The initial margin of open positions and of orders that would add to them."""
    held = ZERO
    for position in _positions(floor, account, quote):
        held += abs(position.amount) * floor.markets[position.symbol].last_price * INITIAL
    for order in account.orders.values():
        if order.on_margin and order is not besides and _quote(floor, order.symbol) == quote:
            held += increase(account, order.symbol, order.amount) * order.price * INITIAL
    return eight_down(held)


def tradable(floor: Floor, account: Account, quote: str, besides: Order | None = None) -> Decimal:
    """The free margin in quote currency."""
    free = net_value(floor, account, quote) - required(floor, account, quote, besides)
    return max(free, ZERO)


def increase(account: Account, symbol: str, amount: Decimal) -> Decimal:
    """By how much the exposure would grow; 0 where it shrinks."""
    position = account.position(symbol)
    held = position.amount if position else ZERO
    return max(abs(held + amount) - abs(held), ZERO)


def liquidation_price(floor: Floor, account: Account, position: Position) -> Decimal:
    """Where what is left equals the maintenance margin; 0 where that is never."""
    size = position.amount
    balance = wallet_value(floor, account, _quote(floor, position.symbol))
    price = (size * position.base_price - balance) / (size - MAINTENANCE * abs(size))
    return max(eight_down(price), ZERO)


def position_figures(floor: Floor, account: Account, position: Position) -> Row:
    """PL, PL_PERC, PRICE_LIQ and LEVERAGE of an open position."""
    gain = profit(floor, position)
    stake = abs(position.amount) * position.base_price
    net = net_value(floor, account, _quote(floor, position.symbol))
    worth = abs(position.amount) * floor.markets[position.symbol].last_price
    return [
        gain,
        eight_down(gain / stake * 100) if stake else ZERO,
        liquidation_price(floor, account, position),
        eight_down(worth / net) if net > 0 else ZERO,
    ]


def base_info(floor: Floor, account: Account, quote: str = "USD") -> Row:
    """`["base", [...]]` (sheet, 5.6)."""
    balance = wallet_value(floor, account, quote)
    net = net_value(floor, account, quote)
    return ["base", [net - balance, 0, balance, net, required(floor, account, quote)]]


def symbol_info(floor: Floor, account: Account, symbol: str) -> Row:
    """`["sym", symbol, [...]]` (sheet, 5.6)."""
    market = floor.market(symbol)
    quote = market.instrument.quote
    free = tradable(floor, account, quote)
    most = tidy(eight_down(free / INITIAL / market.last_price))
    gross = net_value(floor, account, quote)
    return ["sym", symbol, [free, gross, most, most, None, None, None, None]]


def value_of_all(floor: Floor, account: Account) -> Decimal:
    """All wallets and unrealised profit in USD."""
    total = ZERO
    for wallet in account.wallets.values():
        total += wallet.balance * _rate(floor, wallet.currency, "USD")
    for position in _positions(floor, account, "USD"):
        total += profit(floor, position)
    return eight_down(total)


def _positions(floor: Floor, account: Account, quote: str) -> list[Position]:
    return [
        position
        for position in account.positions.values()
        if _quote(floor, position.symbol) == quote
    ]


def _quote(floor: Floor, symbol: str) -> str:
    return floor.markets[symbol].instrument.quote


def _rate(floor: Floor, currency: str, quote: str) -> Decimal:
    if currency == quote:
        return Decimal(1)
    market = floor.markets.get(f"t{currency}{quote}") or floor.markets.get(f"t{currency}:{quote}")
    return market.last_price if market else ZERO
