"""Looking at the market."""

from engine.market.facade import MarketDataFacade
from engine.model.result import Price
from engine.model.symbol import Symbol


class MarketOperations:
    """Prices."""

    def __init__(self, market: MarketDataFacade) -> None:
        self._market = market

    async def price(self, symbol: str) -> Price:
        """The ticker of a symbol as typed; `UnknownSymbol` names the nearest."""
        pair = await self._market.pair(symbol)
        ticker, live = await self._market.ticker(pair.symbol)
        return Price(ticker, live)

    async def watched(self) -> tuple[Symbol, ...]:
        """Symbols followed live."""
        return self._market.watched
