"""Circumstances in which one rule speaks against an order, and what it says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.event import TradingPaused
from engine.model.limit_words import Value, word_of
from engine.model.order import OrderType
from engine.model.position import Position
from engine.model.risk import BreakerTrip, Guard, Lock, RiskLimits, Trip
from engine.model.symbol import Symbol
from engine.model.windows import TradingWindows, Window
from engine.risk.circumstances import Circumstances
from engine.risk.limits import with_words
from tests.unit.risk.made import BTC, BUY, EQUITY, LIMIT, NOW, state, world

ETH = Symbol("tETHUSD")
MARGIN = replace(BUY, wallet=Wallet.MARGIN)
SOON, LONG_AGO = NOW + timedelta(minutes=5), NOW - timedelta(days=1)
PAUSED = TradingPaused(at=NOW, actor_id="tg:1", name="Olivia", reason="news")
LONG = Position(symbol=BTC, amount=Decimal("0.5"), base_price=Decimal(29000))


def limited(**figures: Value) -> Circumstances:
    words = {name: word_of(value) for name, value in figures.items()}
    return world(state(with_words(RiskLimits(), words)))


def traded(there: Circumstances, *symbols: Symbol, ago: int = 60) -> Circumstances:
    for symbol in symbols:
        there.risk.trades.record(symbol, NOW - timedelta(seconds=ago))
    return there


def with_state(change: Callable[[Circumstances], None], **figures: Value) -> Circumstances:
    there = limited(**figures)
    change(there)
    return there


def tripped(guard: Guard, until: datetime | None = None) -> Circumstances:
    there = world()
    there.risk.trips[guard] = Trip(
        guard=guard,
        at=NOW,
        seen=Decimal(6),
        allowed=Decimal(5),
        reason="6 % lost, 5 % allowed",
        until=until,
    )
    return there


def locked(until: datetime | None = None, by: str = "") -> Circumstances:
    there = world()
    there.risk.locks[BTC] = Lock(symbol=BTC, at=NOW, reason="3 stops", until=until, by=by)
    return there


def broken(until: datetime | None = None) -> Circumstances:
    there = world()
    there.risk.breaker = BreakerTrip(at=NOW, reason="5 rejections", until=until)
    return there


def windowed(windows: TradingWindows) -> Circumstances:
    there = world()
    there.risk.windows = windows
    return there


def unknown(**figures: Value) -> Circumstances:
    there = limited(**figures)
    there.risk.equity = replace(EQUITY, value=None, unknown="no price of XAUT")
    return there


def holding(worth: int | None, **figures: Value) -> Circumstances:
    there = limited(**figures)
    there.risk.worth[BTC] = None if worth is None else Decimal(worth)
    return there


MONDAYS = TradingWindows(zone="Europe/Stockholm", days=((Window(time(12), time(17)),), *((),) * 6))

REFUSED = [
    (BUY, replace(world(), paused=PAUSED), "trading_paused", "since 10:00 UTC by Olivia: news"),
    (BUY, windowed(MONDAYS), "window_closed", "it opens at 12:00 Europe/Stockholm"),
    (
        BUY,
        windowed(TradingWindows(blackouts=(date(2026, 11, 23),))),
        "window_closed",
        "it opens at Tue 24 Nov 00:00 UTC",
    ),
    (
        BUY,
        traded(limited(max_trades_per_day=2), BTC, ETH),
        "max_trades",
        "2 trades opened today, and 2 a day are allowed. They count anew at Tue 24 Nov 00:00 UTC",
    ),
    (
        BUY,
        traded(limited(max_trades_per_symbol_per_day=1), BTC),
        "max_trades_symbol",
        "1 trade opened in tBTCUSD today",
    ),
    (
        BUY,
        traded(limited(trade_cooldown_seconds=90), ETH),
        "cooldown",
        "the next may be opened at 10:00:30 UTC",
    ),
    (
        BUY,
        traded(limited(symbol_cooldown_seconds=90), BTC),
        "symbol_cooldown",
        "the next may be opened at 10:00:30 UTC",
    ),
    (
        BUY,
        replace(limited(max_open_orders=3), open_orders=3),
        "max_open_orders",
        "3 orders open, and 3 allowed at once. Cancel",
    ),
    (
        replace(LIMIT, oco_stop=Decimal(31000)),
        replace(limited(max_open_orders=3), open_orders=2),
        "max_open_orders",
        "counts as two",
    ),
    (BUY, limited(allowed_symbols=(ETH,)), "symbol_not_allowed", "allowed_symbols in /limits"),
    (BUY, limited(denied_symbols=(BTC,)), "symbol_denied", "denied_symbols in /limits"),
    (
        replace(LIMIT, price=Decimal(33001)),
        limited(price_band_percent=Decimal(10)),
        "price_band",
        "10 % away from the market's 30,000; 10 % is allowed. Use a price from 27,000 to 33,000",
    ),
    (
        replace(LIMIT, price=Decimal(3000)),
        world(),
        "price_band",
        "The limit price 3,000 is 90 % away",
    ),
    (
        replace(BUY, type=OrderType.STOP, trigger=Decimal(300_000)),
        world(),
        "price_band",
        "The stop price 300,000",
    ),
    (
        BUY,
        replace(limited(price_band_percent=Decimal(1)), average=Decimal(30400)),
        "price_band",
        "The average price 30,400 is 1.33 % away",
    ),
    (
        BUY,
        limited(max_order_notional=Decimal(250)),
        "max_notional",
        "worth 300 USD, and 250 USD is the most. Use 0.00833333 BTC or less",
    ),
    (
        BUY,
        replace(world(), quoted_at=NOW - timedelta(seconds=61)),
        "market_stale",
        "is 61 seconds old",
    ),
    *(
        (
            BUY,
            tripped(guard),
            f"guard_{guard.name.lower()}",
            f"The guard on {guard} tripped at 10:00 UTC: 6 % lost, 5 % allowed. An admin resets",
        )
        for guard in Guard
    ),
    (
        BUY,
        tripped(Guard.DRAWDOWN, SOON),
        "guard_drawdown",
        "That ends at 10:05 UTC; before that an admin resets it",
    ),
    *(
        (
            BUY,
            unknown(**{figure: Decimal(5)}),
            "equity_unknown",
            "worth in USD is not known: no price of XAUT",
        )
        for figure in (
            "max_daily_loss_percent",
            "max_drawdown_percent",
            "max_position_percent",
            "max_exposure_percent",
        )
    ),
    (
        MARGIN,
        replace(limited(max_open_positions=2), positions=2),
        "max_positions",
        "2 other positions open or ordered, and 2 allowed at once",
    ),
    (
        BUY,
        holding(800, max_position_percent=Decimal(10)),
        "max_position",
        "What is held and ordered of BTC would be worth 1,100 USD, 11 % of equity; 10 % is "
        "allowed, which is 1,000 USD",
    ),
    (
        BUY,
        holding(800, max_exposure_percent=Decimal(10)),
        "max_exposure",
        "All that is held and ordered",
    ),
    (
        BUY,
        replace(
            holding(300, max_position_percent=Decimal(10)),
            entries={BTC: Decimal(500), ETH: Decimal(9000)},
        ),
        "max_position",
        "would be worth 1,100 USD",
    ),
    (
        BUY,
        replace(holding(0, max_exposure_percent=Decimal(10)), entries={ETH: Decimal(800)}),
        "max_exposure",
        "All that is held and ordered would be worth 1,100 USD",
    ),
    (
        BUY,
        replace(holding(0, max_exposure_percent=Decimal(10)), entries={ETH: None}),
        "worth_unknown",
        "not fully priced",
    ),
    (BUY, holding(None, max_exposure_percent=Decimal(10)), "worth_unknown", "not fully priced"),
    (
        BUY,
        replace(limited(max_exposure_percent=Decimal(10)), rate=None),
        "rate_unknown",
        "What a USD is worth in USD is not known",
    ),
    (
        BUY,
        with_state(
            lambda there: there.risk.volatility.update({BTC: 12.5}),
            max_volatility_percent=Decimal(10),
        ),
        "max_volatility",
        "moves 12.5 % a day, and 10 % is the most",
    ),
    (
        BUY,
        limited(max_volatility_percent=Decimal(10)),
        "volatility_unknown",
        "not known now, and at most 10 % is allowed",
    ),
    (BUY, locked(), "symbol_locked", "is locked: 3 stops. An admin lifts it with /unlock tBTCUSD"),
    (BUY, locked(until=SOON, by="Olivia"), "symbol_locked", "by Olivia: 3 stops. That ends at"),
    (BUY, broken(), "trading_breaker", "has tripped: 5 rejections. An admin resets it"),
    (BUY, broken(SOON), "trading_breaker", "That ends at 10:05 UTC"),
]
