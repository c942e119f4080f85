"""The composition root: the only file that knows everything, and the order of start and stop."""

import asyncio
import os
import random
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from importlib.metadata import version
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from pydantic import SecretStr

from bot.chat import Chat, ChatParts
from bot.nursery import Nursery
from bot.paper import on_paper
from bot.readiness import Readiness
from bot.reign import Reign
from bot.settings import BitfinexSettings, DatabaseSettings, Settings
from bot.telegram.ports import Received
from bot.web.app import build_web
from bot.web.doors import Door
from bot.web.metrics import Metrics
from bot.web.order_metrics import OrderMetrics
from bot.web.server import WebServer
from bot.web.transport_metrics import TransportMetrics
from db import purpose, schema
from db.errors import DatabaseUnreachable
from db.inbox import PostgresInbox
from db.journal import PostgresJournal
from db.lease import PostgresLeadership
from db.location import Location, located
from db.nonces import PostgresNonces
from db.session import Database
from db.shelf import PostgresShelf
from engine.bitfinex.auth import Secret
from engine.bitfinex.config import BitfinexConfig
from engine.bitfinex.exchange import BitfinexExchange
from engine.bitfinex.market import BitfinexMarketData
from engine.bitfinex.traffic import Traffic
from engine.clock import SystemClock
from engine.desk import Desk
from engine.lead import Lead
from engine.market.facade import MarketDataFacade
from engine.model.endpoint import EndpointType
from engine.model.errors import Deposed, JournalUnavailable
from engine.model.leader import Leader
from engine.ports import Exchange

VERSION = version("genesis")
LOOK_AGAIN_SECONDS = 0.25

log = structlog.get_logger()


class Service:
    """The whole service: a house that stands by until it leads, and a reign while it does."""

    def __init__(self, settings: Settings, place: Location, database: Database) -> None:
        self._settings = settings
        self._place = place
        self._database = database
        self._clock = SystemClock()
        self._chance = random.Random()
        self._name = settings.service.instance_name or f"{socket.gethostname()}:{os.getpid()}"
        self._leadership = PostgresLeadership(database, self._name, clock=self._clock)
        self._metrics = Metrics()
        self._metrics.watch_leader(self._leads)
        self._transport_metrics = TransportMetrics(self._metrics.registry)
        self._traffic = Traffic(self._clock, settings.rates.rates)
        self._house = self._nursery()
        self._reign: Reign | None = None
        app = build_web(
            settings=settings.web,
            parts=Readiness(database, self._leadership, lambda: self._reign),
            metrics=self._metrics,
            clock=self._clock,
            version=VERSION,
            doors=self._doors(),
            dry=settings.dry_run.enabled,
        )
        self._web = WebServer(app, settings.web)
        self._announced = False

    @property
    def web_url(self) -> str:
        """Where the side app listens."""
        return self._web.url

    async def start(self) -> None:
        """Return when we lead and everything runs.

        The port is taken first: what is wrong with it ends a start with a word.
        """
        await self._web.start()
        if self._place.keep_running is not None:
            self._house.start("embedded database", self._place.keep_running)
        fresh = not await schema.is_founded(self._database)
        if fresh:
            await schema.upgrade(self._place.url)
        await purpose.claim(self._database, dry=self._settings.dry_run.enabled)
        await self._lead(migrate=not fresh)

    async def run(self) -> None:
        """Serve until cancelled, or until a part fails that must not; deposed, stand by again."""
        while True:
            reign = self._reign
            if reign is None:
                await self._lead(migrate=True)
                continue
            try:
                await reign.last()
            except Deposed:
                log.error("deposed", epoch=reign.lead.epoch)
            self._reign = None
            await reign.abandon()

    async def farewell(self) -> None:
        """Say goodbye, if we are the one who speaks."""
        if self._reign is not None:
            await self._reign.farewell()

    async def stop(self) -> None:
        """Everything ends, the youngest first."""
        if self._reign is not None:
            await self._reign.end()
        await self._house.stop()
        await self._web.stop()

    def _announce(self) -> None:
        """Say where we listen, once it is sure that we stay."""
        if not self._announced:
            self._announced = True
            self._web.announce()

    def _doors(self) -> Sequence[Door]:
        url = self._settings.telegram.webhook_url
        if url is None:
            return []
        parts = urlsplit(url)
        return [Door(path=parts.path, host=parts.hostname or "", answer=self._answer_telegram)]

    async def _answer_telegram(self, request: web.Request) -> web.StreamResponse:
        hook = None if self._reign is None else self._reign.chat.webhook
        if hook is None:
            raise web.HTTPServiceUnavailable
        return await hook.answer(request)

    async def _lead(self, *, migrate: bool) -> None:
        """Stand by until we lead, and begin; a lead lost over that is waited for again."""
        before: Leader | None = None
        while self._reign is None:
            lead = await self._leadership.acquire(self._announce)
            before = lead.before or before
            self._reign = reign = await self._assembled(lead, before)
            try:
                if migrate:
                    await schema.upgrade(self._place.url)
                await reign.introduce()
                self._announce()
                await reign.begin(VERSION, self._name, self._settings.market)
            except (JournalUnavailable, DatabaseUnreachable) as error:
                log.warning("lead_not_begun", detail=error.sentence)
                self._reign = None
                await reign.abandon()
                await self._clock.sleep(LOOK_AGAIN_SECONDS)

    def _leads(self) -> bool:
        return self._reign is not None and self._reign.lead.may_act()

    def _nursery(self) -> Nursery:
        failed = self._metrics.task_failed
        return Nursery(clock=self._clock, random=self._chance, on_failure=failed)

    async def _assembled(self, lead: Lead, before: Leader | None) -> Reign:
        """A reign with every connection of its own, so that nothing of it outlives it."""
        settings, clock, metrics = self._settings, self._clock, self._metrics
        connections = AsyncExitStack()
        exchange, market = await self._trading_place(lead, connections)
        journal = PostgresJournal(self._database, epoch=lead.epoch, on_deposed=lead.end)
        desk = Desk(
            journal=journal,
            exchange=exchange,
            market=market,
            clock=clock,
            may_act=lead.may_act,
            dead_man=settings.bitfinex.dms,
        )
        nursery = self._nursery()
        chat = Chat(
            ChatParts(
                settings=settings.telegram,
                dms=settings.bitfinex.dms and not settings.dry_run.enabled,
                dry=settings.dry_run.enabled,
                desk=desk,
                journal=journal,
                inbox=PostgresInbox(self._database, Received),
                shelf=PostgresShelf(self._database),
                clock=clock,
                nursery=nursery,
                count=metrics.telegram_message,
                stranger=metrics.stranger,
                may_listen=lead.may_listen,
            )
        )
        _observe(metrics, desk, market)
        return Reign(
            lead=lead,
            before=before,
            leadership=self._leadership,
            clock=clock,
            exchange=exchange,
            connections=connections,
            journal=journal,
            nursery=nursery,
            market=market,
            desk=desk,
            chat=chat,
            order_metrics=OrderMetrics(metrics, journal, chat.readers),
        )

    async def _trading_place(
        self, lead: Lead, connections: AsyncExitStack
    ) -> tuple[Exchange, MarketDataFacade]:
        """The account and its market; in a dry run on paper, and this is the only fork there is."""
        settings, clock = self._settings, self._clock
        stale = settings.market.ticker_stale_secs
        source = await self._source(connections)
        if settings.dry_run.enabled:
            return on_paper(
                settings.dry_run,
                source,
                self._database,
                clock=clock,
                stale_after=stale,
                epoch=lead.epoch,
            )
        exchange = await self._exchange(lead, connections)
        return exchange, MarketDataFacade(source, clock, stale)

    async def _source(self, connections: AsyncExitStack) -> BitfinexMarketData:
        """The public side, for which nobody needs a key; what was counted outlives a reign."""
        config = _bitfinex(self._settings.bitfinex, keys=False)
        source = await connections.enter_async_context(
            BitfinexMarketData(
                config, clock=self._clock, chance=self._chance, traffic=self._traffic
            )
        )
        _observe_source(self._transport_metrics, self._traffic, source)
        return source

    async def _exchange(self, lead: Lead, connections: AsyncExitStack) -> BitfinexExchange:
        """The real one; what was counted of calls and connects outlives a reign."""
        exchange = await connections.enter_async_context(
            BitfinexExchange(
                _bitfinex(self._settings.bitfinex),
                clock=self._clock,
                chance=self._chance,
                nonces=PostgresNonces(self._database),
                traffic=self._traffic,
                may_send=lead.may_act,
                may_cancel=lead.may_listen,
            )
        )
        self._transport_metrics.watch_link(
            "private",
            reconnects=lambda: exchange.reconnects,
            strange=lambda: sum(exchange.unknown_frames.values()),
        )
        return exchange


