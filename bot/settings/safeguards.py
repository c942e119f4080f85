"""What needs more than a role."""

# pydantic's base class is typed with Any, which mypy lays to the charge of each subclass.
# mypy: disallow-any-explicit=False

from datetime import timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainValidator

from bot.settings.group import Group
from engine.people.factors import ActionClass, FactorPolicy, FourEyes, Needs

_LARGEST = Decimal(10**12)


def _classes(given: object) -> frozenset[ActionClass]:
    words = {word.strip().lower() for word in str(given).split(",")} - {""}
    known = {kind.value for kind in ActionClass}
    if words == {"none"}:
        return frozenset()
    if strange := sorted(words - known):
        raise ValueError(
            f"must be none, or some of {', '.join(ActionClass)}: {strange[0][:32]} is none of them"
        )
    return frozenset(map(ActionClass, words))


ActionClasses = Annotated[frozenset[ActionClass], PlainValidator(_classes)]


class SafeguardSettings(Group):
    """Codes of people's authenticators, and second persons."""

    needed_for: ActionClasses = Field(
        FactorPolicy().classes,
        alias="SECOND_FACTOR_FOR",
        description="none, or some of flatten, resume, limits, users, orders, comma separated",
    )
    order_notional: Decimal = Field(
        Decimal(0),
        alias="SECOND_FACTOR_ORDER_NOTIONAL",
        ge=0,
        le=_LARGEST,
        description="an amount from 0: orders worth more need a code, where SECOND_FACTOR_FOR "
        "names orders",
    )
    required: bool = Field(
        False,
        alias="SECOND_FACTOR_REQUIRED",
        description="true or false: whether who has no authenticator is refused what needs one",
    )
    grace_seconds: int = Field(
        300,
        alias="SECOND_FACTOR_GRACE_SECONDS",
        ge=0,
        le=3600,
        description="seconds from 0 to 3600 for which a right code is good for more than one wish",
    )
    four_eyes_notional: Decimal = Field(
        Decimal(0),
        alias="FOUR_EYES_NOTIONAL",
        ge=0,
        le=_LARGEST,
        description="an amount from 0 (off): orders worth more wait for a second person",
    )
    four_eyes_seconds: int = Field(
        600,
        alias="FOUR_EYES_EXPIRES_SECONDS",
        ge=10,
        le=86_400,
        description="seconds from 10 to 86400 for which an order waits for a second person",
    )

    @property
    def needs(self) -> Needs:
        """As the desk takes them."""
        factor = FactorPolicy(
            classes=self.needed_for,
            order_notional=self.order_notional,
            required=self.required,
            grace=timedelta(seconds=self.grace_seconds),
        )
        lifetime = timedelta(seconds=self.four_eyes_seconds)
        eyes = FourEyes(notional=self.four_eyes_notional, lifetime=lifetime)
        return Needs(factor=factor, four_eyes=eyes)
