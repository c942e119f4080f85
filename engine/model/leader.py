"""Which of several services on one journal leads."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """Who leads, or led last, as the journal's keeper knows it; times are the keeper's own.

    `epoch` counts reigns; `stepped_down` is one who laid leadership down in good order.
    """

    name: str
    epoch: int
    since: datetime
    heard_at: datetime
    stepped_down: bool = False
