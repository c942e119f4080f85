"""Risk over REST: how it stands, its figures, and stopping."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

import msgspec
from aiohttp import web

from bot.web.routes.declare import Asked, Route, refused, told
from bot.web.tokens import Scope
from engine.model.account import Wallet
from engine.model.command import PauseTrading, ResumeTrading
from engine.model.draft import BaseSize, OrderDraft
from engine.model.errors import InvalidInput
from engine.model.order import OrderType, Side
from engine.model.panic_command import CallPanic
from engine.model.result import Refused
from engine.model.risk import Guard, SizeWish
from engine.model.risk_command import ChangeLimits, ResetBreaker, ResetGuard, SetWindows
from engine.model.risk_query import AdviseSize, EvaluateOrder, ShowRisk
from engine.model.risk_result import RiskStatus
from engine.model.windows_json import as_json, of_json


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a request says; a name that is not known is refused."""


class MaxTrades(Body, frozen=True):
    """`{"max_trades": 10}`; 0 is off."""

    max_trades: int


class Pause(Body, frozen=True):
    """`{"reason": "news"}`"""

    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Panic(Body, frozen=True):
    """`{"spot": true}` sells what the exchange wallet holds, too."""

    spot: bool = False


class Guards(Body, frozen=True):
    """`{"figures": {"max_daily_loss_percent": "5"}, "reset": ["daily loss"]}`"""

    figures: dict[str, str | int | float] = {}
    reset: tuple[Guard, ...] = ()


class Evaluate(Body, frozen=True):
    """An order as the exchange writes it: `amount` is negative to sell."""

    symbol: str
    amount: Decimal
    price: Decimal | None = None
    type: OrderType | None = None
    margin: bool = False
    reduce_only: bool = False


class PositionSize(Body, frozen=True):
    """`stop` is a price, or `atr_multiple` its distance on the side where `side` needs it."""

    symbol: str
    risk_percent: Decimal
    stop: Decimal | None = None
    atr_multiple: Decimal | None = None
    entry: Decimal | None = None
    side: Side | None = None


async def status(asked: Asked) -> web.Response:
    """Everything at once."""
    seen = await asked.desk.ask(asked.actor, ShowRisk())
    return told(
        {
            "enabled": seen.limits.enabled,
            "paused": seen.paused,
            "open": seen.open,
            "changes_at": seen.window_until,
            "schedule": as_json(seen.windows, seen.paused is not None),
            "limits": seen.limits,
            "overridden": seen.overridden,
            "contradictions": seen.contradictions,
            "trade_counter": _counter(seen),
            "equity": seen.equity,
            "mark": seen.mark,
            "losses": seen.losses,
            "guards": seen.trips,
            "locks": seen.locks,
            "circuit": _circuit(seen),
            "open_orders": seen.open_orders,
            "positions": seen.positions,
            "exposure": seen.exposure,
        }
    )


async def trade_counter(asked: Asked) -> web.Response:
    """Opening trades of the trading day."""
    return told(_counter(await asked.desk.ask(asked.actor, ShowRisk())))


async def guards(asked: Asked) -> web.Response:
    """Guards that have tripped, and the figures of all."""
    seen = await asked.desk.ask(asked.actor, ShowRisk())
    return told({"tripped": seen.trips, "limits": seen.limits, "losses": seen.losses})


async def circuit(asked: Asked) -> web.Response:
    """The trading breaker."""
    return told(_circuit(await asked.desk.ask(asked.actor, ShowRisk())))


async def locks(asked: Asked) -> web.Response:
    """Symbols in which nothing is opened."""
    seen = await asked.desk.ask(asked.actor, ShowRisk())
    return told({"locks": seen.locks})


async def max_trades(asked: Asked) -> web.Response:
    """A day's opening trades."""
    value = str(asked.read(MaxTrades).max_trades)
    return await _changed(asked, {"max_trades_per_day": value})


async def max_trades_symbol(asked: Asked) -> web.Response:
    """A day's opening trades in one symbol."""
    value = str(asked.read(MaxTrades).max_trades)
    return await _changed(asked, {"max_trades_per_symbol_per_day": value})


async def set_guards(asked: Asked) -> web.Response:
    """Figures first, then what is reset."""
    said = asked.read(Guards)
    if said.figures:
        answer = await _changed(asked, {name: str(value) for name, value in said.figures.items()})
        if answer.status != web.HTTPOk.status_code:
            return answer
    for guard in said.reset:
        done = await asked.execute(ResetGuard(guard), f"reset {guard}")
        if isinstance(done, Refused):
            return refused(done)
    return await guards(asked)


async def windows(asked: Asked) -> web.Response:
    """When trading is open and, where it is said, whether it is paused."""
    schedule = of_json(asked.read(object))
    done = await asked.execute(SetWindows(schedule.windows), "windows")
    if isinstance(done, Refused):
        return refused(done)
    if schedule.paused is not None:
        seen = await asked.desk.ask(asked.actor, ShowRisk())
        if schedule.paused is not (seen.paused is not None):
            answer = await (_pause(asked, "") if schedule.paused else resume(asked))
            if answer.status != web.HTTPOk.status_code:
                return answer
    return await status(asked)


