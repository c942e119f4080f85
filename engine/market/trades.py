"""One symbol's newest trades, anybody's (facts sheet 6.4)."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from engine.market.moments import millis, moment
from engine.model.market_records import MarketTrade
from engine.model.order import Side
from engine.model.report import TradesSnapshot, TradeTick

KEPT = 500


class LiveTrades:
    """Trades by their number, each once however often it is told; put in order when looked at."""

    __slots__ = ("_trades", "heard_at")

    def __init__(self, snapshot: TradesSnapshot, heard_at: datetime) -> None:
        self._trades = {tick.trade_id: tick for tick in _ordered(snapshot.trades)}
        self.heard_at = heard_at

    def __len__(self) -> int:
        return min(len(self._trades), KEPT)

    def add(self, tick: TradeTick) -> None:
        """One more, unless it is known: every trade is told as it happens and once confirmed."""
        trades = self._trades
        if tick.trade_id not in trades:
            trades[tick.trade_id] = tick
            if len(trades) > 2 * KEPT:
                self._trades = dict(islice(trades.items(), KEPT, None))

    def fill(self, trades: Iterable[MarketTrade]) -> None:
        """Older ones that were asked for."""
        known = [*self._trades.values(), *map(_tick, trades)]
        self._trades = {tick.trade_id: tick for tick in _ordered(known)[-KEPT:]}

    def newest(self, limit: int) -> tuple[MarketTrade, ...]:
        """The newest first, `KEPT` at most."""
        newest = reversed(_ordered(self._trades.values()))
        return tuple(_trade(tick) for tick in islice(newest, min(limit, KEPT)))


def _ordered(ticks: Iterable[TradeTick]) -> list[TradeTick]:
    return sorted(ticks, key=lambda tick: (tick.millis, tick.trade_id))


def _trade(tick: TradeTick) -> MarketTrade:
    return MarketTrade(
        trade_id=tick.trade_id,
        symbol=tick.symbol,
        at=moment(tick.millis),
        side=Side.BUY if tick.amount > 0 else Side.SELL,
        amount=abs(tick.amount),
        price=tick.price,
    )


def _tick(trade: MarketTrade) -> TradeTick:
    amount = trade.amount if trade.side is Side.BUY else -trade.amount
    return TradeTick(trade.symbol, trade.trade_id, millis(trade.at), amount, trade.price)
