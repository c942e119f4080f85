"""What comes back about second factors."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A new secret, to be shown once: as it is typed, and as a QR picture holds it."""

    secret: str = field(repr=False)
    address: str = field(repr=False)
    good_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorStatus:
    """Whether somebody's authenticator counts, and what needs its code; `awaits` a first code
    where it was begun and is not confirmed."""

    enrolled: bool
    awaits: bool
    locked_until: datetime | None
    needed_for: tuple[str, ...]
    required: bool
