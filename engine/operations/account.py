"""Looking at what is held."""

from dataclasses import replace
from decimal import Decimal

from engine.floor import Floor
from engine.market.facade import MarketDataFacade
from engine.model.account import Balance
from engine.model.errors import ExchangeError, UnknownSymbol
from engine.model.money import of_market
from engine.model.position import Position
from engine.model.result import Holding, Holdings, Purse, Purses

DOLLAR = "USD"


class AccountOperations:
    """Balances and positions, valued at live prices where there are any."""

    def __init__(self, floor: Floor, market: MarketDataFacade) -> None:
        self._floor = floor
        self._market = market

    async def balances(self) -> Purses:
        """Every balance that is not zero, the worthiest first."""
        held = [b for b in self._floor.book.balances.values() if b.total]
        purses = [await self._purse(balance) for balance in held]
        purses.sort(key=lambda p: (p.balance.wallet, -(p.worth or Decimal(0)), p.balance.currency))
        return Purses(
            tuple(purses),
            total=sum((p.worth for p in purses if p.worth is not None), Decimal(0)),
            complete=all(p.worth is not None for p in purses),
        )

    async def positions(self) -> Holdings:
        """Open margin positions with what they stand at."""
        held = sorted(self._floor.book.positions.values(), key=lambda p: p.symbol)
        return Holdings(tuple([await self._holding(position) for position in held]))

    async def _purse(self, balance: Balance) -> Purse:
        spendable = replace(balance, available=self._floor.free(balance.wallet, balance.currency))
        if balance.currency == DOLLAR:
            return Purse(spendable, balance.total)
        price = await self._price(f"t{balance.currency}{DOLLAR}")
        return Purse(spendable, None if price is None else balance.total * price)

    async def _holding(self, position: Position) -> Holding:
        price = await self._price(position.symbol)
        if price is None:
            return Holding(position, None, position.profit)
        return Holding(position, price, (price - position.base_price) * position.amount)

    async def _price(self, symbol: str) -> Decimal | None:
        try:
            pair = await self._market.pair(symbol)
            ticker, _ = await self._market.ticker(pair.symbol)
        except (ExchangeError, UnknownSymbol):
            return None
        return of_market(ticker.mid)