async def pause(asked: Asked) -> web.Response:
    """Nothing is opened any more."""
    reason = asked.read(Pause).reason
    if not reason.isprintable():  # it goes into alerts: no line of its own, no hidden character
        raise InvalidInput("The reason is one line of printable characters.")
    return await _pause(asked, reason)


async def resume(asked: Asked) -> web.Response:
    """Trades may be opened again."""
    said = await asked.execute(ResumeTrading(), "resume")
    return refused(said) if isinstance(said, Refused) else told(said)


async def panic(asked: Asked) -> web.Response:
    """Pause, cancel everything, close every position; it goes on after the answer."""
    wish = CallPanic(spot=asked.read(Panic).spot)
    said = await asked.execute(wish)
    return refused(said) if isinstance(said, Refused) else told(said)


async def reset_circuit(asked: Asked) -> web.Response:
    """The trading breaker lets trades pass again."""
    said = await asked.execute(ResetBreaker())
    return refused(said) if isinstance(said, Refused) else await circuit(asked)


async def evaluate(asked: Asked) -> web.Response:
    """Whether an order would pass, rule by rule; nothing is sent."""
    said = asked.read(Evaluate)
    if not said.amount.is_finite() or not said.amount:
        raise InvalidInput("amount is positive to buy and negative to sell, such as 0.01.")
    draft = OrderDraft(
        symbol=said.symbol,
        side=Side.BUY if said.amount > 0 else Side.SELL,
        size=BaseSize(abs(said.amount)),
        type=said.type or (OrderType.MARKET if said.price is None else OrderType.LIMIT),
        price=said.price,
        wallet=Wallet.MARGIN if said.margin else Wallet.EXCHANGE,
        reduce_only=said.reduce_only,
    )
    verdict = await asked.desk.ask(asked.actor, EvaluateOrder(draft))
    return told(
        {
            "allowed": verdict.passes,
            "because": verdict.because,
            "off": verdict.off,
            "reduces": verdict.reduces,
            "reasons": verdict.reasons,
            "checks": verdict.checks,
        }
    )


async def position_size(asked: Asked) -> web.Response:
    """How large an order may be for what one is ready to lose."""
    said = asked.read(PositionSize)
    wish = SizeWish(
        symbol=said.symbol,
        risk_percent=said.risk_percent,
        stop=said.stop,
        atr_multiple=said.atr_multiple,
        entry=said.entry,
        side=said.side,
    )
    advice = await asked.desk.ask(asked.actor, AdviseSize(wish))
    return refused(advice) if isinstance(advice, Refused) else told(advice)


async def _pause(asked: Asked, reason: str) -> web.Response:
    said = await asked.execute(PauseTrading(reason), "pause")
    return refused(said) if isinstance(said, Refused) else told(said)


async def _changed(asked: Asked, figures: dict[str, str]) -> web.Response:
    done = await asked.execute(ChangeLimits(figures), "limits")
    return refused(done) if isinstance(done, Refused) else await status(asked)


def _counter(seen: RiskStatus) -> dict[str, object]:
    return {
        "day": seen.day,
        "total": seen.trades_today,
        "max_per_day": seen.limits.max_trades_per_day,
        "by_symbol": dict(seen.trades),
        "max_per_symbol_per_day": seen.limits.max_trades_per_symbol_per_day,
        "newest": seen.newest_trade,
    }


def _circuit(seen: RiskStatus) -> dict[str, object]:
    return {
        "active": seen.breaker is not None,
        "trip": seen.breaker,
        "mishaps": seen.mishaps,
        "trips_at": seen.limits.breaker_events,
        "window_seconds": seen.limits.breaker_window_seconds,
    }


ROUTES: Sequence[Route] = (
    Route(method="GET", path="/risk/status", scope=Scope.READ, answer=status),
    Route(method="GET", path="/risk/trade-counter", scope=Scope.READ, answer=trade_counter),
    Route(method="GET", path="/risk/guards", scope=Scope.READ, answer=guards),
    Route(method="GET", path="/risk/circuit", scope=Scope.READ, answer=circuit),
    Route(method="GET", path="/risk/locks", scope=Scope.READ, answer=locks),
    Route(method="POST", path="/risk/max-trades", scope=Scope.ADMIN, answer=max_trades),
    Route(
        method="POST", path="/risk/max-trades-symbol", scope=Scope.ADMIN, answer=max_trades_symbol
    ),
    Route(method="POST", path="/risk/guards", scope=Scope.ADMIN, answer=set_guards),
    Route(method="POST", path="/risk/windows", scope=Scope.ADMIN, answer=windows),
    Route(method="POST", path="/risk/pause", scope=Scope.TRADE, answer=pause, stops=True),
    Route(method="POST", path="/risk/resume", scope=Scope.ADMIN, answer=resume),
    Route(method="POST", path="/risk/panic", scope=Scope.TRADE, answer=panic, stops=True),
    Route(method="POST", path="/risk/circuit/reset", scope=Scope.ADMIN, answer=reset_circuit),
    Route(method="POST", path="/risk/evaluate", scope=Scope.READ, answer=evaluate),
    Route(method="POST", path="/risk/position-size", scope=Scope.READ, answer=position_size),
)
