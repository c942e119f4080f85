"""What the risk desk ruled, as news: what happened, until when, and what lifts it."""

from collections.abc import Sequence
from datetime import datetime

from bot.telegram.render.text import bold, code, esc, lines, when
from engine.model.money import readable
from engine.model.risk import Moved
from engine.model.risk_event import (
    EquityKnown,
    EquityUnknown,
    FundsMoved,
    GuardReset,
    GuardTripped,
    LimitChanged,
    RiskFailed,
    SymbolLocked,
    SymbolUnlocked,
    TradingBreakerReset,
    TradingBreakerTripped,
    WindowClosed,
    WindowOpened,
    WindowsChanged,
)

MOST_NAMED = 4
GOES_ON = "What reduces or closes a holding still passes."


def guard_tripped(event: GuardTripped) -> str:
    """Entries are blocked."""
    trip = event.trip
    return lines(
        [
            f"{bold(f'Guard tripped: {trip.guard}')}. Nothing is opened any more.",
            _sentence(trip.reason),
            f"{_lifted(trip.until, 'an admin resets it in /risk')} {GOES_ON}",
        ]
    )


def guard_reset(event: GuardReset) -> str:
    """Entries pass again."""
    how = "by an admin" if event.actor_id else "its time is over"
    head = bold(f"Guard reset: {event.guard}")
    return f"{head}, {how}. It counts anew from here."


def breaker_tripped(event: TradingBreakerTripped) -> str:
    """Opening trades stands still."""
    trip = event.trip
    return lines(
        [
            f"{bold('Trading breaker tripped')}. Nothing is opened any more.",
            _sentence(trip.reason),
            f"{_lifted(trip.until, 'an admin resets it in /breaker')} {GOES_ON}",
        ]
    )


def breaker_reset(event: TradingBreakerReset) -> str:
    """Opening trades is allowed again."""
    how = "by an admin" if event.actor_id else "its time is over"
    return f"{bold('Trading breaker reset')}, {how}. It counts anew from here."


def locked(event: SymbolLocked) -> str:
    """A symbol is locked."""
    lock = event.lock
    why = f": {esc(lock.reason.rstrip('.'))}" if lock.reason else ""
    until = f" until {when(lock.until)}" if lock.until is not None else ""
    return f"{bold('Locked')} {code(lock.symbol)}{until}{why}. /locks shows all."


def unlocked(event: SymbolUnlocked) -> str:
    """A symbol may be traded again."""
    over = "" if event.actor_id else ", its time is over"
    return f"{bold('Unlocked')} {code(event.symbol)}{over}."


def limit_changed(event: LimitChanged) -> str:
    """A limit has another value."""
    if event.value is None:
        return f"{bold('Limit changed')}: {code(event.limit)} is what the settings say again."
    value = esc(event.value) if event.value else "empty"
    return f"{bold('Limit changed')}: {code(event.limit)} is {value} now."


def windows_changed(event: WindowsChanged) -> str:
    """Trading is open at other times."""
    zone = esc(event.windows.zone)
    return f"{bold('Trading windows changed')}, by the clocks of {zone}. /windows shows them."


def window_opened(event: WindowOpened) -> str:
    """Trading is open."""
    until = f" until {when(event.until)}" if event.until is not None else ""
    return f"{bold('Trading window open')}{until}."


def window_closed(event: WindowClosed) -> str:
    """Trading is closed."""
    until = f"It opens at {when(event.until)}." if event.until is not None else "See /windows."
    return f"{bold('Trading window closed')}. Nothing is opened outside of one. {until}"


def equity_unknown(event: EquityUnknown) -> str:
    """Nobody can say what the account is worth."""
    return lines(
        [
            f"{bold('Equity is not known')}: {_sentence(event.why)}",
            "Guards that need it block every entry until it is; /risk shows it. A currency "
            "without a price can be left out with equity_ignores in /limits.",
        ]
    )


def equity_known(event: EquityKnown) -> str:
    """What the account is worth can be told again."""
    return f"{bold('Equity is known again')}. {when(event.at)}"


def funds_moved(event: FundsMoved) -> str:
    """Money came or left, which is no profit and no loss."""
    came = _listed([sum_ for sum_ in event.sums if sum_.amount > 0], "deposited")
    left = _listed([sum_ for sum_ in event.sums if sum_.amount < 0], "withdrawn")
    what = " and ".join(part for part in (came, left) if part)
    with_it = "it" if len(event.sums) == 1 else "them"
    return f"{what}: the day's start and the peak were moved with {with_it}."


def rule_broke(event: RiskFailed) -> str:
    """A rule could not do its work."""
    head = f"{bold('A rule of the risk desk broke')} over an order in {code(event.symbol)}"
    return lines([f"{head}, which was refused for it.", esc(event.detail)])


def _listed(sums: Sequence[Moved], done: str) -> str:
    amounts = [f"{readable(abs(sum_.amount))} {esc(sum_.currency)}" for sum_ in sums]
    if not amounts:
        return ""
    if len(amounts) > MOST_NAMED:
        amounts[MOST_NAMED:] = [f"{len(amounts) - MOST_NAMED} other currencies"]
    together = " and ".join([", ".join(amounts[:-1]), amounts[-1]] if amounts[1:] else amounts)
    return f"{together} {'were' if amounts[1:] else 'was'} {done}"


def _lifted(until: datetime | None, by_hand: str) -> str:
    if until is None:
        return f"{by_hand[:1].upper()}{by_hand[1:]}."
    return f"It resets itself at {when(until)}; before that {by_hand}."


def _sentence(words: str) -> str:
    plain = words.strip().rstrip(".")
    return f"{esc(plain[:1].upper() + plain[1:])}."
