"""What the account is worth: every wallet at live prices, and what positions have won or lost."""

from collections.abc import Callable, Collection, Container, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from engine.model.account import Balance, Wallet
from engine.model.position import Position
from engine.model.symbol import Symbol, quote_of
from engine.officer.routes import Leg, route, symbol_of

DUST = Decimal("0.01")
_ONE = Decimal(1)
_NOTHING = Decimal(0)

Price = Callable[[Symbol], Decimal | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What is held, and in which currency it is counted; `pairs` are those the exchange trades."""

    balances: Collection[Balance]
    positions: Collection[Position]
    currency: str
    ignored: Collection[str] = ()
    pairs: Container[Symbol] = ()

    @property
    def counted(self) -> Iterator[Balance]:
        """Balances that are not zero and not left out."""
        return (b for b in self.balances if b.total and b.currency not in self.ignored)


@dataclass(slots=True)
class Valuation:
    """`value` is what all of it comes to, None where something is `missing`; `worth` what each
    holding is worth, None where that is not known."""

    worth: dict[Symbol, Decimal | None] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    total: Decimal = _NOTHING

    @property
    def value(self) -> Decimal | None:
        """All of it, or nothing at all."""
        return None if self.missing else self.total

    @property
    def unknown(self) -> str:
        """Why there is no value; empty where there is one."""
        if not self.missing:
            return ""
        more = len(self.missing) - 1
        return f"{self.missing[0]} (and {more} more)" if more else self.missing[0]

    def hold(self, symbol: Symbol, worth: Decimal | None) -> None:
        """A holding of that worth, whichever way it goes; several in one symbol are added."""
        before = self.worth.get(symbol, _NOTHING)
        self.worth[symbol] = None if before is None or worth is None else before + abs(worth)


def needed(account: Account) -> Iterator[Symbol]:
    """The symbols whose prices it takes."""
    for position in account.positions:
        yield position.symbol
    currencies = {balance.currency for balance in account.counted}
    currencies |= {quote_of(position.symbol) for position in account.positions}
    for currency in sorted(currencies):
        for leg in route(currency, account.currency, account.pairs) or ():
            yield leg.symbol


def valued(account: Account, price: Price, newest: Price) -> Valuation:
    """The account at these prices: `price` gives what is fresh enough, `newest` however old,
    which is good enough for dust."""
    valuation = Valuation()
    for balance in account.counted:
        _add_balance(valuation, account, balance, price, newest)
    for position in account.positions:
        _add_position(valuation, account, position, price)
    return valuation


def worth(amount: Decimal, currency: str, account: Account, price: Price) -> Decimal | None:
    """An amount of a currency in that of the account; None where it has no such price."""
    return _times(amount, route(currency, account.currency, account.pairs), price)


def _add_balance(
    valuation: Valuation, account: Account, balance: Balance, price: Price, newest: Price
) -> None:
    legs = route(balance.currency, account.currency, account.pairs)
    worth = _times(balance.total, legs, price)
    if worth is None:
        last = _times(balance.total, legs, newest)
        worth = last if last is not None and abs(last) < DUST else None
    if worth is None:
        valuation.missing.append(_missing(balance.currency, account.currency, legs, price))
    else:
        valuation.total += worth
    if balance.wallet is Wallet.EXCHANGE and balance.currency != account.currency:
        valuation.hold(symbol_of(balance.currency, account.currency), worth)


def _add_position(valuation: Valuation, account: Account, position: Position, price: Price) -> None:
    quote = quote_of(position.symbol)
    legs = route(quote, account.currency, account.pairs)
    rate, now = _times(_ONE, legs, price), price(position.symbol)
    if now is None or rate is None:
        valuation.hold(position.symbol, None)
        if now is None:
            valuation.missing.append(f"there is no fresh price of {position.symbol}")
        else:
            valuation.missing.append(_missing(quote, account.currency, legs, price))
        return
    valuation.hold(position.symbol, position.amount * now * rate)
    valuation.total += (now - position.base_price) * position.amount * rate


def _times(amount: Decimal, legs: tuple[Leg, ...] | None, price: Price) -> Decimal | None:
    if legs is None:
        return None
    for leg in legs:
        at = price(leg.symbol)
        if at is None or at <= 0:
            return None
        amount = amount / at if leg.inverted else amount * at
    return amount


def _missing(currency: str, target: str, legs: tuple[Leg, ...] | None, price: Price) -> str:
    if legs is None:
        return f"{currency} has no price in {target} at the exchange"
    without = next((leg.symbol for leg in legs if not price(leg.symbol)), legs[0].symbol)
    return f"there is no fresh price of {without}, in which {currency} is counted"
