"""Locks and breakers."""

from collections.abc import Sequence
from datetime import datetime

from bot.telegram.pages import Page
from bot.telegram.render.moments import span, there
from bot.telegram.render.risk import lifted, transports
from bot.telegram.render.text import bold, code, esc, lines
from engine.model.endpoint import EndpointType
from engine.model.risk import Lock
from engine.model.risk_result import RiskStatus
from engine.model.symbol import Symbol


def listed(page: Page[Lock], seen: RiskStatus) -> str:
    """Locked symbols, a page of them."""
    if not page.total:
        return lines(
            [
                f"{bold('No symbol is locked')}.",
                "Nothing is opened in a locked symbol; closing and cancelling still work.",
                "",
                "Lock one:",
                code("/lock tBTCUSD 2h news"),
            ]
        )
    count = f"{page.total} locked symbol{'s' if page.total > 1 else ''}"
    rows = [f"\n{described(lock, seen.at, seen.windows.zone)}" for lock in page.items]
    return lines([f"{bold(count)}{page.place}", *rows])


def described(lock: Lock, now: datetime, zone: str) -> str:
    """Which symbol, until when, by whom and why."""
    by = f" by {esc(lock.by)}" if lock.by else " by a rule"
    why = [f"<i>{esc(lock.reason)}</i>"] if lock.reason else []
    return lines([f"{bold(lock.symbol)} {_until(lock.until, now, zone)}", f"Locked{by}", *why])


def _until(until: datetime | None, now: datetime, zone: str) -> str:
    return f"until {there(until, now, zone)} {esc(zone)}" if until else "until it is unlocked"


def locked(symbol: Symbol, until: datetime | None, reason: str, now: datetime, zone: str) -> str:
    """What has just been locked."""
    why = [f"Reason: {esc(reason)}"] if reason else []
    head = f"{bold(f'{symbol} is locked')} {_until(until, now, zone)}."
    return lines([head, *why, "Nothing is opened in it. Closing and cancelling still work."])


def unlocking(lock: Lock, now: datetime, zone: str) -> str:
    """A card's body."""
    return lines(
        [
            bold(f"Unlock {lock.symbol}?"),
            described(lock, now, zone),
            "",
            "Orders may open positions in it again.",
        ]
    )


def breaker(seen: RiskStatus, open_: Sequence[EndpointType]) -> str:
    """The trading breaker, and every transport breaker that is open."""
    limits = seen.limits
    if seen.breaker is not None:
        reason = esc(seen.breaker.reason.rstrip("."))
        at = there(seen.breaker.at, seen.at, seen.windows.zone)
        ends = lifted(seen.breaker.until, seen)
        ends = f"it {ends}" if seen.breaker.until is not None else ends
        first = [
            bold("The trading breaker has tripped"),
            f"{at}: {reason}.",
            f"Nothing is opened; {esc(ends)}.",
        ]
    elif not limits.breaker_events:
        first = [bold("The trading breaker is switched off")]
    else:
        within = span(limits.breaker_window_seconds)
        first = [
            f"{bold('The trading breaker is closed')}: all is well.",
            f"Mishaps: {seen.mishaps} of {limits.breaker_events} within {within}",
            "An order rejected or lost, a rule that broke, a difference nobody explains.",
        ]
    rest = transports(open_) or ["No transport breaker is open."]
    return lines([*first, "", *rest])


def resetting(seen: RiskStatus) -> str:
    """A card's body."""
    why = seen.breaker.reason.rstrip(".") if seen.breaker is not None else ""
    told = [f"{esc(why[:1].upper() + why[1:])}."] if why else []
    end = "Trades may be opened again at once, and mishaps count anew."
    return lines([bold("Reset the trading breaker?"), *told, "", end])
