"""What is known of somebody's authenticator."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A secret that is shared with a phone, and how its codes have been used.

    It counts once `confirmed`. `last_step` is the newest step whose code was used; `failures` are
    wrong codes since the last right one or lock-out, `lockouts` lock-outs since the last right
    one.
    """

    actor_id: str
    secret: bytes = field(repr=False)
    begun_at: datetime
    confirmed: bool = False
    last_step: int = 0
    failures: int = 0
    lockouts: int = 0
    locked_until: datetime | None = None
