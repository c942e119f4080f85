"""Events as journal rows: a kind and a JSON body, exact both ways.

Decimals travel as strings with all their digits, times as RFC 3339 in UTC.
"""

from collections.abc import Mapping

import msgspec

from engine.model.entry import EVENTS, Entry
from engine.model.errors import JournalDamaged
from engine.model.event import Event

_EVENTS: Mapping[str, msgspec.json.Decoder[Event]] = {
    kind: msgspec.json.Decoder(event) for kind, event in EVENTS.items()
}

encode = msgspec.json.Encoder().encode


def decode(seq: int, kind: str, body: bytes | str) -> Entry:
    """A journal row as an entry. Raises `JournalDamaged` naming `seq` and `kind`."""
    decoder = _EVENTS.get(kind)
    if decoder is None:
        raise JournalDamaged(
            f"The journal's entry {seq} is of a kind this version does not know, {kind}. "
            "Upgrade Genesis, or restore a backup."
        )
    try:
        return Entry(seq=seq, event=decoder.decode(body))
    except msgspec.DecodeError as error:
        raise JournalDamaged(
            f"The journal's entry {seq} ({kind}) cannot be read: {error}. "
            "Restore a backup, or upgrade Genesis."
        ) from error
