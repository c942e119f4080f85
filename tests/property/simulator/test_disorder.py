"""Disorder with rules: what may be shuffled, shortened and made longer."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from engine.simulator.hub import shuffled
from engine.simulator.trading.floor import Event
from engine.simulator.wire.json import Row
from engine.simulator.wire.shapes import OLD_LENGTHS, cut_short, made_longer

KINDS = ["n", "on", "ou", "oc", "te", "tu", "wu", "pn", "pu", "pc", "miu"]
BATCHES = st.lists(st.sampled_from(KINDS), max_size=30).map(
    lambda kinds: [Event("main", kind, number) for number, kind in enumerate(kinds)]
)


@given(BATCHES, st.integers(0, 2**32))
def test_frames_of_one_kind_keep_their_order(batch: list[Event], seed: int) -> None:
    mixed = shuffled(batch, Random(seed))
    assert sorted(mixed, key=lambda event: int(str(event.payload))) == batch
    for kinds in (*[(kind,) for kind in KINDS], ("te", "tu")):
        before = [event for event in batch if event.kind in kinds]
        assert [event for event in mixed if event.kind in kinds] == before
    assert shuffled(batch, Random(seed)) == mixed


@given(st.sampled_from(sorted(OLD_LENGTHS)), st.integers(1, 4))
def test_rows_are_found_wherever_they_stand(length: int, depth: int) -> None:
    row: Row = ["exchange", *range(length - 1)]
    nested: Row = row
    for _ in range(depth):
        nested = [nested]
    short, longer = cut_short(nested), made_longer(nested)
    for _ in range(depth):
        assert isinstance(short, list)
        assert isinstance(longer, list)
        short, longer = short[0], longer[0]
    assert short == row[: OLD_LENGTHS[length]]
    assert isinstance(longer, list)
    assert [longer[:length], len(longer)] == [row, length + 3]
