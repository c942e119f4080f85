"""Who acts."""

from dataclasses import dataclass
from enum import IntEnum


class Role(IntEnum):
    """What a person may do; a higher role may do all a lower one may."""

    VIEWER = 1
    TRADER = 2
    ADMIN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person at the desk: `actor_id` such as `tg:1001`; `via` as in an event."""

    actor_id: str
    name: str
    role: Role
    via: str = ""
