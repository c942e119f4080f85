"""Public REST: market data and the lists of what is traded."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

from aiohttp import web

from engine.simulator.conf import Conf
from engine.simulator.hub import Hub
from engine.simulator.market.book import LENGTHS, PRECISIONS
from engine.simulator.market.candles import read_candle_key
from engine.simulator.rest.answers import answer
from engine.simulator.rest.paging import read_page
from engine.simulator.trading.offers import cost_of, fillable
from engine.simulator.trading.order import Order
from engine.simulator.trading.request import read_number, read_price
from engine.simulator.wire.json import Fields, Json, Row, decode
from engine.simulator.wire.numbers import tidy, to_eight
from engine.simulator.wire.refusal import generic, parameter
from engine.simulator.world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
MOST_ROWS = 10_000
DEFAULT_TRADES = 125
DEFAULT_CANDLES = 100


class PublicRest:
    """The handlers of `/v2/...` that need no key."""

    def __init__(self, world: World, hub: Hub) -> None:
        self._world = world
        self._hub = hub
        self._conf = Conf([market.instrument for market in world.markets.values()])

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/v2/platform/status", self.status),
            web.get("/v2/tickers", self.tickers),
            web.get("/v2/ticker/{symbol}", self.ticker),
            web.get("/v2/trades/{symbol}/hist", self.trades),
            web.get("/v2/book/{symbol}/{precision}", self.book),
            web.get("/v2/candles/{key}/{section:hist|last}", self.candles),
            web.get("/v2/conf/{keys}", self.conf),
            web.get("/v2/liquidations/hist", self.nothing),
            web.get("/v2/calc/trade/avg", self.average),
            web.post("/v2/calc/trade/avg", self.average),
            web.post("/v2/calc/fx", self.fx),
        ]

    async def status(self, request: web.Request) -> web.Response:
        return answer([0 if self._hub.maintenance else 1])

    async def nothing(self, request: web.Request) -> web.Response:
        return answer([])

    async def conf(self, request: web.Request) -> web.Response:
        return answer(self._conf.answer(request.match_info["keys"]))

    async def ticker(self, request: web.Request) -> web.Response:
        return answer(self._world.ticker(request.match_info["symbol"]))

    async def tickers(self, request: web.Request) -> web.Response:
        wanted = request.query.get("symbols", "")
        if not wanted:
            raise parameter("symbols")
        known = self._world.markets
        symbols = list(known) if wanted == "ALL" else wanted.split(",")
        rows: Row = [[name, *self._world.ticker(name)] for name in symbols if name in known]
        return answer(rows)

    async def trades(self, request: web.Request) -> web.Response:
        tape = self._world.floor.market(request.match_info["symbol"]).tape
        page = read_page(dict(request.query), default=DEFAULT_TRADES, most=MOST_ROWS)
        found = tape.between(page.start, page.end, page.limit, oldest_first=page.oldest_first)
        return answer([trade.row() for trade in found])

    async def book(self, request: web.Request) -> web.Response:
        precision, length = request.match_info["precision"], request.query.get("len", "25")
        if precision not in PRECISIONS:
            raise parameter("precision")
        if length not in {str(allowed) for allowed in LENGTHS}:
            raise parameter("len")
        return answer(self._world.view(request.match_info["symbol"], precision, int(length)).rows)

    async def candles(self, request: web.Request) -> web.Response:
        timeframe, symbol = read_candle_key(request.match_info["key"])
        series = self._world.floor.market(symbol).series
        if request.match_info["section"] == "last":
            newest = series.last(timeframe)
            return answer(list(newest) if newest else [])
        page = read_page(dict(request.query), default=DEFAULT_CANDLES, most=MOST_ROWS)
        found = series.between(
            timeframe,
            start=page.start,
            end=page.end,
            limit=page.limit,
            oldest_first=page.oldest_first,
        )
        return answer([list(candle) for candle in found])

    async def average(self, request: web.Request) -> web.Response:
        fields: Fields = {**request.query, **await read_body(request)}
        symbol, amount = str(fields.get("symbol", "")), read_number(fields, "amount")
        self._world.floor.market(symbol)
        if not amount:
            raise parameter("amount")
        return answer(self._average(symbol, amount, read_price(fields, "price_limit")))

    async def fx(self, request: web.Request) -> web.Response:
        fields = await read_body(request)
        one, two = str(fields.get("ccy1", "")), str(fields.get("ccy2", ""))
        rate = self._rate(one, two) or self._rate_over(one, two, "USD")
        if not rate:
            raise parameter("ccy")
        return answer([round(rate, 8)])

    def _rate(self, one: str, two: str) -> float:
        """What one is in the other by their own pair; 0 where there is none."""
        if one == two:
            return 1.0
        known = self._world.markets
        straight = known.get(f"t{one}{two}") or known.get(f"t{one}:{two}")
        turned = known.get(f"t{two}{one}") or known.get(f"t{two}:{one}")
        return straight.last if straight else 1 / turned.last if turned else 0.0

    def _rate_over(self, one: str, two: str, middle: str) -> float:
        return self._rate(one, middle) * self._rate(middle, two)

    def _average(self, symbol: str, amount: Decimal, limit: Decimal | None) -> Row:
        order = probe(symbol, amount, self._world.floor.now)
        filled = fillable(self._world.floor, order, limit)
        if not filled:
            return [0, 0]
        order.amount = filled.copy_sign(amount)
        return [tidy(to_eight(cost_of(self._world.floor, order) / filled)), order.amount]


def probe(symbol: str, amount: Decimal, now: int) -> Order:
    """An order nobody placed, to ask what it would meet."""
    return Order(
        id=0,
        cid=0,
        symbol=symbol,
        kind="EXCHANGE MARKET",
        amount=amount,
        amount_orig=amount,
        created=now,
        updated=now,
    )


async def read_body(request: web.Request) -> Fields:
    """The JSON object of the body; none is an empty one."""
    return fields_of(await request.read())


def fields_of(raw: bytes) -> Fields:
    if not raw.strip():
        return {}
    try:
        value: Json = decode(raw)
    except ValueError as broken:
        raise generic("json: invalid") from broken
    if not isinstance(value, dict):
        raise generic("json: invalid")
    return value
