"""The demo's market has a past that is long enough for what asks for one."""

from datetime import UTC, datetime

import aiohttp

from bot.cli.demo import PAST_MINUTES
from engine.model.market import Candle
from engine.officer.volatility import daily_range
from engine.simulator.config import SimulatorConfig
from engine.simulator.server import running

MIDNIGHT, ALMOST_NEXT = 1_795_305_600_000, 1_795_391_999_000


async def test_it_can_be_told_at_any_hour_how_much_a_symbol_moves_in_a_day() -> None:
    for moment in (MIDNIGHT, ALMOST_NEXT):
        config = SimulatorConfig(clock_start=moment, walk_history_minutes=PAST_MINUTES)
        async with running(config) as simulator, aiohttp.ClientSession() as http:
            url = f"{simulator.rest_url}/candles/trade:1D:tBTCUSD/hist"
            async with http.get(url, params={"limit": "60"}) as answer:
                rows = await answer.json()
        days = [_candle(row) for row in reversed(rows)]
        assert daily_range(days, datetime.fromtimestamp(moment / 1000, UTC)) is not None


def _candle(row: list[float]) -> Candle:
    at, opened, close, high, low, volume = row
    return Candle(
        at=datetime.fromtimestamp(at / 1000, UTC),
        open=opened,
        close=close,
        high=high,
        low=low,
        volume=volume,
    )
