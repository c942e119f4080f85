"""The exchange without its wires: markets, feed, venue and what is saved of them."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from engine.simulator.clock import Clock
from engine.simulator.config import SimulatorConfig
from engine.simulator.keyring import Keyring
from engine.simulator.limits import RateLimits
from engine.simulator.market.book import Sides, Standing, book_sides
from engine.simulator.market.candles import MINUTE, Candle
from engine.simulator.market.feed import Feed
from engine.simulator.market.instrument import Instrument, instrument_of
from engine.simulator.market.market import Market
from engine.simulator.market.replay import Replay, symbol_of
from engine.simulator.market.source import Source
from engine.simulator.market.tape import PublicTrade
from engine.simulator.market.ticks import Tick
from engine.simulator.market.walk import Walk
from engine.simulator.state import State, StateFile
from engine.simulator.trading.account import Account, opened_account
from engine.simulator.trading.floor import Event, Floor
from engine.simulator.trading.order import Order
from engine.simulator.trading.venue import Venue
from engine.simulator.wire.json import Json, Row

FIRST_USER = 269_312


class World:
    """One exchange; every change goes through `advance` and `commit`."""

    def __init__(self, config: SimulatorConfig) -> None:
        self.config = config
        self.limits = RateLimits(on=config.rate_limits)
        self.clock = Clock(config.clock_start)
        self._file = StateFile(config.state) if config.state else None
        saved = self._file.read() if self._file else None
        self.state = saved or State()
        self.state.feed.paused |= config.feed_paused
        self.keyring = Keyring(config, self.state.nonces)
        self._open_accounts()
        self.replays = replays_of(config)
        self.feed = self._feed()
        self.markets = {symbol: self._market(symbol) for symbol in self.feed.sources}
        self.floor = Floor(
            markets=self.markets,
            accounts=self.state.accounts,
            numbers=self.state.numbers,
            maker_fee=config.maker_fee,
            taker_fee=config.taker_fee,
            now=self.clock.now(),
            announces=config.shuffle,
        )
        self.venue = Venue(self.floor)
        self.attempts: dict[str, dict[str, int]] = {}
        self._views: dict[tuple[str, str, int], tuple[int, Sides]] = {}
        self._begin()

    def account(self, name: str) -> Account:
        return self.state.accounts[name]

    def advance(self) -> None:
        """Let everything happen that is due by the clock."""
        now = self.clock.now()
        for tick in self.feed.advance(now):
            self.venue.tick(tick)
        self.floor.now = max(now, self.floor.now)
        self.venue.expire(now)

    def set_price(self, symbol: str, price: float, volume: Decimal | None) -> None:
        """Let the market trade at `price` now; the feed goes on from there."""
        market = self.floor.market(symbol)
        self.feed.pin(symbol, market.last, price)
        amount = float(volume) if volume is not None else market.instrument.depth
        side = 1 if price >= market.last else -1
        self.floor.now = max(self.clock.now(), self.floor.now)
        tick = Tick(self.floor.now, symbol, price, amount * side)
        self.venue.tick(tick, unbounded=volume is None)

    def commit(self) -> list[Event]:
        """Save what has changed, then hand out the frames that tell it."""
        events, self.floor.events = self.floor.events, []
        self.save()
        return events

    def save(self) -> None:
        if self._file is not None:
            self._file.write(self.state)

    def count_attempt(self, account: Account, cid: Json) -> None:
        """Remember that an order with this cid was asked for, whatever becomes of it."""
        attempts = self.attempts.setdefault(account.name, {})
        attempts[str(cid)] = attempts.get(str(cid), 0) + 1

    def close(self) -> None:
        """Save a last time and let go of the candle files."""
        self.save()
        for replay in self.replays.values():
            replay.close()

    def view(self, symbol: str, precision: str, length: int) -> Sides:
        """The public book's rows as they are now."""
        market = self.floor.market(symbol)
        version, sides = self._views.get((symbol, precision, length), (-1, None))
        if sides is None or version != market.version:
            bids, asks = list[Standing](), list[Standing]()
            for order in self.floor.visible(symbol):
                (bids if order.buys else asks).append(_standing(order))
            sides = book_sides(market, bids, asks, precision, length)
            self._views[symbol, precision, length] = market.version, sides
        return sides

    def ticker(self, symbol: str) -> Row:
        sides = self.view(symbol, "P0", 25)
        return self.floor.market(symbol).ticker(self.floor.now, sides.bids, sides.asks)

    def _open_accounts(self) -> None:
        for name in self.keyring.account_names:
            if name not in self.state.accounts:
                user = FIRST_USER + len(self.state.accounts)
                self.state.accounts[name] = opened_account(name, user, dict(self.config.balances))

    def _feed(self) -> Feed:
        config, now = self.config, self.clock.now()
        symbols = dict.fromkeys([*self.replays, *config.symbols, *self._symbols_in_use()])
        sources = {symbol: self._source(symbol) for symbol in symbols}
        if self.state.feed.place is None and self.replays:
            self.state.feed.place = MINUTE * first_place(
                self.replays.values(), config.replay_history_minutes
            )
        return Feed(sources, self.state.feed, now=now, speed=config.speed, seed=config.seed)

    def _symbols_in_use(self) -> Iterator[str]:
        """Symbols that saved orders and positions need a market for."""
        for account in self.state.accounts.values():
            yield from account.positions
            yield from (order.symbol for order in account.orders.values())

    def _source(self, symbol: str) -> Source:
        return self.replays.get(symbol) or walk_of(instrument_of(symbol), self.config.seed)

    def _market(self, symbol: str) -> Market:
        config = self.config
        instrument = instrument_of(symbol)
        count = config.walk_history_minutes
        if symbol in self.replays:
            count = config.replay_history_minutes
        candles: list[Candle] = list(self.feed.history(symbol, count))
        market = Market(instrument, candles[-1].close if candles else instrument.price, config.seed)
        market.series.extend(candles)
        return market

    def _begin(self) -> None:
        for tick in self.feed.begin():
            trade_id = self.floor.numbers.next_trade()
            trade = PublicTrade(trade_id, tick.mts, tick.amount, tick.price)
            self.markets[tick.symbol].trade(trade)
        for symbol, price in self.state.feed.held.items():
            if symbol in self.markets:
                trade_id = self.floor.numbers.next_trade()
                self.markets[symbol].trade(PublicTrade(trade_id, self.floor.now, 0.0001, price))


def replays_of(config: SimulatorConfig) -> dict[str, Replay]:
    """The candle files by symbol; raises `ValueError` for a file that holds none."""
    found: dict[str, Replay] = {}
    for path in config.data:
        symbol = _named(config.data_symbols, path)
        found[symbol] = Replay(path, symbol, instrument_of(symbol).depth, config.seed)
    return found


def first_place(replays: Collection[Replay], history: int) -> int:
    """The minute a replay begins at: `history` minutes in, but half of a shorter file."""
    first = max(replay.first_minute for replay in replays)
    last = min(replay.last_minute for replay in replays)
    return first + max(min(history, (last - first) // 2), 0)


def walk_of(instrument: Instrument, seed: int) -> Walk:
    return Walk(instrument.symbol, instrument.price, instrument.depth, seed)


def _named(names: Mapping[str, str], path: Path) -> str:
    return names.get(path.name) or symbol_of(path)


def _standing(order: Order) -> Standing:
    return Standing(order.id, order.price, order.remaining)
