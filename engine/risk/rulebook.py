"""Every rule by its name, when it is asked, and the codes it may answer with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from engine.model.order import OrderTerms, OrderType
from engine.model.risk import Guard, RiskLimits
from engine.model.windows import TradingWindows
from engine.risk.rules import Rule
from engine.risk.rules.breaker import breaker_closed
from engine.risk.rules.cooldown import cooled_down, symbol_cooled_down
from engine.risk.rules.derivative import group_fits, leverage_fits
from engine.risk.rules.equity import equity_known
from engine.risk.rules.exposure import (
    exposure_small_enough,
    holding_small_enough,
    room_for_positions,
)
from engine.risk.rules.funds import enough_funds
from engine.risk.rules.guard import untripped
from engine.risk.rules.lock import not_locked
from engine.risk.rules.notional import worth_no_more
from engine.risk.rules.oco import oco_spans_market
from engine.risk.rules.open_orders import room_for_orders
from engine.risk.rules.paused import not_paused
from engine.risk.rules.precision import exact_amount, exact_prices
from engine.risk.rules.price_band import price_in_band
from engine.risk.rules.prices import lifetime_makes_sense, prices_fit_type, trail_below_price
from engine.risk.rules.reduce_only import something_to_reduce
from engine.risk.rules.size import size_within_limits
from engine.risk.rules.stale import market_is_fresh
from engine.risk.rules.symbols import symbol_allowed, symbol_not_denied
from engine.risk.rules.trade_count import trades_left_in_symbol, trades_left_today
from engine.risk.rules.trigger import trigger_ahead
from engine.risk.rules.volatility import calm_enough
from engine.risk.rules.wallet import wallet_can_trade
from engine.risk.rules.window import within_window

RISK_ERROR: Final = "risk_error"
Applies = Callable[[RiskLimits, TradingWindows], bool]


def _always(limits: RiskLimits, windows: TradingWindows) -> bool:
    return True


@dataclass(frozen=True, slots=True, eq=False)
class Article:
    """One rule: its name, the codes of its reasons, and whether this policy asks it at all.

    One that `stands` speaks only while a guard, a lock or the breaker does.
    """

    name: str
    rule: Rule
    codes: tuple[str, ...]
    applies: Applies = _always
    stands: bool = False


_PLAIN: Final = (
    Article(
        "wallet",
        wallet_can_trade,
        ("derivative_needs_margin", "no_margin_pair", "reduce_only_needs_margin"),
    ),
    Article("prices", prices_fit_type, ("price_missing", "price_unused")),
    Article("amount", exact_amount, ("amount_precision",)),
    Article("precision", exact_prices, ("price_not_positive", "price_precision")),
    Article("exchange's sizes", size_within_limits, ("below_minimum", "above_maximum")),
)
_PARTICULAR: Final = (
    Article("lifetime", lifetime_makes_sense, ("already_over", "no_lifetime", "cannot_post")),
    Article("leverage", leverage_fits, ("no_leverage", "leverage_out_of_range")),
    Article("group", group_fits, ("group_out_of_range",)),
    Article("stop price", trigger_ahead, ("stop_would_fire",)),
    Article("trailing distance", trail_below_price, ("trail_too_wide",)),
    Article("one cancels the other", oco_spans_market, ("oco_needs_limit", "oco_beside_market")),
)
FORM: Final = (*_PLAIN, *_PARTICULAR)
"""What the exchange would refuse or misunderstand; asked of everything that goes there."""

MEANS: Final = (
    Article("something to reduce", something_to_reduce, ("nothing_to_reduce", "reduces_too_much")),
    Article("funds", enough_funds, ("balance_unknown", "not_enough_funds")),
)
"""What an order needs to be carried out; asked of every new one."""

PAUSE: Final = Article("pause", not_paused, ("trading_paused",))
"""The one limit that holds while risk is switched off: somebody said stop."""

STANDING: Final = (
    Article(
        "trading windows",
        within_window,
        ("window_closed",),
        lambda limits, windows: bool(windows.blackouts) or any(windows.days),
    ),
    Article(
        "allowed symbols",
        symbol_allowed,
        ("symbol_not_allowed",),
        lambda limits, windows: bool(limits.allowed_symbols),
    ),
    Article(
        "denied symbols",
        symbol_not_denied,
        ("symbol_denied",),
        lambda limits, windows: bool(limits.denied_symbols),
    ),
    *(
        Article(f"{guard} guard", untripped(guard), (f"guard_{guard.name.lower()}",), stands=True)
        for guard in Guard
    ),
    Article("locks", not_locked, ("symbol_locked",), stands=True),
    Article("trading breaker", breaker_closed, ("trading_breaker",), stands=True),
)
"""What stands against a symbol or a time, whatever the order is."""

BAND: Final = Article(
    "price band",
    price_in_band,
    ("price_band",),
    lambda limits, windows: limits.price_band_percent > 0,
)

CONSTRAINTS: Final = (
    Article(
        "trades a day",
        trades_left_today,
        ("max_trades",),
        lambda limits, windows: limits.max_trades_per_day > 0,
    ),
    Article(
        "trades a day in a symbol",
        trades_left_in_symbol,
        ("max_trades_symbol",),
        lambda limits, windows: limits.max_trades_per_symbol_per_day > 0,
    ),
    Article(
        "cooldown",
        cooled_down,
        ("cooldown",),
        lambda limits, windows: limits.trade_cooldown_seconds > 0,
    ),
    Article(
        "cooldown in a symbol",
        symbol_cooled_down,
        ("symbol_cooldown",),
        lambda limits, windows: limits.symbol_cooldown_seconds > 0,
    ),
    Article(
        "open orders",
        room_for_orders,
        ("max_open_orders",),
        lambda limits, windows: limits.max_open_orders > 0,
    ),
    BAND,
    Article(
        "order's worth",
        worth_no_more,
        ("max_notional",),
        lambda limits, windows: limits.max_order_notional > 0,
    ),
    Article(
        "age of prices",
        market_is_fresh,
        ("market_stale",),
        lambda limits, windows: limits.market_stale_seconds > 0,
    ),
)
"""What a person may open, by number, price and size."""

GUARDS: Final = (
    Article(
        "known equity",
        equity_known,
        ("equity_unknown",),
        lambda limits, windows: (
            measures_equity(limits)
            or limits.max_daily_loss_percent > 0
            or limits.max_drawdown_percent > 0
        ),
    ),
    Article(
        "open positions",
        room_for_positions,
        ("max_positions",),
        lambda limits, windows: limits.max_open_positions > 0,
    ),
    Article(
        "size of a holding",
        holding_small_enough,
        ("max_position", "rate_unknown", "worth_unknown"),
        lambda limits, windows: limits.max_position_percent > 0,
    ),
    Article(
        "exposure",
        exposure_small_enough,
        ("max_exposure", "rate_unknown", "worth_unknown"),
        lambda limits, windows: limits.max_exposure_percent > 0,
    ),
    Article(
        "volatility",
        calm_enough,
        ("max_volatility", "volatility_unknown"),
        lambda limits, windows: limits.max_volatility_percent > 0,
    ),
)
"""What the account can bear."""

OPENING: Final = (*STANDING, *CONSTRAINTS, *GUARDS)
"""What is asked of whatever makes an exposure greater, while risk is switched on."""

CODES: Final = frozenset(
    code for article in (*FORM, *MEANS, PAUSE, *OPENING) for code in article.codes
) | {RISK_ERROR, "nothing_changes", "filled_already"}
"""Every code a verdict of the policy may carry."""


def form_of(terms: OrderTerms) -> tuple[Article, ...]:
    """Those of `FORM` that could have a word on such terms."""
    plain = (
        (terms.type is OrderType.LIMIT or terms.type is OrderType.MARKET)
        and terms.trigger is None
        and terms.trail is None
        and terms.oco_stop is None
        and terms.good_until is None
        and terms.leverage is None
        and terms.group is None
    )
    return _PLAIN if plain else FORM


def measures_equity(limits: RiskLimits) -> bool:
    """Whether an order's worth is held against equity."""
    return limits.max_position_percent > 0 or limits.max_exposure_percent > 0
