"""The composition root: the only file that knows everything, and the order of start and stop."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

import structlog

from bot.chat import Chat, ChatParts
from bot.nursery import Nursery
from bot.readiness import parts_of
from bot.settings import BitfinexSettings, DatabaseSettings, Settings
from bot.telegram.alerts import READER
from bot.telegram.ports import Received
from bot.web.app import build_web
from bot.web.metrics import Metrics
from bot.web.order_metrics import OrderMetrics
from bot.web.server import WebServer
from db import schema
from db.inbox import PostgresInbox
from db.journal import PostgresJournal
from db.location import located
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
from engine.model.symbol import Symbol

VERSION = version("genesis")
INTRODUCTION_SECONDS = 5.0
FAREWELL_SECONDS = 3.0

log = structlog.get_logger()


class Service:
    """The whole service; `run` ends by cancellation or when a part fails that must not."""

    def __init__(self, nursery: Nursery, web_url: str) -> None:
        self.web_url = web_url
        self._nursery = nursery

    async def run(self) -> None:
        """Serve until cancelled."""
        await self._nursery.wait()


@asynccontextmanager
async def build(settings: Settings) -> AsyncIterator[Service]:
    """A running service; what is wrong with the settings ends here, with a sentence."""
    clock = SystemClock()
    config = _bitfinex(settings.bitfinex)
    chance = random.Random()
    async with (
        _database(settings.database) as database,
        BitfinexExchange(config, clock=clock, chance=chance) as exchange,
        BitfinexMarketData(config, clock=clock, chance=chance) as source,
    ):
        await _introduce(exchange)
        metrics = Metrics()
        journal = PostgresJournal(database)
        nursery = Nursery(clock=clock, random=chance, on_failure=metrics.task_failed)
        market = MarketDataFacade(source, clock, settings.market.ticker_stale_secs)
        desk = Desk(journal=journal, exchange=exchange, market=market, clock=clock)
        chat = Chat(
            ChatParts(
                settings=settings.telegram,
                dms=settings.bitfinex.dms,
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
        web = WebServer(
            build_web(
                settings=settings.web,
                parts=parts_of(database, desk, chat),
                metrics=metrics,
                clock=clock,
                version=VERSION,
            ),
            settings.web,
        )
        _observe(metrics, desk, market)
        try:
            await web.start()
            await chat.introduce()
            await desk.open(VERSION)
            nursery.start("exchange", desk.run)
            nursery.start("market data", market.run)
            nursery.start("order metrics", OrderMetrics(metrics, journal, [READER]).run)
            for symbol in settings.market.subscribe_symbols:
                await market.watch(Symbol(symbol))
            chat.start()
            try:
                yield Service(nursery, web.url)
            except asyncio.CancelledError:
                await _farewell(desk, chat)
                raise
        finally:
            await nursery.stop()
            await chat.close()
            await web.stop()
            await journal.close()


async def _farewell(desk: Desk, chat: Chat) -> None:
    """Note the stop in good order, and let the chat hear of it if it can."""
    try:
        await desk.close()
        await chat.last_words(FAREWELL_SECONDS)
    except JournalUnavailable as error:
        log.warning("stop_not_journalled", detail=error.sentence)


def _observe(metrics: Metrics, desk: Desk, market: MarketDataFacade) -> None:
    metrics.watch_link("private", lambda: desk.floor.gate.link_since is not None)
    metrics.watch_market(lambda: market.live_answers, lambda: market.asked_answers)


@asynccontextmanager
async def _database(settings: DatabaseSettings) -> AsyncIterator[Database]:
    """The database with its schema up to date."""
    named = settings.url.get_secret_value() if settings.url is not None else None
    async with located(named, settings.state_dir, settings.pg_bindir, join=False) as url:
        database = await Database.open(url)
        try:
            await schema.upgrade(url)
            yield database
        finally:
            await database.close()


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


def _bitfinex(settings: BitfinexSettings) -> BitfinexConfig:
    return BitfinexConfig(
        api_key=settings.api_key.get_secret_value(),
        api_secret=Secret(settings.api_secret.get_secret_value()),
        ws_api_key=settings.ws_api_key.get_secret_value(),
        ws_api_secret=Secret(settings.ws_api_secret.get_secret_value()),
        rest_url=settings.api_url,
        public_rest_url=settings.public_api_url,
        ws_auth_url=settings.ws_auth_uri,
        ws_public_url=settings.ws_public_uri,
        dms=settings.dms,
    )
