"""Whatever is ruled, and by whom: there is always an admin, and who is stopped can do nothing."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.book import Book
from engine.clock import ManualClock
from engine.floor import Floor
from engine.memory_journal import MemoryJournal
from engine.model.actor import Actor, Role
from engine.model.errors import NotAllowed
from engine.model.event import Event
from engine.model.ids import CommandId
from engine.model.people import MemberStanding
from engine.model.people_event import MemberFrozen, MemberRevoked, MemberRoleChanged, MemberThawed
from engine.model.people_result import Invited
from engine.model.use_cases import Errand
from engine.operations.admission import Admission
from engine.operations.minutes import Minutes
from engine.operations.people import PeopleOperations
from engine.people.authority import authorise
from engine.people.rights import admins
from engine.people.roster import Roster
from engine.ports import Memory
from engine.risk.state import RiskPolicy
from tests.contract.journal.made import moment

PEOPLE = ("tg:1", "tg:2", "tg:3")
FOUNDERS = {"tg:1": Role.ADMIN, "tg:2": Role.ADMIN, "tg:3": Role.TRADER}

Step = tuple[str, str, str, Role]

steps = st.lists(
    st.tuples(
        st.sampled_from(("role", "freeze", "thaw", "revoke", "invite")),
        st.sampled_from(PEOPLE),
        st.sampled_from((*PEOPLE, "tg:9")),
        st.sampled_from(Role),
    ),
    max_size=25,
)


async def carried_out(operations: PeopleOperations, step: Step, number: int) -> object:
    verb, actor_id, member_id, role = step
    actor = Actor(actor_id=actor_id, name="", role=Role.ADMIN)
    errand = Errand(actor, CommandId(f"c:{number}"))
    match verb:
        case "role":
            return await operations.change_role(errand, member_id, role)
        case "freeze":
            return await operations.freeze(errand, member_id)
        case "thaw":
            return await operations.thaw(errand, member_id)
        case "revoke":
            return await operations.revoke(errand, member_id)
        case _:
            return await operations.invite(errand, role, timedelta(hours=1))


def allowed(roster: Roster, actor_id: str, least: Role) -> bool:
    try:
        authorise(roster, Actor(actor_id=actor_id, name="", role=Role.ADMIN), least)
    except NotAllowed:
        return False
    return True


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
async def test_there_is_always_an_admin_and_who_is_stopped_can_do_nothing(
    taken: list[Step],
) -> None:
    journal = MemoryJournal()
    floor = Floor(journal=journal, clock=ManualClock(moment()), founders=FOUNDERS)
    operations = PeopleOperations(floor)
    admission = Admission(floor, Minutes(floor))
    for number, step in enumerate(taken):
        roster = floor.book.roster
        ruled_by = roster.role_of(step[1])
        before = dict(roster.members)
        result = await carried_out(operations, step, number)
        if isinstance(result, Invited) and ruled_by is Role.ADMIN:
            await admission.admit("tg:9", "Nine", result.code)
        elif ruled_by is not Role.ADMIN and step[0] != "invite":
            assert roster.members == before
        assert admins(roster)
        for member in roster.members.values():
            may = member.standing is MemberStanding.ACTIVE
            assert allowed(roster, member.actor_id, Role.VIEWER) == may
            assert allowed(roster, member.actor_id, Role.ADMIN) == (
                may and member.role is Role.ADMIN
            )

    memory: Memory = await journal.remember()
    again = Book.of(memory, RiskPolicy(), FOUNDERS).roster
    assert again.members == floor.book.roster.members
    assert again.invitations == floor.book.roster.invitations


Ruling = MemberRoleChanged | MemberFrozen | MemberThawed | MemberRevoked


@given(st.lists(st.sampled_from(PEOPLE), max_size=5), st.sampled_from(Role))
def test_an_actor_never_has_more_than_the_roster_says(frozen: list[str], role: Role) -> None:
    roster = Roster(dict.fromkeys(PEOPLE, Role.VIEWER))
    events: list[Event] = [
        MemberFrozen(at=moment(), actor_id="tg:1", member_id=person) for person in frozen
    ]
    for event in events:
        roster.apply(event)
    for person in PEOPLE:
        actor = Actor(actor_id=person, name="", role=role)
        if person in frozen:
            with pytest.raises(NotAllowed, match="frozen"):
                authorise(roster, actor, Role.VIEWER)
        else:
            authorise(roster, actor, Role.VIEWER)
            with pytest.raises(NotAllowed, match="viewer"):
                authorise(roster, actor, Role.TRADER)
