"""Where we trade: the exchange's client and its market data, or an account on paper."""

import random
from contextlib import AsyncExitStack
from functools import partial

from pydantic import SecretStr

from bot.paper import on_paper
from bot.settings import BitfinexSettings, Settings
from bot.web.metrics import Metrics
from bot.web.transport_metrics import TransportMetrics
from db.nonces import PostgresNonces
from db.session import Database
from engine.bitfinex.auth import Secret
from engine.bitfinex.config import BitfinexConfig
from engine.bitfinex.exchange import BitfinexExchange
from engine.bitfinex.market import BitfinexMarketData
from engine.bitfinex.traffic import Traffic
from engine.lead import Lead
from engine.market.facade import MarketDataFacade
from engine.model.endpoint import EndpointType
from engine.ports import Clock, Exchange


class Venue:
    """Opens connections for each reign; what is counted of calls and connects outlives them."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        metrics: Metrics,
        *,
        clock: Clock,
        chance: random.Random,
    ) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._chance = chance
        self._metrics = TransportMetrics(metrics.registry)
        self._traffic = Traffic(clock, settings.rates.rates)

    async def open(
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
        _observe_source(self._metrics, self._traffic, source)
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
        self._metrics.watch_link(
            "private",
            reconnects=lambda: exchange.reconnects,
            strange=lambda: sum(exchange.unknown_frames.values()),
        )
        return exchange


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
