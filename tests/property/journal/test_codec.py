"""The codec is exact, and says so when it is not."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import codec
from engine.model.entry import EVENTS
from engine.model.errors import JournalDamaged
from engine.model.event import BalanceChanged, Event, OrderFilled
from tests.contract.journal.made import balance_changed, filled
from tests.property.journal.made import built, events


@given(events)
def test_what_is_encoded_is_decoded_the_same(event: Event) -> None:
    entry = codec.decode(7, type(event).__name__, codec.encode(event))

    assert entry.seq == 7
    assert entry.event == event
    assert type(entry.event) is type(event)


@given(built(BalanceChanged))
def test_decimals_keep_every_digit_and_times_are_utc(event: Event) -> None:
    decoded = codec.decode(1, "BalanceChanged", codec.encode(event)).event

    assert isinstance(event, BalanceChanged)
    assert isinstance(decoded, BalanceChanged)
    assert str(decoded.balance.total) == str(event.balance.total)
    offset = decoded.at.utcoffset()
    assert offset is not None
    assert not offset


def test_money_is_written_as_text() -> None:
    body = json.loads(codec.encode(balance_changed("USD", "100.10")))

    assert body["balance"]["total"] == "100.10"
    assert body["at"] == "2026-01-01T00:00:00Z"


def test_no_digit_is_lost_where_a_float_would_lose_it() -> None:
    exact = Decimal("12345678901234567890.123456789012345678901234567890")
    event = balance_changed("USD", str(exact))

    decoded = codec.decode(1, "BalanceChanged", codec.encode(event)).event

    assert isinstance(decoded, BalanceChanged)
    assert decoded.balance.total == exact


def test_a_kind_not_known_is_damage_that_names_seq_and_kind() -> None:
    with pytest.raises(JournalDamaged, match=r"42.*OrderTeleported"):
        codec.decode(42, "OrderTeleported", b"{}")


@pytest.mark.parametrize("kind", sorted(EVENTS))
@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b'{"at": 5}', b"\xff", b"{"])
def test_a_body_that_does_not_fit_is_damage_that_names_seq_and_kind(kind: str, body: bytes) -> None:
    with pytest.raises(JournalDamaged, match=rf"42.*{kind}"):
        codec.decode(42, kind, body)


@given(st.data())
def test_a_body_cut_short_is_damage_and_never_another_event(data: st.DataObject) -> None:
    body = codec.encode(filled(1, 11))
    cut = data.draw(st.integers(min_value=0, max_value=len(body) - 1))

    with pytest.raises(JournalDamaged):
        codec.decode(1, "OrderFilled", body[:cut])


def test_a_field_added_later_does_not_stop_an_older_version() -> None:
    event = filled(1, 11)
    body = json.loads(codec.encode(event)) | {"mood": "good"}

    decoded = codec.decode(1, "OrderFilled", json.dumps(body).encode()).event

    assert isinstance(decoded, OrderFilled)
    assert decoded == event
