"""What equity is, beyond moments in which money is missing or there twice.

Wallets and positions are told one after the other; what is ruled on is the middle of several
looks.
"""

from collections import deque
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

LOOKS: Final = 5
LEAST_LOOKS: Final = 3


@dataclass(slots=True)
class Steady:
    """The last few looks; one at nothing known forgets those before it."""

    _looks: deque[Decimal] = field(default_factory=lambda: deque(maxlen=LOOKS))

    def forget(self) -> None:
        """What was seen so far says nothing of what is now."""
        self._looks.clear()

    def look(self, value: Decimal | None) -> Decimal | None:
        """The middle of the last looks, this one included; None until there are three."""
        if value is None:
            self.forget()
            return None
        self._looks.append(value)
        enough = len(self._looks) >= LEAST_LOOKS
        return sorted(self._looks)[len(self._looks) // 2] if enough else None
