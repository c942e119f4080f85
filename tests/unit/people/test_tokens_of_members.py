"""What a token opens: never more than its member may now, and nothing once it was ended."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.model.actor import Role
from engine.model.event import Event
from engine.model.people_event import MemberFrozen, MemberRevoked, MemberThawed, TokensEnded
from engine.model.result import Reason
from engine.people.authority import by_token
from engine.people.roster import Roster

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)
FOUNDERS = {"tg:1": Role.ADMIN, "tg:2": Role.TRADER}
ENDINGS: list[list[Event]] = [
    [TokensEnded(at=NOW, actor_id="tg:1", member_id="tg:2")],
    [
        MemberFrozen(at=NOW, actor_id="tg:1", member_id="tg:2"),
        MemberThawed(at=NOW, actor_id="tg:1", member_id="tg:2"),
    ],
    [
        MemberRevoked(at=NOW, actor_id="tg:1", member_id="tg:2"),
        MemberThawed(at=NOW, actor_id="tg:1", member_id="tg:2"),
    ],
]


@pytest.mark.parametrize("lent", Role)
@pytest.mark.parametrize("member", FOUNDERS)
def test_the_lower_of_both(member: str, lent: Role) -> None:
    assert by_token(Roster(FOUNDERS), member, lent, NOW) == min(lent, FOUNDERS[member])


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_was_made_until_then_is_ended(ending: list[Event]) -> None:
    roster = Roster.of(FOUNDERS, ending)
    for made in (NOW - timedelta(days=1), NOW - A_MOMENT, NOW):
        answer = by_token(roster, "tg:2", Role.TRADER, made)
        assert isinstance(answer, Reason)
        assert answer.code == "unauthorized"
    assert by_token(roster, "tg:2", Role.TRADER, NOW + A_MOMENT) is Role.TRADER
    assert by_token(roster, "tg:1", Role.ADMIN, NOW) is Role.ADMIN


def test_an_older_ruling_told_later_lets_nothing_in_again() -> None:
    roster = Roster.of(FOUNDERS, ENDINGS[0])
    roster.apply(TokensEnded(at=NOW - timedelta(hours=1), actor_id="tg:1", member_id="tg:2"))
    assert isinstance(by_token(roster, "tg:2", Role.TRADER, NOW), Reason)


def test_nobody_s_token_opens_nothing() -> None:
    for stranger in ("tg:3", "console", "", "api:anybody"):
        assert isinstance(by_token(Roster(FOUNDERS), stranger, Role.VIEWER, NOW), Reason)
