"""Gathers the circumstances an order would go out in."""

from engine.floor import Floor
from engine.funds import free
from engine.market.facade import MarketDataFacade
from engine.model.market import Pair
from engine.model.order import OrderTerms
from engine.model.symbol import split
from engine.operations.pricing import market_price
from engine.risk.circumstances import Circumstances


class World:
    """Market, account and policy, looked at together."""

    def __init__(self, floor: Floor, market: MarketDataFacade) -> None:
        self._floor = floor
        self._market = market

    async def around(self, terms: OrderTerms, pair: Pair | None = None) -> Circumstances:
        """What holds now for these terms; the exchange is asked only where nothing is heard."""
        ticker, _ = await self._market.ticker(terms.symbol)
        base, quote = split(terms.symbol)
        book = self._floor.book
        return Circumstances(
            pair=pair or await self._market.pair(terms.symbol),
            market=market_price(ticker, terms.side),
            fees=self._floor.fees,
            free_base=free(book, terms.wallet, base),
            free_quote=free(book, terms.wallet, quote),
            position=book.positions.get(terms.symbol),
            paused=book.paused,
        )
