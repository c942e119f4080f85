"""Public REST: figures over time, tickers of the past, and the state of perpetual futures."""

from aiohttp import web

from engine.simulator.market.candles import DAY, HOUR, MINUTE, Candle
from engine.simulator.market.derivative import status_at, status_row
from engine.simulator.market.market import Market
from engine.simulator.market.noise import key_of, uniform
from engine.simulator.rest.answers import answer
from engine.simulator.rest.paging import Page, read_page
from engine.simulator.wire.json import Row
from engine.simulator.wire.refusal import parameter
from engine.simulator.world import World

SIZES = {"1m": MINUTE, "30m": 30 * MINUTE, "1h": HOUR, "1d": DAY, "1D": DAY}
SPANS = {"vol.1d": DAY, "vol.7d": 7 * DAY, "vol.30d": 30 * DAY}
AMOUNTS = ("pos.size", "funding.size", "credits.size", "credits.size.sym")
MOST_TICKERS = 250
MOST_ROWS = 10_000
MOST_STATUSES = 5_000
DEFAULT_ROWS = 100
DEFAULT_TICKERS = 125


class Statistics:
    """The handlers of `stats1`, `tickers/hist` and `status/deriv`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/v2/stats1/{key}/{section:hist|last}", self.stats),
            web.get("/v2/tickers/hist", self.tickers),
            web.get("/v2/status/deriv", self.derivatives),
            web.get("/v2/status/deriv/{symbol}/hist", self.derivative_history),
        ]

    async def stats(self, request: web.Request) -> web.Response:
        key, size, *rest = request.match_info["key"].split(":")
        step = SIZES.get(size)
        if step is None or key not in (*AMOUNTS, *SPANS, "vwap"):
            raise parameter("key")
        if request.match_info["section"] == "last":
            return answer(self._point(key, rest, self._newest(step)))
        page = read_page(dict(request.query), default=DEFAULT_ROWS, most=MOST_ROWS)
        return answer([self._point(key, rest, mts) for mts in self._times(page, step)])

    async def tickers(self, request: web.Request) -> web.Response:
        page = read_page(dict(request.query), default=DEFAULT_TICKERS, most=MOST_TICKERS)
        wanted = request.query.get("symbols", "ALL")
        known = self._world.markets
        symbols = (
            known if wanted == "ALL" else [name for name in wanted.split(",") if name in known]
        )
        found = [
            (candle, symbol) for symbol in symbols for candle in _candles(known[symbol], "1h", page)
        ]
        found.sort(key=lambda pair: pair[0].mts, reverse=not page.oldest_first)
        return answer([_past_ticker(symbol, candle) for candle, symbol in found[: page.limit]])

    async def derivatives(self, request: web.Request) -> web.Response:
        known = self._world.markets
        wanted = request.query.get("keys", "ALL").split(",")
        rows: list[Row] = []
        for symbol, market in known.items():
            if market.instrument.derivative and (wanted == ["ALL"] or symbol in wanted):
                rows.append([symbol, *status_row(market, known, self._world.floor.now)])
        return answer(rows)

    async def derivative_history(self, request: web.Request) -> web.Response:
        market = self._world.floor.market(request.match_info["symbol"])
        if not market.instrument.derivative:
            raise parameter("symbol")
        page = read_page(dict(request.query), default=DEFAULT_ROWS, most=MOST_STATUSES)
        minutes = _candles(market, "1m", page)
        return answer([status_at(market, one.close, one.open, one.mts) for one in minutes])

    def _newest(self, step: int) -> int:
        now = self._world.floor.now
        return now - now % step

    def _times(self, page: Page, step: int) -> list[int]:
        """The moments of a history: whole steps from `start` to `end`."""
        newest = self._newest(step)
        if page.end is not None:
            newest = min(newest, page.end - page.end % step)
        count = page.limit
        if page.start is not None:
            count = min(count, max((newest - page.start) // step + 1, 0))
        times = [newest - step * number for number in range(count)]
        return times[::-1] if page.oldest_first else times

    def _point(self, key: str, rest: list[str], mts: int) -> Row:
        if key in AMOUNTS:
            height = uniform(key_of(":".join([key, *rest])), mts // HOUR)
            return [mts, round(1_000 + 9_000 * height, 8)]
        if key == "vwap":
            market = self._world.floor.market(rest[0] if rest else "")
            return [mts, _average(_day_before(market, mts, DAY))]
        volumes = (
            candle.volume * candle.close
            for market in self._world.markets.values()
            if market.instrument.quote == "USD"
            for candle in _day_before(market, mts, SPANS[key])
        )
        return [mts, round(sum(volumes), 8)]


def _day_before(market: Market, mts: int, span: int) -> list[Candle]:
    return market.series.between("1h", start=mts - span, end=mts, limit=span // HOUR + 1)


def _average(candles: list[Candle]) -> float:
    """The volume-weighted price; 0 where nothing was traded."""
    volume = sum(candle.volume for candle in candles)
    spent = sum(candle.volume * (candle.high + candle.low + candle.close) / 3 for candle in candles)
    return round(spent / volume, 8) if volume else 0.0


def _candles(market: Market, timeframe: str, page: Page) -> list[Candle]:
    return market.series.between(
        timeframe,
        start=page.start,
        end=page.end,
        limit=page.limit,
        oldest_first=page.oldest_first,
    )


def _past_ticker(symbol: str, candle: Candle) -> Row:
    ask = float(f"{candle.close * 1.0001:.5g}")
    return [symbol, candle.close, None, ask, *[None] * 8, candle.mts]
