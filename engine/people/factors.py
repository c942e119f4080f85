"""Which wish needs what beyond a role: the one declaration of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from engine.model.approval_command import ApproveWish, HoldWish
from engine.model.command import AmendOrder, PlaceBracket, PlaceOrder, ResumeTrading
from engine.model.factor_command import DropFactor
from engine.model.panic_command import CallPanic
from engine.model.people_command import ChangeRole, InviteMember, RevokeMember, ThawMember
from engine.model.risk_command import (
    ChangeLimit,
    ChangeLimits,
    ResetBreaker,
    ResetGuard,
    SetWindows,
    UnlockSymbol,
)


class ActionClass(StrEnum):
    """Kinds of action a second factor can be required for, in the words of settings."""

    FLATTEN = "flatten"
    RESUME = "resume"
    LIMITS = "limits"
    USERS = "users"
    ORDERS = "orders"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorPolicy:
    """What needs a code of everybody who has an authenticator; with `required`, of everybody.

    Of orders those worth more than `order_notional`, in the currency equity is counted in.
    """

    classes: frozenset[ActionClass] = frozenset(
        {ActionClass.RESUME, ActionClass.LIMITS, ActionClass.USERS}
    )
    order_notional: Decimal = Decimal(0)
    required: bool = False
    grace: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class FourEyes:
    """Orders worth more than `notional` (0 is off) wait for a second person for `lifetime`."""

    notional: Decimal = Decimal(0)
    lifetime: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What the settings ask for beyond a role."""

    factor: FactorPolicy = field(default_factory=FactorPolicy)
    four_eyes: FourEyes = field(default_factory=FourEyes)


USUAL: Final = Needs()

# What stops or lessens something is not here: it must never wait for a phone. A panic does so only
# where the house has chosen it, by naming the class, and while the authenticators can be asked.
_CLASSES: Mapping[type[object], ActionClass] = {
    ResumeTrading: ActionClass.RESUME,
    ResetGuard: ActionClass.RESUME,
    ResetBreaker: ActionClass.RESUME,
    UnlockSymbol: ActionClass.RESUME,
    CallPanic: ActionClass.FLATTEN,
    ChangeLimit: ActionClass.LIMITS,
    ChangeLimits: ActionClass.LIMITS,
    SetWindows: ActionClass.LIMITS,
    InviteMember: ActionClass.USERS,
    ChangeRole: ActionClass.USERS,
    ThawMember: ActionClass.USERS,
    RevokeMember: ActionClass.USERS,
    DropFactor: ActionClass.USERS,
    PlaceOrder: ActionClass.ORDERS,
    PlaceBracket: ActionClass.ORDERS,
    AmendOrder: ActionClass.ORDERS,
}


def class_of(command: object) -> ActionClass | None:
    """The kind of action a command is; None for what never needs a code."""
    return _CLASSES.get(type(wish_of(command)))


def wish_of(command: object) -> object:
    """What is wished in the end, where a second person is asked about it."""
    return command.wish if isinstance(command, HoldWish | ApproveWish) else command


def closes(command: object) -> bool:
    """Whether it says that it only closes what is held."""
    wish = wish_of(command)
    return isinstance(wish, PlaceOrder) and (wish.terms.close or wish.terms.reduce_only)


def needs_its_own_code(command: object) -> bool:
    """Whether no grace is enough: with it an unlocked phone could take its own lock off."""
    return isinstance(command, DropFactor)
