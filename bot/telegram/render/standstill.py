"""Why nothing is opened now, for the one who may let it go on."""

from collections.abc import Sequence

from bot.telegram.render import panic
from bot.telegram.render.text import bold, code, esc, lines, when
from engine.model.panic import PANIC
from engine.model.panic_result import PanicReport, Standstill

NOT_YET = "Resuming has to wait until the panic has ended."

RESUMED = f"{bold('Trading is resumed')}. New orders are possible again."

PAUSED = bold("Trading is paused")

Lines = Sequence[str]


def standstill(seen: Standstill) -> str:
    """All of it, the pause first."""
    return lines([*_paused(seen), *_panic(seen.panic), *_others(seen)])


def resumed(body: str) -> str:
    """What the card said of the pause, now that it is over."""
    return body.replace(PAUSED, bold("Trading was paused"), 1)


def _paused(seen: Standstill) -> Lines:
    if seen.paused is None:
        return ["Trading is not paused."]
    paused = seen.paused
    why = paused.reason or "no reason was given"
    return [
        PAUSED,
        f"by {esc(paused.name)}, {when(paused.at)}",
        f"Reason: {esc(why.capitalize() if why == PANIC else why)}",
    ]


def _panic(told: PanicReport | None) -> Lines:
    return [] if told is None else ["", *panic.outcome(told)]


def _others(seen: Standstill) -> Lines:
    """Guards, breaker and locks are lifted one by one: resuming lifts the pause alone."""
    rows = [f"Guard: {esc(trip.reason)}" for trip in seen.trips]
    if seen.breaker is not None:
        rows.append(f"Trading breaker: {esc(seen.breaker.reason)}")
    for lock in seen.locks:
        why = f": {esc(lock.reason)}" if lock.reason else ""
        rows.append(f"{code(lock.symbol)} is locked{why}")
    if not rows:
        return []
    return ["", bold("Stays blocked after resuming"), *rows, "See /risk."]
