"""The recorded session, frame by frame through the client's own code."""

from collections.abc import Mapping
from datetime import UTC, datetime

from engine.bitfinex import market_rows, wire
from engine.bitfinex.book_feed import BookFeed
from engine.bitfinex.sequence import MarketSequence
from engine.market.book import LiveBook
from engine.model.report import BookChange, BookSnapshot
from engine.model.symbol import Symbol
from tests.unit.bitfinex.recorded import needs_shared, shared

pytestmark = needs_shared
NOW = datetime(2026, 11, 22, tzinfo=UTC)


class Replay:
    """Every book of the session, looked at after each of its frames."""

    def __init__(self) -> None:
        self.sequence = MarketSequence()
        self.feeds: dict[int, BookFeed] = {}
        self.books: dict[int, LiveBook] = {}
        self.changes = 0

    def hear(self, frame: bytes) -> None:
        """One frame of the exchange."""
        if frame.startswith(b"{"):
            self._subscribed(wire.event(frame))
            return
        self.sequence.see_frame(frame)
        channel = market_rows.channel_of(frame)
        if channel in self.feeds:
            self.feeds[channel](frame)
            self._uncrossed(channel)

    def _subscribed(self, event: Mapping[str, object]) -> None:
        channel, symbol = event.get("chanId"), Symbol(str(event.get("symbol")))
        if event.get("channel") != "book" or not isinstance(channel, int):
            return
        book = self.books[channel] = LiveBook(symbol)

        def told(report: object) -> None:
            if isinstance(report, BookSnapshot):
                book.reset(report)
            elif isinstance(report, BookChange):
                book.change(report)
                self.changes += 1

        self.feeds[channel] = BookFeed(symbol, told)

    def _uncrossed(self, channel: int) -> None:
        picture = self.books[channel].picture(NOW)
        if picture.bids and picture.asks:
            assert picture.bids[0].price < picture.asks[0].price, picture


def test_books_stay_uncrossed_and_sequences_unbroken() -> None:
    replay = Replay()
    for line in shared("recorded_session_first420.jsonl"):
        if line["dir"] == "server":
            replay.hear(str(line["raw"]).encode())
    assert len(replay.books) >= 2
    assert replay.changes > 50
