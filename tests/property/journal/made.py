"""Events of every kind, made by hypothesis from the model's own annotations."""

from dataclasses import is_dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import NewType, TypeVar, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from engine.model.entry import EVENTS
from engine.model.event import Event

_T = TypeVar("_T")

_PLAIN: dict[object, st.SearchStrategy[object]] = {
    NoneType: st.none(),
    bool: st.booleans(),
    int: st.integers(min_value=-(2**63), max_value=2**63 - 1),
    str: st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    datetime: st.datetimes(timezones=st.just(UTC)),
    date: st.dates(),
    time: st.times(),
}


def of(annotation: object) -> st.SearchStrategy[object]:
    """Values of a type of the model."""
    if isinstance(annotation, NewType):
        return of(annotation.__supertype__)
    if get_origin(annotation) in (UnionType, Union):
        return st.one_of([of(part) for part in get_args(annotation)])
    if get_origin(annotation) is tuple:
        return st.lists(of(get_args(annotation)[0]), max_size=3).map(tuple)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return st.sampled_from(annotation)
    if isinstance(annotation, type) and is_dataclass(annotation):
        return built(annotation)
    return _PLAIN[annotation]


def built(kind: type[_T]) -> st.SearchStrategy[_T]:
    """Objects of a dataclass, with whatever values its annotations allow."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{name: of(hint) for name, hint in hints.items()})


events: st.SearchStrategy[Event] = st.one_of([built(kind) for kind in EVENTS.values()])
