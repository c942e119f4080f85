"""What a dry run is to be like."""

# pydantic's base class is typed with Any, which mypy lays to the charge of each subclass.
# mypy: disallow-any-explicit=False

from decimal import Decimal

from pydantic import Field

from bot.settings.group import Group
from bot.settings.values import Purses


class DryRunSettings(Group):
    """Orders on paper: the same path up to the exchange, where a paper account fills them."""

    enabled: bool = Field(
        False,
        alias="DRY_RUN_ENABLED",
        description="true or false: whether orders are filled on paper and none reaches the "
        "exchange",
    )
    balances: Purses = Field(
        "USD=10000,BTC=0.5,margin:USD=10000",
        validate_default=True,
        alias="PAPER_BALANCES",
        description="what a new paper account holds, such as USD=10000,BTC=0.5,margin:USD=5000",
    )
    maker_fee: Decimal = Field(
        Decimal("0.001"),
        alias="PAPER_MAKER_FEE",
        ge=Decimal("-0.01"),
        le=Decimal("0.05"),
        description="a rate from -0.01 to 0.05 (0.001 is 0.1 %)",
    )
    taker_fee: Decimal = Field(
        Decimal("0.002"),
        alias="PAPER_TAKER_FEE",
        ge=Decimal("-0.01"),
        le=Decimal("0.05"),
        description="a rate from -0.01 to 0.05 (0.002 is 0.2 %)",
    )
