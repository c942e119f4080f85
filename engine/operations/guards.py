"""Lifting what stands in the way of entries, and putting it there."""

from collections.abc import Sequence
from datetime import datetime

from engine.book import Book
from engine.floor import Floor
from engine.model.event import Event
from engine.model.result import Done, Refused
from engine.model.risk import Guard, Lock
from engine.model.risk_event import (
    GuardReset,
    SymbolLocked,
    SymbolUnlocked,
    TradingBreakerReset,
)
from engine.model.symbol import Symbol
from engine.model.use_cases import Errand
from engine.operations.refusing import did, refusal, rule, rule_if


class GuardOperations:
    """Guards, locks and the trading breaker; what trips them is the risk officer's."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    async def reset(self, errand: Errand, guard: Guard) -> Done | Refused:
        """Let entries pass again; the guard counts anew from here."""
        if guard not in self._floor.book.risk.trips:
            if await did(self._floor, errand, GuardReset):
                return Done(repeated=True)
            return refusal("not_tripped", f"The guard on {guard} has not tripped.")
        who, now = errand.actor, self._floor.clock.now()
        event = GuardReset(at=now, guard=guard, actor_id=who.actor_id, name=who.name)
        return await rule(
            self._floor, errand, event, holds=lambda: guard not in self._floor.book.risk.trips
        )

    async def lock(
        self, errand: Errand, symbol: Symbol, reason: str, until: datetime | None
    ) -> Done | Refused:
        """Open nothing in a symbol; a lock that stands gives way only to a longer one."""
        who, now = errand.actor, self._floor.clock.now()
        if until is not None and until <= now:
            return refusal("already_over", "A lock ends in the future. For example: 2h")
        lock = Lock(symbol=symbol, at=now, reason=reason, until=until, by=who.name)

        def decision(book: Book) -> Sequence[Event] | Refused:
            standing = book.risk.locks.get(symbol)
            if standing is not None and _reaches_further(standing.until, until):
                return refusal(
                    "locked_for_longer",
                    f"{symbol} is locked for longer already. An admin lifts it with /unlock "
                    f"{symbol}.",
                )
            return [SymbolLocked(at=now, lock=lock, actor_id=who.actor_id)]

        return await rule_if(
            self._floor,
            errand,
            decision,
            "lock_symbol",
            holds=lambda: symbol in self._floor.book.risk.locks,
        )

    async def unlock(self, errand: Errand, symbol: Symbol) -> Done | Refused:
        """Let a symbol be traded again."""
        if symbol not in self._floor.book.risk.locks:
            if await did(self._floor, errand, SymbolUnlocked):
                return Done(repeated=True)
            return refusal("not_locked", f"{symbol} is not locked. /locks lists what is.")
        who, now = errand.actor, self._floor.clock.now()
        event = SymbolUnlocked(at=now, symbol=symbol, actor_id=who.actor_id, name=who.name)
        return await rule(
            self._floor,
            errand,
            event,
            holds=lambda: symbol not in self._floor.book.risk.locks,
        )

    async def reset_breaker(self, errand: Errand) -> Done | Refused:
        """Let trades be opened again."""
        if self._floor.book.risk.breaker is None:
            if await did(self._floor, errand, TradingBreakerReset):
                return Done(repeated=True)
            return refusal("not_tripped", "The trading breaker has not tripped.")
        who, now = errand.actor, self._floor.clock.now()
        event = TradingBreakerReset(at=now, actor_id=who.actor_id, name=who.name)
        return await rule(
            self._floor, errand, event, holds=lambda: self._floor.book.risk.breaker is None
        )


def _reaches_further(standing: datetime | None, until: datetime | None) -> bool:
    return until is not None and (standing is None or standing > until)
