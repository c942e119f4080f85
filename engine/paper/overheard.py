"""The public side, with somebody listening in on what it tells."""

from collections.abc import Mapping, Sequence

from engine.model.market import Candle, OrderBook, Pair, Ticker
from engine.model.market_records import MarketTrade
from engine.model.records import Span
from engine.model.report import MarketReport
from engine.model.symbol import Symbol
from engine.ports import Hear, MarketData


class Overheard:
    """The `MarketData` port over another; each ear hears after whoever runs it."""

    def __init__(self, source: MarketData) -> None:
        self._source = source
        self._ears: list[Hear] = []

    def listen(self, ear: Hear) -> None:
        """Hear everything from now on."""
        self._ears.append(ear)

    async def run(self, hear: Hear) -> None:
        """As the port says."""

        def all_hear(reports: Sequence[MarketReport]) -> None:
            for ear in (hear, *self._ears):
                ear(reports)

        await self._source.run(all_hear)

    async def watch(self, symbol: Symbol) -> None:
        """As the port says."""
        await self._source.watch(symbol)

    async def follow_trades(self, symbol: Symbol) -> None:
        """As the port says."""
        await self._source.follow_trades(symbol)

    async def follow_candles(self, symbol: Symbol, timeframe: str) -> None:
        """As the port says."""
        await self._source.follow_candles(symbol, timeframe)

    async def pairs(self) -> Mapping[Symbol, Pair]:
        """As the port says."""
        return await self._source.pairs()

    async def ticker(self, symbol: Symbol) -> Ticker:
        """As the port says."""
        return await self._source.ticker(symbol)

    async def book(self, symbol: Symbol) -> OrderBook:
        """As the port says."""
        return await self._source.book(symbol)

    async def close(self) -> None:
        """As the port says."""
        await self._source.close()

    async def candles(self, symbol: Symbol, timeframe: str, limit: int) -> Sequence[Candle]:
        """As the port says."""
        return await self._source.candles(symbol, timeframe, limit)

    async def market_trades(self, symbol: Symbol, span: Span) -> Sequence[MarketTrade]:
        """As the port says."""
        return await self._source.market_trades(symbol, span)
