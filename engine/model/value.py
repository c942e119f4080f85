"""Values that are made at every frame: frozen for whoever writes code, quick for the machine."""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def value(kind: type[T]) -> type[T]:
    """A slotted, keyword-only dataclass that nobody may change; the type checkers see to it.

    Where Python sees to it itself, each field is set by a call: one of 15 fields takes five times
    as long to make. So messages are plain frozen dataclasses, and this is for the few that an
    order is made of.
    """
    return dataclass(slots=True, kw_only=True, unsafe_hash=True)(kind)
