"""Gathers the circumstances an order would go out in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

import structlog

from engine.floor import Floor
from engine.funds import held_by
from engine.market.facade import MarketDataFacade
from engine.model.account import Wallet
from engine.model.errors import ExchangeError
from engine.model.market import Pair, Ticker
from engine.model.money import of_market
from engine.model.order import Order, OrderTerms, OrderType, Side
from engine.model.position import Position
from engine.model.symbol import Symbol, of_pair, quote_of, split
from engine.open_orders import Opening
from engine.operations.entries import openings, worth_of_entries
from engine.operations.pricing import market_price, slippage
from engine.risk.circumstances import Circumstances
from engine.risk.rulebook import measures_equity

ONE = Decimal(1)
NOTHING = Decimal(0)

log = structlog.get_logger()


class _Quote(NamedTuple):
    """What a market order would meet, half way between bid and ask, and since when."""

    market: Decimal
    mid: Decimal
    at: datetime


class World:
    """Market, account and policy, looked at together."""

    def __init__(self, floor: Floor, market: MarketDataFacade) -> None:
        self._floor = floor
        self._market = market

    async def around(
        self,
        terms: OrderTerms,
        pair: Pair | None = None,
        instead_of: Order | None = None,
        *,
        rated: bool = False,
    ) -> Circumstances:
        """What holds now for these terms; the exchange is asked only where nothing is heard.

        With `instead_of`, what that open order holds is free for them; `rated` asks for what the
        quote currency is worth also where no guard does.
        """
        rate = await self._rate(quote_of(terms.symbol), rated)
        at_hand = self._market.at_hand(terms.symbol, self._freshness) if pair is None else None
        pair, ticker = at_hand or await self._asked(terms.symbol, pair)
        # from here on nothing is awaited: two orders at once cannot both count the same money
        if self._floor.book.risk.limits.max_volatility_percent:
            self._floor.book.risk.want(terms.symbol)
        quote = _Quote(market_price(ticker, terms.side), of_market(ticker.mid), ticker.at)
        return self._seen(terms, pair, instead_of, quote, rate)

    async def _asked(self, symbol: Symbol, pair: Pair | None) -> tuple[Pair, Ticker]:
        pair = pair or await self._market.pair(symbol)
        return pair, await self._ticker(symbol)

    def at(self, market: Decimal, terms: OrderTerms, pair: Pair) -> Circumstances:
        """The same at a price that is given: nobody is asked."""
        return self._seen(terms, pair, None, _Quote(market, market, self._floor.clock.now()), None)

    def _seen(
        self,
        terms: OrderTerms,
        pair: Pair,
        instead_of: Order | None,
        quote: "_Quote",
        rate: Decimal | None,
    ) -> Circumstances:
        base, currency = split(terms.symbol)
        pays_with = base if terms.side is Side.SELL else currency
        floor, book = self._floor, self._floor.book
        opened = self._opened(instead_of)
        return Circumstances(
            pair=pair,
            market=quote.market,
            fees=floor.fees,
            free=self._free(terms.wallet, pays_with, instead_of),
            position=book.positions.get(terms.symbol),
            paused=book.paused,
            now=floor.clock.now(),
            risk=book.risk,
            mid=quote.mid,
            quoted_at=quote.at,
            average=self._average(terms),
            open_orders=self._open_orders() - (instead_of is not None),
            positions=self._positions(terms.symbol, opened),
            entries=self._entries(currency, rate, opened),
            rate=rate,
            spoken_for=self._spoken_for(terms, instead_of),
        )

    def at_size(self, world: Circumstances, terms: OrderTerms) -> Circumstances:
        """The same, once the amount is settled."""
        return replace(world, average=self._average(terms))

    def held_against(self, terms: OrderTerms) -> tuple[Position | None, Decimal]:
        """The position of the symbol, and how much of it other orders may close first."""
        return self._floor.book.positions.get(terms.symbol), self._spoken_for(terms, None)

    def _spoken_for(self, terms: OrderTerms, instead_of: Order | None) -> Decimal:
        """Two orders, each no larger than the position, would turn it round together."""
        position = self._floor.book.positions.get(terms.symbol)
        if position is None or terms.wallet is not Wallet.MARGIN:
            return NOTHING
        book, leaving = self._floor.book, self._floor.in_flight
        coming = (order for key, order in leaving.items() if key not in book.orders)
        others = (*book.open.of(terms.symbol), *coming)
        return sum(
            (
                order.remaining
                for order in others
                if (instead_of is None or order.key != instead_of.key)
                and _closes_unbound(order.terms, position)
            ),
            NOTHING,
        )

    def _free(self, wallet: Wallet, currency: str, instead_of: Order | None) -> Decimal | None:
        free = self._floor.free(wallet, currency)
        if free is None or instead_of is None:
            return free
        return free + held_by(instead_of, wallet, currency)

    def _average(self, terms: OrderTerms) -> Decimal | None:
        """What a market order would pay, where the band on prices asks for it."""
        if terms.type is not OrderType.MARKET or not terms.amount:
            return None
        limits = self._floor.book.risk.limits
        if not limits.enabled or not limits.price_band_percent:
            return None
        book = self._market.heard_book(terms.symbol)
        paid = slippage(book, terms) if book is not None else None
        return paid.average if paid is not None else None

    def _opened(self, instead_of: Order | None) -> Sequence[tuple[Symbol, Opening]]:
        """What open orders may yet open, where a guard asks."""
        limits = self._floor.book.risk.limits
        if not limits.max_open_positions and not measures_equity(limits):
            return ()
        return tuple(openings(self._floor, instead_of))

    def _positions(self, symbol: Symbol, opened: Sequence[tuple[Symbol, Opening]]) -> int:
        """Margin positions of other symbols, and those that open orders may yet open; counted
        only where a guard asks."""
        book = self._floor.book
        if not book.risk.limits.max_open_positions:
            return 0
        margin = {symbol for symbol, opening in opened if opening.on_margin}
        return len((book.positions.keys() | margin) - {symbol})

    def _entries(
        self, quote: str, rate: Decimal | None, opened: Sequence[tuple[Symbol, Opening]]
    ) -> Mapping[Symbol, Decimal | None]:
        risk = self._floor.book.risk
        if not measures_equity(risk.limits):
            return {}

        def rate_of(symbol: Symbol) -> Decimal | None:
            theirs = quote_of(symbol)
            return rate if theirs == quote else self._heard_rate(theirs, risk.policy.currency)

        return worth_of_entries(opened, self._floor.expected, self._heard, rate_of)

    def _heard(self, symbol: Symbol) -> Decimal | None:
        mid = self._market.last_price(symbol)
        return of_market(mid) if mid else None

    def _heard_rate(self, quote: str, currency: str) -> Decimal | None:
        if quote.removesuffix("F0") == currency:
            return ONE
        for symbol, upside_down in _quotes(quote.removesuffix("F0"), currency):
            if (price := self._heard(symbol)) is not None:
                return ONE / price if upside_down else price
        return None

    def _open_orders(self) -> int:
        book, leaving = self._floor.book, self._floor.in_flight
        return len(book.open) + sum(key not in book.orders for key in leaving)

    async def _rate(self, quote: str, wanted: bool) -> Decimal | None:
        """What one of a currency is worth in that of equity, where a guard asks for it."""
        risk = self._floor.book.risk
        currency = risk.policy.currency
        if quote.removesuffix("F0") == currency:
            return ONE
        if not wanted and not measures_equity(risk.limits):
            return None
        pairs = await self._market.pairs()
        for symbol, upside_down in _quotes(quote.removesuffix("F0"), currency):
            if symbol not in pairs:
                continue
            try:
                price = await self._mid(symbol)
            except ExchangeError:
                continue
            if price > 0:
                return ONE / price if upside_down else price
        return None

    @property
    def _freshness(self) -> int:
        """Seconds a price to open on may be old; 0 where that is nobody's rule."""
        limits = self._floor.book.risk.limits
        return limits.market_stale_seconds if limits.enabled else 0

    async def _ticker(self, symbol: Symbol) -> Ticker:
        """What is heard; asked for anew where that is too old to open on, and somebody answers."""
        ticker, _ = await self._market.ticker(symbol)
        age = self._floor.clock.now() - ticker.at
        if not 0 < self._freshness < age.total_seconds():
            return ticker
        try:
            return await self._market.newest_ticker(symbol)
        except ExchangeError as error:
            log.warning("old_price_not_renewed", symbol=symbol, detail=error.sentence)
            return ticker

    async def _mid(self, symbol: Symbol) -> Decimal:
        ticker, _ = await self._market.ticker(symbol)
        return of_market(ticker.mid)


def _closes_unbound(terms: OrderTerms, position: Position) -> bool:
    against = position.amount * terms.side.sign < 0
    same = terms.symbol == position.symbol and terms.wallet is Wallet.MARGIN
    return same and against and not (terms.reduce_only or terms.close)


def _quotes(one: str, other: str) -> Iterator[tuple[Symbol, bool]]:
    """The symbols that price one currency in another, and whether they do so upside down."""
    for joint in ("", ":"):
        yield of_pair(f"{one}{joint}{other}"), False
        yield of_pair(f"{other}{joint}{one}"), True
