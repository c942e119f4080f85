"""What every group of settings is."""

# pydantic's base class is typed with Any, which mypy lays to the charge of each subclass.
# mypy: disallow-any-explicit=False

from pydantic import BaseModel, ConfigDict


class Group(BaseModel):
    """Settings that belong together; each field's description completes "it must be ..."."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
