"""Balances, positions, prices."""

from datetime import datetime
from decimal import Decimal

from bot.telegram.pages import Page
from bot.telegram.render.orders import Numbers, line, signed
from bot.telegram.render.text import bold, code, esc, lines, money, number, percent, when
from engine.model.account import Wallet
from engine.model.market import Ticker
from engine.model.money import of_market, round_price
from engine.model.order import Order
from engine.model.result import Holding, Price, Purse, Purses
from engine.model.symbol import base_of, quote_of


def balances(page: Page[Purse], purses: Purses) -> str:
    """Wallet by wallet, with their worth; the sum is that of all pages."""
    if not purses.purses:
        return "The wallets are empty, or the exchange has not told their balances yet."
    parts: list[str] = []
    for wallet in Wallet:
        mine = [purse for purse in page.items if purse.balance.wallet is wallet]
        if mine:
            parts += [bold(f"{wallet.value.capitalize()} wallet"), *map(_purse, mine), ""]
    approximate = "" if purses.complete else " (some have no dollar price)"
    together = bold(money(purses.total, "USD"))
    return lines([*parts, f"Together: {together}{approximate}{page.place}"])


def _purse(purse: Purse) -> str:
    balance = purse.balance
    worth = ""
    if purse.worth is not None and balance.currency != "USD":
        worth = f" · worth {money(purse.worth, 'USD')}"
    spendable = balance.available
    free = ""
    if spendable is not None and spendable != balance.total:
        free = f" · free {money(spendable, balance.currency)}"
    return f"{money(balance.total, balance.currency)}{free}{worth}"


def by_wallet(purse: Purse) -> int:
    """The order of wallets in a list."""
    return list(Wallet).index(purse.balance.wallet)


def positions(page: Page[Holding]) -> str:
    """Open margin positions with what they stand at."""
    if not page.total:
        return lines(
            [
                "No open margin positions.",
                "What the exchange wallet holds is under /balance.",
            ]
        )
    head = f"{page.total} open position{'s' if page.total > 1 else ''}"
    return lines([f"{bold(head)}{page.place}", *map(_holding, page.items)])


def _holding(holding: Holding) -> str:
    position = holding.position
    quote = quote_of(position.symbol)
    way = "long" if position.amount > 0 else "short"
    amount = f"{number(abs(position.amount))} {base_of(position.symbol)}"
    now = f", now {number(holding.price)}" if holding.price is not None else ""
    profit = f"\nP/L: {bold(signed(holding.profit, quote))}" if holding.profit is not None else ""
    liquidation = ""
    if position.liquidation_price:
        liquidation = f" · liquidation at {number(round_price(position.liquidation_price))}"
    entry = number(round_price(position.base_price))
    head = f"{code(position.symbol)} {bold(f'{way} {amount}')}"
    return f"\n{head}\nat {entry}{now}{profit}{liquidation}"


def orders(page: Page[Order], named: Numbers, first: int = 1) -> str:
    """Open orders, newest first, numbered as their buttons are."""
    if not page.total:
        return "No open orders."
    head = bold(f"{page.total} open order{'s' if page.total > 1 else ''}")
    numbered = enumerate(page.items, first)
    return lines(
        [f"{head}{page.place}", *(f"\n{place}. {line(o, named)}" for place, o in numbered)]
    )


def price(seen: Price) -> str:
    """A ticker."""
    ticker = seen.ticker
    source = "live" if seen.live else "asked for just now"
    return lines(
        [
            f"{code(ticker.symbol)} {bold(_figure(ticker.last))} {quote_of(ticker.symbol)}",
            f"Bid {_figure(ticker.bid)} · ask {_figure(ticker.ask)} · spread {_spread(ticker)}",
            f"24 h: {percent(Decimal(repr(ticker.change)) * 100)} · "
            f"high {_figure(ticker.high)} · low {_figure(ticker.low)}",
            f"Volume: {number(round_price(of_market(ticker.volume)))} {base_of(ticker.symbol)}",
            f"<i>{esc(source)}, {_clock(ticker.at)}</i>",
        ]
    )


def _figure(value: float) -> str:
    return number(of_market(value))


def _spread(ticker: Ticker) -> str:
    return f"{(ticker.ask - ticker.bid) / ticker.mid * 100:.3f}\N{NO-BREAK SPACE}%"


def _clock(at: datetime) -> str:
    return when(at)