@asynccontextmanager
async def build(settings: Settings) -> AsyncIterator[Service]:
    """A running service that leads; what is wrong with the settings ends here, with a sentence."""
    async with _located(settings.database) as place, _database(place) as database:
        service = Service(settings, place, database)
        try:
            await service.start()
            try:
                yield service
            except asyncio.CancelledError:
                await service.farewell()
                raise
        finally:
            await service.stop()


def _observe(metrics: Metrics, desk: Desk, market: MarketDataFacade) -> None:
    metrics.watch_link("private", lambda: desk.floor.gate.link_since is not None)
    metrics.watch_link("public", lambda: market.hears)
    metrics.watch_market(lambda: market.live_answers, lambda: market.asked_answers)


def _observe_source(
    metrics: TransportMetrics, traffic: Traffic, source: BitfinexMarketData
) -> None:
    for kind in EndpointType:
        metrics.watch_endpoint(
            kind,
            tokens=partial(traffic.limits.tokens, kind),
            utilization=partial(traffic.limits.utilization, kind),
            is_open=partial(traffic.is_open, kind),
        )
    metrics.watch_link(
        "public",
        reconnects=lambda: source.reconnects,
        strange=lambda: source.unreadable_frames,
    )
    metrics.watch_books(lambda: source.book_mismatches)


@asynccontextmanager
async def _database(place: Location) -> AsyncIterator[Database]:
    database = await Database.open(place.url)
    try:
        yield database
    finally:
        await database.close()


def _located(settings: DatabaseSettings) -> AbstractAsyncContextManager[Location]:
    named = settings.url.get_secret_value() if settings.url is not None else None
    return located(named, settings.state_dir, settings.pg_bindir, join=False)


def _bitfinex(settings: BitfinexSettings, *, keys: bool = True) -> BitfinexConfig:
    """Where the exchange is and who we are there: without `keys`, nobody."""
    return BitfinexConfig(
        api_key=_open(settings.api_key) if keys else "",
        api_secret=Secret(_open(settings.api_secret) if keys else ""),
        ws_api_key=_open(settings.ws_api_key) if keys else "",
        ws_api_secret=Secret(_open(settings.ws_api_secret) if keys else ""),
        rest_url=settings.api_url,
        public_rest_url=settings.public_api_url,
        ws_auth_url=settings.ws_auth_uri,
        ws_public_url=settings.ws_public_uri,
        dms=settings.dms,
    )


def _open(secret: SecretStr | None) -> str:
    return "" if secret is None else secret.get_secret_value()
