"""The composition root: the only file that knows everything, and the order of start and stop."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version

import structlog
from pydantic import SecretStr

from bot.chat import Chat, ChatParts
from bot.nursery import Nursery
from bot.readiness import parts_of
from bot.settings import DatabaseSettings, DryRunSettings, Settings
from bot.telegram.ports import Received
from bot.web.app import build_web
from bot.web.doors import Door
from bot.web.metrics import Metrics
from bot.web.order_metrics import OrderMetrics
from bot.web.server import WebServer
from db import purpose, schema
from db.inbox import PostgresInbox
from db.journal import PostgresJournal
from db.location import Location, located
from db.paper import PostgresPaperStore
from db.session import Database
from db.shelf import PostgresShelf
from engine.bitfinex.auth import Secret
from engine.bitfinex.config import BitfinexConfig
from engine.bitfinex.exchange import BitfinexExchange
from engine.bitfinex.market import BitfinexMarketData
from engine.clock import SystemClock
from engine.desk import Desk
from engine.market.facade import MarketDataFacade
from engine.model.errors import (
    ConfigurationError,
    CredentialsRefused,
    ExchangeError,
    JournalUnavailable,
)
from engine.model.market import Fees
from engine.model.symbol import Symbol
from engine.paper.config import PaperConfig
from engine.paper.exchange import PaperExchange
from engine.paper.overheard import Overheard
from engine.ports import Exchange

VERSION = version("genesis")
INTRODUCTION_SECONDS = 5.0
FAREWELL_SECONDS = 3.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The whole service, put together."""

    settings: Settings
    journal: PostgresJournal
    nursery: Nursery
    market: MarketDataFacade
    desk: Desk
    chat: Chat
    web: WebServer
    order_metrics: OrderMetrics

    @property
    def web_url(self) -> str:
        """Where the side app listens."""
        return self.web.url

    async def start(self) -> None:
        """Take the port and the token first: what is wrong with them ends a start with a word."""
        await self.web.start()
        await self.chat.introduce()
        self.web.announce()
        await self.desk.open(VERSION)
        self.nursery.start("exchange", self.desk.run)
        self.nursery.start("market data", self.market.run)
        self.nursery.start("order metrics", self.order_metrics.run)
        for symbol in self.settings.market.subscribe_symbols:
            await self.market.watch(Symbol(symbol))
        self.chat.start()

    async def run(self) -> None:
        """Serve until cancelled, or until a part fails that must not."""
        await self.nursery.wait()

    async def farewell(self) -> None:
        """Note the stop in good order, and let the chat hear of it if it can."""
        try:
            await self.desk.close()
            await self.chat.last_words(FAREWELL_SECONDS)
        except JournalUnavailable as error:
            log.warning("stop_not_journalled", detail=error.sentence)

    async def stop(self) -> None:
        """Everything ends, the youngest first."""
        await self.nursery.stop()
        await self.chat.close()
        await self.web.stop()
        await self.journal.close()


@asynccontextmanager
async def build(settings: Settings) -> AsyncIterator[Service]:
    """A running service; what is wrong with the settings ends here, with a sentence."""
    clock = SystemClock()
    config = _bitfinex(settings)
    chance = random.Random()
    async with (
        _located(settings.database) as place,
        _database(place, settings.dry_run) as database,
        BitfinexMarketData(config, clock=clock, chance=chance) as source,
        _trading_place(settings, config, source, database, clock, chance) as (exchange, market),
    ):
        service = _assembled(settings, database, exchange, market, clock, chance)
        if place.keep_running is not None:
            service.nursery.start("embedded database", place.keep_running)
        try:
            await service.start()
            try:
                yield service
            except asyncio.CancelledError:
                await service.farewell()
                raise
        finally:
            await service.stop()


def _assembled(
    settings: Settings,
    database: Database,
    exchange: Exchange,
    market: MarketDataFacade,
    clock: SystemClock,
    chance: random.Random,
) -> Service:
    metrics = Metrics()
    journal = PostgresJournal(database)
    nursery = Nursery(clock=clock, random=chance, on_failure=metrics.task_failed)
    desk = Desk(journal=journal, exchange=exchange, market=market, clock=clock)
    chat = Chat(
        ChatParts(
            settings=settings.telegram,
            dms=settings.bitfinex.dms and not settings.dry_run.enabled,
            dry=settings.dry_run.enabled,
            desk=desk,
            journal=journal,
            inbox=PostgresInbox(database, Received),
            shelf=PostgresShelf(database),
            clock=clock,
            nursery=nursery,
            count=metrics.telegram_message,
            stranger=metrics.stranger,
        )
    )
    app = build_web(
        settings=settings.web,
        parts=parts_of(database, desk, chat),
        metrics=metrics,
        clock=clock,
        version=VERSION,
        doors=_doors(chat),
        dry=settings.dry_run.enabled,
    )
    _observe(metrics, desk, market)
    return Service(
        settings=settings,
        journal=journal,
        nursery=nursery,
        market=market,
        desk=desk,
        chat=chat,
        web=WebServer(app, settings.web),
        order_metrics=OrderMetrics(metrics, journal, chat.readers),
    )


