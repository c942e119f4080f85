"""What came over a wire, to be looked into without casting."""

import json
from collections.abc import Iterator
from decimal import Decimal

from engine.simulator.wire.json import Json


class Seen:
    """A decoded JSON value: index it, compare it with plain values; numbers are decimals."""

    def __init__(self, value: Json) -> None:
        self.value = value

    @classmethod
    def read(cls, text: str) -> "Seen":
        return cls(json.loads(text, parse_float=Decimal))

    @property
    def is_event(self) -> bool:
        return isinstance(self.value, dict)

    def __getitem__(self, key: "int | str | slice[int | None, int | None, None]") -> "Seen":
        if isinstance(self.value, dict) and isinstance(key, str):
            return Seen(self.value[key])
        if isinstance(self.value, list) and not isinstance(key, str):
            return Seen(self.value[key])
        raise KeyError(f"{key!r} in {self.value!r}")

    def __eq__(self, other: object) -> bool:
        return self.value == (other.value if isinstance(other, Seen) else other)

    def __hash__(self) -> int:
        return hash(self.value)

    def __len__(self) -> int:
        return len(self.value) if isinstance(self.value, list | dict) else 0

    def __iter__(self) -> Iterator["Seen"]:
        values = self.value if isinstance(self.value, list) else []
        return iter([Seen(value) for value in values])

    def __contains__(self, part: str) -> bool:
        return isinstance(self.value, str | dict) and part in self.value

    def __int__(self) -> int:
        assert isinstance(self.value, int | Decimal)
        return int(self.value)

    def __str__(self) -> str:
        return str(self.value)

    def __repr__(self) -> str:
        return repr(self.value)
