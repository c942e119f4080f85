"""Live books made of what the stream tells, and what each move does to the account."""

from collections.abc import Collection, Iterable, Sequence

from engine.market.book import LiveBook
from engine.model.feed import FeedKind
from engine.model.market import Ticker
from engine.model.report import (
    BookChange,
    BookLost,
    BookSnapshot,
    MarketLinkLost,
    MarketReport,
)
from engine.model.symbol import Symbol
from engine.paper.venue import PaperVenue
from engine.ports import Clock


class Hearing:
    """Listens also while no account is open, so that the next one finds the books whole."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._books: dict[Symbol, LiveBook] = {}

    def take(self, reports: Sequence[MarketReport], venue: PaperVenue | None) -> None:
        """Hear a batch; an account sees each book as it is at the batch's end."""
        moved: dict[Symbol, None] = {}
        for report in reports:
            match report:
                case BookChange():
                    self._change(report, moved)
                case BookSnapshot():
                    self._book(report.symbol).reset(report)
                    moved[report.symbol] = None
                case Ticker() if venue is not None and report.symbol in venue.symbols:
                    venue.look(report.symbol, self._clock.now(), last=report.last)
                case MarketLinkLost():
                    books = (f.symbol for f in report.feeds if f.kind is FeedKind.BOOK)
                    self._lose(books, venue)
                case BookLost():
                    self._lose([report.symbol], venue)
                case _:
                    pass
        if venue is not None:
            self._show(moved, venue)

    def _show(self, moved: Collection[Symbol], venue: PaperVenue) -> None:
        now, matters = self._clock.now(), venue.symbols
        for symbol in moved:
            book = self._books.get(symbol)
            if book is not None and symbol in matters:
                venue.look(symbol, now, book=book.picture(now))

    def _change(self, change: BookChange, moved: dict[Symbol, None]) -> None:
        """A change of a book that was never told whole, or was lost since, is left alone."""
        book = self._books.get(change.symbol)
        if book is not None:
            book.change(change)
            moved[change.symbol] = None

    def _lose(self, symbols: Iterable[Symbol], venue: PaperVenue | None) -> None:
        for symbol in symbols:
            self._books.pop(symbol, None)
            if venue is not None:
                venue.hide(symbol)

    def _book(self, symbol: Symbol) -> LiveBook:
        return self._books.setdefault(symbol, LiveBook(symbol))