def _doors(chat: Chat) -> Sequence[Door]:
    hook = chat.webhook
    return [] if hook is None else [Door(path=hook.path, host=hook.host, answer=hook.answer)]


def _observe(metrics: Metrics, desk: Desk, market: MarketDataFacade) -> None:
    metrics.watch_link("private", lambda: desk.floor.gate.link_since is not None)
    metrics.watch_link("public", lambda: market.hears)
    metrics.watch_market(lambda: market.live_answers, lambda: market.asked_answers)


@asynccontextmanager
async def _database(place: Location, dry_run: DryRunSettings) -> AsyncIterator[Database]:
    """The database with its schema up to date; one for dry runs has never seen a real order."""
    database = await Database.open(place.url)
    try:
        await schema.upgrade(place.url)
        await purpose.claim(database, dry=dry_run.enabled)
        yield database
    finally:
        await database.close()


def _located(settings: DatabaseSettings) -> AbstractAsyncContextManager[Location]:
    named = settings.url.get_secret_value() if settings.url is not None else None
    return located(named, settings.state_dir, settings.pg_bindir, join=False)


@asynccontextmanager
async def _trading_place(
    settings: Settings,
    config: BitfinexConfig,
    source: BitfinexMarketData,
    database: Database,
    clock: SystemClock,
    chance: random.Random,
) -> AsyncIterator[tuple[Exchange, MarketDataFacade]]:
    """The account, real or on paper, and its market: chosen here, once, for the whole run."""
    stale = settings.market.ticker_stale_secs
    if settings.dry_run.enabled:
        overheard = Overheard(source)
        market = MarketDataFacade(overheard, clock, stale)
        paper = PaperExchange(
            market=market,
            store=PostgresPaperStore(database),
            config=_paper(settings.dry_run),
            clock=clock,
        )
        overheard.listen(paper.hear)
        log.warning("dry_run", detail="orders are filled on paper; none reaches the exchange")
        yield paper, market
        return
    async with BitfinexExchange(config, clock=clock, chance=chance) as exchange:
        await _introduce(exchange)
        yield exchange, MarketDataFacade(source, clock, stale)


def _paper(settings: DryRunSettings) -> PaperConfig:
    fees = Fees(maker=settings.maker_fee, taker=settings.taker_fee)
    return PaperConfig(balances=settings.balances, fees=fees)


async def _introduce(exchange: BitfinexExchange) -> None:
    """See that the keys are good, if the exchange answers."""
    try:
        async with asyncio.timeout(INTRODUCTION_SECONDS):
            await exchange.fees()
    except CredentialsRefused as error:
        raise ConfigurationError(
            "Bitfinex does not accept the API key: check BITFINEX_API_KEY and "
            "BITFINEX_API_SECRET, and that the key may read orders, wallets and positions."
        ) from error
    except (ExchangeError, TimeoutError) as error:
        log.warning("exchange_unreachable_at_start", detail=str(error) or "no answer")


def _bitfinex(settings: Settings) -> BitfinexConfig:
    """Where the exchange is, and who we are there: in a dry run nobody, whatever keys are set."""
    bitfinex, dry = settings.bitfinex, settings.dry_run.enabled
    return BitfinexConfig(
        api_key="" if dry else _open(bitfinex.api_key),
        api_secret=Secret("" if dry else _open(bitfinex.api_secret)),
        ws_api_key="" if dry else _open(bitfinex.ws_api_key),
        ws_api_secret=Secret("" if dry else _open(bitfinex.ws_api_secret)),
        rest_url=bitfinex.api_url,
        public_rest_url=bitfinex.public_api_url,
        ws_auth_url=bitfinex.ws_auth_uri,
        ws_public_url=bitfinex.ws_public_uri,
        dms=bitfinex.dms,
    )


def _open(secret: SecretStr | None) -> str:
    return "" if secret is None else secret.get_secret_value()
