"""From a subscribe event to a channel, or to the exchange's refusal (sheet, 6.3)."""

from engine.simulator.market.book import LENGTHS, PRECISIONS
from engine.simulator.market.candles import read_candle_key
from engine.simulator.socket.channels import (
    BookChannel,
    CandlesChannel,
    Channel,
    StatusChannel,
    TickerChannel,
    TradesChannel,
)
from engine.simulator.wire.json import Fields
from engine.simulator.wire.refusal import SUBSCRIBE_FAIL, Refusal
from engine.simulator.world import World

FREQUENCIES = ("F0", "F1")


def open_channel(world: World, fields: Fields) -> Channel | None:
    """The channel of a subscribe event; None where the exchange says nothing at all."""
    kind = fields.get("channel")
    if kind == "status":
        return _status(world, fields)
    if kind == "candles":
        return _candles(world, fields)
    if kind not in ("ticker", "trades", "book"):
        raise Refusal(SUBSCRIBE_FAIL, "channel: unknown")
    symbol = _symbol(world, fields.get("symbol") or fields.get("pair"))
    if kind == "book":
        return _book(world, fields, symbol)
    named: Fields = {"channel": kind, "symbol": symbol}
    if kind == "ticker":
        return TickerChannel(world, named, symbol)
    return TradesChannel(world, named, symbol)


def echo(fields: Fields) -> Fields:
    """The request's own fields, as a refusal repeats them."""
    repeated = {name: value for name, value in fields.items() if name != "event"}
    return dict(list(repeated.items())[:12])


def pair_of(fields: Fields) -> Fields:
    """`pair` for trading symbols, `currency` for funding symbols."""
    symbol = fields.get("symbol")
    if not isinstance(symbol, str) or not symbol:
        return {}
    if symbol.startswith("f"):
        return {"currency": symbol[1:]}
    return {"pair": symbol.removeprefix("t")}


def _book(world: World, fields: Fields, symbol: str) -> Channel:
    precision = str(fields.get("prec", "P0"))
    freq = str(fields.get("freq", "F0"))
    length = str(fields.get("len", "25"))
    if precision not in PRECISIONS:
        raise Refusal(SUBSCRIBE_FAIL, "precision: invalid")
    if freq not in FREQUENCIES:
        raise Refusal(SUBSCRIBE_FAIL, "freq: invalid")
    if length not in {str(allowed) for allowed in LENGTHS}:
        raise Refusal(SUBSCRIBE_FAIL, "length: invalid")
    named: Fields = {"channel": "book", "symbol": symbol, "prec": precision}
    named |= {"freq": freq, "len": length}
    return BookChannel(world, named, symbol, precision, int(length), freq)


def _status(world: World, fields: Fields) -> Channel | None:
    """Nothing is said to a key that is unknown."""
    key = str(fields.get("key", ""))
    kind, _, symbol = key.partition(":")
    if kind != "deriv" or symbol not in world.markets:
        return None
    if not world.markets[symbol].instrument.derivative:
        return None
    return StatusChannel(world, {"channel": "status", "key": key}, symbol)


def _candles(world: World, fields: Fields) -> Channel:
    key = str(fields.get("key", ""))
    try:
        timeframe, named = read_candle_key(key)
    except Refusal as refusal:
        raise Refusal(SUBSCRIBE_FAIL, refusal.text) from refusal
    symbol = _symbol(world, named)
    request: Fields = {"channel": "candles", "key": f"trade:{timeframe}:{symbol}"}
    return CandlesChannel(world, request, symbol, timeframe)


def _symbol(world: World, given: object) -> str:
    """A traded symbol; the `t` may be left out."""
    for name in (str(given), f"t{given}"):
        if name in world.markets:
            return name
    raise Refusal(SUBSCRIBE_FAIL, "symbol: invalid")
