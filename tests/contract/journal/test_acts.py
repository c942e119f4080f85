"""What `acts` promises: who did, or was refused, what; newest first."""

from dataclasses import replace

import pytest

from engine.model.actor import Role
from engine.model.entry import actor_of
from engine.model.event import (
    BracketOpened,
    CommandRefused,
    Event,
    OrderAdopted,
    OrderSubmitted,
    TradingPaused,
)
from engine.model.ids import OrderKey
from engine.model.people_event import (
    CommandCarriedOut,
    MemberJoined,
    StrangerTurnedAway,
    TokensEnded,
)
from engine.ports import Journal
from tests.contract.journal.made import accepted, balance_changed, bracket, moment, order, submitted

OLIVIA, STEN = "tg:1001", "tg:2002"
PAUSED = TradingPaused(at=moment(3), actor_id=STEN, name="Sten", reason="news")
REFUSED = CommandRefused(at=moment(4), actor_id=OLIVIA, command="buy", reasons=("no",))


async def test_only_what_somebody_did_is_given_the_newest_first(journal: Journal) -> None:
    entries = await journal.append(
        [submitted(1), accepted(1), PAUSED, balance_changed("USD", "5"), REFUSED]
    )

    assert list(await journal.acts(None, None, 10)) == [entries[4], entries[2], entries[0]]
    assert list(await journal.acts(None, OLIVIA, 10)) == [entries[4], entries[0]]
    assert list(await journal.acts(None, "tg:7", 10)) == []


async def test_pages_meet_without_a_hole(journal: Journal) -> None:
    entries = [entry for n in range(1, 8) for entry in await journal.append([submitted(n)])]

    first = await journal.acts(None, None, 3)
    second = await journal.acts(first[-1].seq, None, 3)
    third = await journal.acts(second[-1].seq, OLIVIA, 3)

    assert [*first, *second, *third] == entries[::-1]
    assert list(await journal.acts(third[-1].seq, None, 3)) == []
    assert list(await journal.acts(None, None, 0)) == []


async def test_acts_come_singly_and_together(journal: Journal) -> None:
    joined = MemberJoined(at=moment(), actor_id=STEN, name="Sten", role=Role.VIEWER)
    (one,) = await journal.append([joined])
    two, three = await journal.append([StrangerTurnedAway(at=moment(), actor_id="tg:9"), PAUSED])

    assert list(await journal.acts(None, None, 9)) == [three, two, one]


@pytest.mark.parametrize(
    ("event", "who"),
    [
        (submitted(1), OLIVIA),
        (accepted(1), None),
        (BracketOpened(at=moment(), bracket=bracket(1)), OLIVIA),
        (OrderAdopted(at=moment(), order=order(1), actor_id=STEN), STEN),
        (CommandCarriedOut(at=moment(), actor_id=STEN, command="x"), STEN),
        (replace(PAUSED, actor_id=""), None),
    ],
)
def test_whose_doing_it_is(event: Event, who: str | None) -> None:
    assert actor_of(event) == who


def test_an_exit_is_the_doing_of_its_bracket() -> None:
    sent = OrderSubmitted(at=moment(), order=replace(order(2), bracket=OrderKey(1)))
    assert actor_of(sent) is None


async def test_rulings_are_found_among_all_else_with_the_way_they_came(journal: Journal) -> None:
    ended = TokensEnded(at=moment(), via="console", actor_id="console", member_id=STEN)
    entries = await journal.append([submitted(1), ended, accepted(1), PAUSED])
    (later,) = await journal.append([replace(ended, via="", member_id=OLIVIA)])

    assert list(await journal.rulings(0)) == [entries[1], later]
    assert list(await journal.rulings(entries[1].seq)) == [later]
    assert list(await journal.rulings(later.seq)) == []
    assert ended in (await journal.remember()).rulings
