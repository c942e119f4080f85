"""What comes back where a second person is asked."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A wish waits for one of `approvers`, actor ids, until `expires_at`."""

    approvers: tuple[str, ...]
    expires_at: datetime
