"""A dry run's account, put together: a market to look at, and a database to keep it in."""

import structlog

from bot.settings import DryRunSettings
from db.paper import PostgresPaperStore
from db.session import Database
from engine.market.facade import MarketDataFacade
from engine.model.market import Fees
from engine.paper.config import PaperConfig
from engine.paper.exchange import PaperExchange
from engine.paper.overheard import Overheard
from engine.ports import Clock, MarketData

log = structlog.get_logger()


def on_paper(
    settings: DryRunSettings,
    source: MarketData,
    database: Database,
    *,
    clock: Clock,
    stale_after: float,
    epoch: int,
) -> tuple[PaperExchange, MarketDataFacade]:
    """The account and its market; what it does in an epoch that is over is not saved, nor told."""
    overheard = Overheard(source)
    market = MarketDataFacade(overheard, clock, stale_after)
    fees = Fees(maker=settings.maker_fee, taker=settings.taker_fee)
    exchange = PaperExchange(
        market=market,
        store=PostgresPaperStore(database, epoch=epoch),
        config=PaperConfig(balances=settings.balances, fees=fees),
        clock=clock,
    )
    overheard.listen(exchange.hear)
    log.warning("dry_run", detail="orders are filled on paper; none reaches the exchange")
    return exchange, market
