"""The composition root: the only file that knows everything, and the order of start and stop."""

import asyncio
import os
import random
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from importlib.metadata import version
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot.chat import Chat, ChatParts
from bot.cli.say import say
from bot.nursery import Nursery
from bot.readiness import Readiness
from bot.reign import Reign
from bot.settings import DatabaseSettings, Settings
from bot.telegram.ports import Received
from bot.venue import Venue
from bot.web.app import build_web
from bot.web.doors import Door
from bot.web.metrics import Metrics
from bot.web.order_metrics import OrderMetrics
from bot.web.risk_metrics import RiskFigures, RiskMetrics
from bot.web.server import WebServer
from db import purpose, schema
from db.errors import DatabaseUnreachable
from db.factors import PostgresFactors
from db.inbox import PostgresInbox
from db.journal import PostgresJournal
from db.keys import PostgresKeys
from db.lease import PostgresLeadership
from db.location import Location, located
from db.session import Database
from db.shelf import PostgresShelf
from engine.clock import SystemClock
from engine.desk import Desk
from engine.lead import Lead
from engine.market.facade import MarketDataFacade
from engine.model.errors import Deposed, JournalUnavailable
from engine.model.leader import Leader
from engine.ports import Clock

VERSION = version("genesis")
LOOK_AGAIN_SECONDS = 0.25

log = structlog.get_logger()


class Service:
    """The whole service: a house that stands by until it leads, and a reign while it does."""

    def __init__(
        self, settings: Settings, place: Location, database: Database, clock: Clock
    ) -> None:
        self._settings = settings
        self._place = place
        self._database = database
        self._clock = clock
        self._chance = random.Random()
        self._name = settings.service.instance_name or f"{socket.gethostname()}:{os.getpid()}"
        self._leadership = PostgresLeadership(database, self._name, clock=self._clock)
        self._metrics = Metrics()
        self._metrics.watch_leader(self._leads)
        self._metrics.watch_alert_group(
            lambda: self._reign is not None and self._reign.chat.alert_trouble is not None
        )
        self._risk_metrics = RiskMetrics(self._metrics)
        self._venue = Venue(settings, database, self._metrics, clock=clock, chance=self._chance)
        self._house = self._nursery()
        self._reign: Reign | None = None
        app = build_web(
            settings=settings.web,
            parts=Readiness(database, self._leadership, lambda: self._reign),
            metrics=self._metrics,
            clock=self._clock,
            version=VERSION,
            desk=self._open_desk,
            name_of=lambda actor_id: "" if (r := self._reign) is None else r.chat.name_of(actor_id),
            keys=PostgresKeys(database),
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

    def _open_desk(self) -> Desk | None:
        """Only once it knows everybody who was let go."""
        desk = None if self._reign is None else self._reign.desk
        return desk if desk is not None and desk.opened else None

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
        exchange, market = await self._venue.open(lead, connections)
        journal = PostgresJournal(self._database, epoch=lead.epoch, on_deposed=lead.end)
        desk = Desk(
            journal=journal,
            exchange=exchange,
            market=market,
            clock=clock,
            may_act=lead.may_act,
            dead_man=settings.bitfinex.dms,
            policy=settings.risk.policy(settings.region.timezone.key),
            founders={f"tg:{person}": role for person, role in settings.telegram.roles.items()},
            factors=PostgresFactors(self._database),
            needs=settings.safeguards.needs,
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
        self._risk_metrics.watch(lambda: _risk_figures(desk))
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
            order_metrics=OrderMetrics(
                metrics, journal, chat.readers, also=[self._risk_metrics.count]
            ),
            greet=_greet,
        )


@asynccontextmanager
async def build(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Service]:
    """A running service that leads; what is wrong with the settings ends here, with a sentence."""
    async with _located(settings.database) as place, _database(place) as database:
        service = Service(settings, place, database, clock or SystemClock())
        try:
            await service.start()
            try:
                yield service
            except asyncio.CancelledError:
                await service.farewell()
                raise
        finally:
            await service.stop()


def _greet(code: str) -> None:
    """On the console alone: the log may be read by others than who owns this machine."""
    log.warning("nobody_admitted", mend="send the bot the pairing code on the server's console")
    say(f"Nobody is admitted yet. Send this to the bot to become its admin: /start {code}")


def _observe(metrics: Metrics, desk: Desk, market: MarketDataFacade) -> None:
    metrics.watch_link("private", lambda: desk.floor.gate.link_since is not None)
    metrics.watch_link("public", lambda: market.hears)
    metrics.watch_market(lambda: market.live_answers, lambda: market.asked_answers)


def _risk_figures(desk: Desk) -> RiskFigures:
    book = desk.floor.book
    return RiskFigures(
        breaker=book.risk.breaker is not None,
        transport=bool(book.breakers),
        tripped=frozenset(book.risk.trips),
        locks=len(book.risk.locks),
        mishaps=book.risk.mishaps,
        equity=book.risk.equity.value,
    )


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
