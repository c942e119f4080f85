"""How fast one member may go on: a token that has leaked fills no disk and holds up nobody."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.web.tokens import Scope
from engine.model.actor import Actor
from engine.model.errors import GenesisError
from engine.people.allowance import Allowance
from engine.ports import Clock

PERIOD: Final = timedelta(minutes=1)
MOST_ASKED: Final = 1200
MOST_CHANGED: Final = 60


class TooOften(GenesisError):
    """Too many requests in one minute. Wait a minute; a pause and a panic are always taken."""

    code = "too_often"


def _each(most: int) -> Allowance:
    return Allowance(most, PERIOD)


@dataclass(frozen=True, slots=True)
class Pace:
    """Questions and changes of each member in a minute, counted apart."""

    clock: Clock
    _asked: Allowance = field(default_factory=lambda: _each(MOST_ASKED))
    _changed: Allowance = field(default_factory=lambda: _each(MOST_CHANGED))

    def keep(self, actor: Actor, scope: Scope) -> None:
        """Count one request for what needs this scope; raises `TooOften`."""
        allowance = self._asked if scope is Scope.READ else self._changed
        if not allowance.use(actor.actor_id, self.clock.now()):
            raise TooOften
