"""What the stream has told of every symbol, and when it was last heard."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from engine.market.book import LiveBook
from engine.market.candles import LiveCandles
from engine.market.trades import LiveTrades
from engine.model.feed import FeedKind, MarketFeed
from engine.model.market import Ticker
from engine.model.report import (
    BookChange,
    BookLost,
    BookSnapshot,
    CandleChange,
    CandlesSnapshot,
    MarketLinkLost,
    MarketReport,
    NothingNew,
    TradesSnapshot,
    TradeTick,
    WatchRefused,
)
from engine.model.symbol import Symbol

Length = tuple[Symbol, str]


class LiveMarket:
    """The newest word on everything; a change of what was never told whole is left alone."""

    def __init__(self) -> None:
        self.tickers: dict[Symbol, Ticker] = {}
        self.books: dict[Symbol, LiveBook] = {}
        self.trades: dict[Symbol, LiveTrades] = {}
        self.candles: dict[Length, LiveCandles] = {}
        self.refused: set[Symbol] = set()
        self.heard_at: datetime | None = None

    def hear(self, reports: Sequence[MarketReport], now: datetime) -> None:
        """Take in what the stream says; what comes most often is looked for first."""
        self.heard_at = now
        for report in reports:
            match report:
                case BookChange():
                    book = self.books.get(report.symbol)
                    if book is not None:
                        book.change(report)
                        book.heard_at = now
                case Ticker():
                    self.tickers[report.symbol] = report
                case TradeTick():
                    trades = self.trades.get(report.symbol)
                    if trades is not None:
                        trades.add(report)
                        trades.heard_at = now
                case CandleChange():
                    candles = self.candles.get((report.symbol, report.timeframe))
                    if candles is not None:
                        candles.change(report)
                        candles.heard_at = now
                case _:
                    self._hear_rare(report, now)

    def _hear_rare(self, report: MarketReport, now: datetime) -> None:
        match report:
            case BookSnapshot():
                book = self.books[report.symbol] = LiveBook(report.symbol)
                book.reset(report)
                book.heard_at = now
            case TradesSnapshot():
                self.trades[report.symbol] = LiveTrades(report, now)
            case CandlesSnapshot():
                self.candles[report.symbol, report.timeframe] = LiveCandles(report, now)
            case NothingNew():
                self._hear_nothing_new(report.feed, now)
            case BookLost():
                self.books.pop(report.symbol, None)
            case WatchRefused():
                self.refused.add(report.symbol)
            case MarketLinkLost():
                self._forget(report.feeds)

    def _hear_nothing_new(self, feed: MarketFeed, now: datetime) -> None:
        known = (
            self.trades.get(feed.symbol)
            if feed.kind is FeedKind.TRADES
            else self.candles.get((feed.symbol, feed.timeframe))
        )
        if known is not None:
            known.heard_at = now

    def _forget(self, feeds: Iterable[MarketFeed]) -> None:
        for feed in feeds:
            match feed.kind:
                case FeedKind.TICKER:
                    self.tickers.pop(feed.symbol, None)
                case FeedKind.BOOK:
                    self.books.pop(feed.symbol, None)
                case FeedKind.TRADES:
                    self.trades.pop(feed.symbol, None)
                case FeedKind.CANDLES:
                    self.candles.pop((feed.symbol, feed.timeframe), None)
        if not (self.books or self.trades or self.candles):
            self.heard_at = None
