"""Prices of what is held: heard live where they are, asked for gently where they are not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import structlog

from engine.market.facade import MarketDataFacade
from engine.model.errors import ExchangeError, InvalidInput
from engine.model.market import Pair
from engine.model.money import of_market
from engine.model.symbol import Symbol
from engine.ports import Clock

ASK_AGAIN: Final = timedelta(seconds=10)
"""Before somebody asks again for a price that is not heard, or for one that was not told."""

log = structlog.get_logger()


@dataclass(slots=True)
class Quotes:
    """The newest price of each symbol, and when it was told."""

    market: MarketDataFacade
    clock: Clock
    pairs: Mapping[Symbol, Pair] = field(default_factory=dict)
    _pairs_asked: datetime | None = None
    _asked: dict[Symbol, datetime] = field(default_factory=dict)
    _known: dict[Symbol, tuple[Decimal, datetime]] = field(default_factory=dict)

    async def learn_pairs(self) -> None:
        """What the exchange trades, as far as it says so."""
        now = self.clock.now()
        if self._pairs_asked is not None and now - self._pairs_asked < ASK_AGAIN:
            return
        self._pairs_asked = now
        try:
            self.pairs = await self.market.pairs()
        except ExchangeError as error:
            log.warning("officer_knows_no_pairs", detail=error.sentence)

    async def refresh(self, symbols: Iterable[Symbol]) -> None:
        """Take in what is heard of these, and ask for what is not."""
        for symbol in dict.fromkeys(symbols):
            if not self._hear(symbol) and self._is_due(symbol):
                await self._ask(symbol)

    def price(self, symbol: Symbol, no_older: timedelta) -> Decimal | None:
        """The price, if it was told so lately."""
        known = self._known.get(symbol)
        fresh = known is not None and self.clock.now() - known[1] <= no_older
        return known[0] if known is not None and fresh else None

    def newest(self, symbol: Symbol) -> Decimal | None:
        """The price, however old."""
        known = self._known.get(symbol)
        return None if known is None else known[0]

    def _hear(self, symbol: Symbol) -> bool:
        ticker = self.market.heard_ticker(symbol)
        if ticker is None:
            return False
        self._known[symbol] = (of_market(ticker.mid), ticker.at)
        return True

    def _is_due(self, symbol: Symbol) -> bool:
        asked = self._asked.get(symbol)
        return asked is None or self.clock.now() - asked >= ASK_AGAIN

    async def _ask(self, symbol: Symbol) -> None:
        self._asked[symbol] = self.clock.now()
        try:
            ticker, _ = await self.market.ticker(symbol)
        except (ExchangeError, InvalidInput) as error:
            log.warning("officer_has_no_price", symbol=symbol, detail=error.sentence)
        else:
            self._known[symbol] = (of_market(ticker.mid), self.clock.now())
