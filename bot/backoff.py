"""How long to wait before trying again: longer each time, never in step with others."""

from dataclasses import dataclass, field
from random import Random


@dataclass(slots=True)
class Backoff:
    """Growing, jittered delays in seconds, from half of `first` to `most`."""

    random: Random
    first: float = 0.5
    most: float = 30.0
    factor: float = 2.0
    _next: float = field(init=False)

    def __post_init__(self) -> None:
        self._next = self.first

    def next(self) -> float:
        """The delay before this attempt."""
        whole, self._next = self._next, min(self._next * self.factor, self.most)
        return whole * self.random.uniform(0.5, 1.0)

    def reset(self) -> None:
        """It went well: begin again with the shortest delay."""
        self._next = self.first
