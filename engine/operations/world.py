"""Gathers the circumstances an order would go out in."""

from decimal import Decimal

from engine.floor import Floor
from engine.funds import held_by
from engine.market.facade import MarketDataFacade
from engine.model.account import Wallet
from engine.model.market import Pair
from engine.model.order import Order, OrderTerms
from engine.model.symbol import split
from engine.operations.pricing import market_price
from engine.risk.circumstances import Circumstances


class World:
    """Market, account and policy, looked at together."""

    def __init__(self, floor: Floor, market: MarketDataFacade) -> None:
        self._floor = floor
        self._market = market

    async def around(
        self, terms: OrderTerms, pair: Pair | None = None, instead_of: Order | None = None
    ) -> Circumstances:
        """What holds now for these terms; the exchange is asked only where nothing is heard.

        With `instead_of`, what that open order holds is free for them.
        """
        ticker, _ = await self._market.ticker(terms.symbol)
        pair = pair or await self._market.pair(terms.symbol)
        # from here on nothing is awaited: two orders at once cannot both count the same money
        return self.at(market_price(ticker, terms.side), terms, pair, instead_of)

    def at(
        self, market: Decimal, terms: OrderTerms, pair: Pair, instead_of: Order | None = None
    ) -> Circumstances:
        """The same at a price that is given: nobody is asked."""
        base, quote = split(terms.symbol)
        floor, book = self._floor, self._floor.book
        return Circumstances(
            pair=pair,
            market=market,
            fees=floor.fees,
            free_base=self._free(terms.wallet, base, instead_of),
            free_quote=self._free(terms.wallet, quote, instead_of),
            position=book.positions.get(terms.symbol),
            paused=book.paused,
            now=floor.clock.now(),
        )

    def _free(self, wallet: Wallet, currency: str, instead_of: Order | None) -> Decimal | None:
        free = self._floor.free(wallet, currency)
        if free is None or instead_of is None:
            return free
        return free + held_by(instead_of, wallet, currency)
