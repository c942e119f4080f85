"""What a service does while it leads: everything that trades, listens and tells."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import structlog

from bot.chat import Chat
from bot.nursery import Nursery
from bot.settings import MarketSettings
from bot.web.order_metrics import OrderMetrics
from db.journal import PostgresJournal
from engine.desk import Desk
from engine.lead import RENEW_SECONDS, Lead
from engine.market.facade import MarketDataFacade
from engine.model.errors import (
    ConfigurationError,
    CredentialsRefused,
    Deposed,
    ExchangeError,
    JournalUnavailable,
)
from engine.model.event import LeadershipTaken
from engine.model.leader import Leader
from engine.model.symbol import Symbol
from engine.ports import Clock, Exchange, Leadership

INTRODUCTION_SECONDS = 5.0
FAREWELL_SECONDS = 3.0
RETRY_SECONDS = 0.25

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reign:
    """All that only the leader has, made anew for each reign; `connections` are let go of last.

    `before` is whom it was taken over from, after standing by; `greet` says the pairing code where
    nobody is admitted yet.
    """

    lead: Lead
    before: Leader | None
    leadership: Leadership
    clock: Clock
    exchange: Exchange
    connections: AsyncExitStack
    journal: PostgresJournal
    nursery: Nursery
    market: MarketDataFacade
    desk: Desk
    chat: Chat
    order_metrics: OrderMetrics
    greet: Callable[[str], None]

    async def introduce(self) -> None:
        """Begin to keep the lead; what is wrong with token or keys is said with a sentence."""
        self.nursery.start("leadership", self._stay, restart=False)
        await self.chat.introduce()
        await self._introduce_to_exchange()

    async def begin(self, version: str, name: str, wanted: MarketSettings) -> None:
        """Start everything as after a crash: rebuild, compare with the exchange, listen."""
        await self.desk.open(version, *self._taken(name), sure_dead=self.lead.sure_dead)
        if (code := self.desk.admission.offer_pairing()) is not None:
            self.greet(code)
        self.nursery.start("exchange", self.desk.run)
        self.nursery.start("market data", self.market.run)
        self.nursery.start("order metrics", self.order_metrics.run)
        for symbol in map(Symbol, wanted.subscribe_symbols):
            await self.market.watch(symbol)
            for timeframe in wanted.candle_timeframes:
                await self.market.follow_candles(symbol, timeframe)
        self.chat.start()

    async def last(self) -> None:
        """Serve until another leads (`Deposed`), or until a part fails that must not."""
        await self.nursery.wait()

    async def farewell(self) -> None:
        """Note the stop in good order, and let the chat hear of it if it can."""
        try:
            await self.desk.close()
            await self.chat.last_words(FAREWELL_SECONDS)
        except JournalUnavailable as error:
            log.warning("stop_not_journalled", detail=error.sentence)

    async def end(self) -> None:
        """Everything ends in good order, the youngest first; whoever stands by may lead then."""
        await self.nursery.stop()
        await self._let_go()
        await self.leadership.release()

    async def abandon(self) -> None:
        """Everything ends at once: it is another's to finish."""
        self.lead.end()
        await self.nursery.abandon()
        await self._let_go()

    async def _let_go(self) -> None:
        await self.chat.close()
        await self.journal.close()
        await self.connections.aclose()

    async def _stay(self) -> None:
        """Renew the lease for ever; a database that is away is asked again soon."""
        while True:
            try:
                await self.leadership.renew()
            except Deposed:
                raise
            except JournalUnavailable:
                await self.clock.sleep(RETRY_SECONDS)
            else:
                await self.clock.sleep(RENEW_SECONDS)

    def _taken(self, name: str) -> Sequence[LeadershipTaken]:
        before = self.before
        if before is None:
            return ()
        taken = LeadershipTaken(
            at=self.clock.now(),
            name=name,
            epoch=self.lead.epoch,
            before=before.name,
            heard_at=None if before.stepped_down else before.heard_at,
        )
        return (taken,)

    async def _introduce_to_exchange(self) -> None:
        """See that the keys are good, if the exchange answers."""
        try:
            async with asyncio.timeout(INTRODUCTION_SECONDS):
                await self.exchange.fees()
        except CredentialsRefused as error:
            raise ConfigurationError(
                "Bitfinex does not accept the API key: check BITFINEX_API_KEY and "
                "BITFINEX_API_SECRET, and that the key may read orders, wallets and positions."
            ) from error
        except (ExchangeError, TimeoutError) as error:
            log.warning("exchange_unreachable_at_start", detail=str(error) or "no answer")
