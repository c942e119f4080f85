"""Codes: what opens the door, for whom, how often, and what is never written down."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from engine.clock import ManualClock
from engine.floor import Floor
from engine.memory_journal import MemoryJournal
from engine.model.actor import Actor, Role
from engine.model.ids import CommandId
from engine.model.people import Member
from engine.model.people_event import MemberJoined
from engine.model.people_result import Invited
from engine.model.result import Refused
from engine.model.use_cases import Errand
from engine.operations.admission import WRONG_OF_ALL, Admission
from engine.operations.minutes import Minutes
from engine.operations.people import PeopleOperations
from engine.people.allowance import MOST_KNOWN, Allowance
from engine.people.codes import digest_of, is_code, new_code
from tests.contract.journal.made import moment

BOSS, DEPUTY = "tg:1", "tg:2"
HOUR = timedelta(hours=1)


class House:
    """People's operations over a journal in memory."""

    def __init__(self, **founders: Role) -> None:
        named = {key.replace("_", ":"): role for key, role in founders.items()}
        self.journal = MemoryJournal()
        self.clock = ManualClock(moment())
        self.floor = Floor(journal=self.journal, clock=self.clock, founders=named)
        self.people = PeopleOperations(self.floor)
        self.door = Admission(self.floor, Minutes(self.floor))
        self._wishes = 0

    def errand(self, actor_id: str = BOSS) -> Errand:
        self._wishes += 1
        actor = Actor(actor_id=actor_id, name="", role=Role.ADMIN)
        return Errand(actor, CommandId(f"c:{self._wishes}"))

    async def invited(self, role: Role = Role.TRADER, by: str = BOSS) -> str:
        made = await self.people.invite(self.errand(by), role, HOUR)
        assert isinstance(made, Invited)
        return made.code


def refused(answer: Member | Refused) -> str:
    assert isinstance(answer, Refused)
    return answer.reasons[0].code


async def test_of_many_who_show_one_code_one_comes_in() -> None:
    house = House(tg_1=Role.ADMIN)
    code = await house.invited()

    answers = await asyncio.gather(*(house.door.admit(f"tg:{n}", "N", code) for n in range(10, 20)))

    joined = [answer for answer in answers if isinstance(answer, Member)]
    assert [member.role for member in joined] == [Role.TRADER]
    assert {refused(a) for a in answers if isinstance(a, Refused)} == {"bad_code"}


async def test_two_pairings_at_once_make_one_admin() -> None:
    house = House()
    code = house.door.offer_pairing()
    assert code is not None

    answers = await asyncio.gather(
        house.door.admit("tg:5", "A", code), house.door.admit("tg:6", "B", code)
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["Member", "Refused"]
    assert house.door.offer_pairing() is None


async def test_no_pairing_where_anybody_is_admitted() -> None:
    assert House(tg_3=Role.VIEWER).door.offer_pairing() is None


async def test_a_code_dies_with_the_rights_of_who_made_it() -> None:
    house = House(tg_1=Role.ADMIN, tg_2=Role.ADMIN)
    code = await house.invited(Role.ADMIN, by=DEPUTY)
    await house.people.freeze(house.errand(), DEPUTY)

    assert refused(await house.door.admit("tg:9", "N", code)) == "bad_code"
    assert (await house.people.show()).invitations == ()


async def test_a_member_gains_nothing_by_a_code() -> None:
    house = House(tg_1=Role.ADMIN, tg_3=Role.VIEWER)
    code = await house.invited(Role.ADMIN)

    assert refused(await house.door.admit("tg:3", "V", code)) == "member_already"
    await house.people.revoke(house.errand(), "tg:3")
    assert refused(await house.door.admit("tg:3", "V", code)) == "not_allowed"
    assert isinstance(await house.door.admit("tg:9", "N", code), Member)


async def test_two_admins_who_freeze_each_other_leave_one() -> None:
    house = House(tg_1=Role.ADMIN, tg_2=Role.ADMIN)

    await asyncio.gather(
        house.people.freeze(house.errand(BOSS), DEPUTY),
        house.people.freeze(house.errand(DEPUTY), BOSS),
    )

    assert [house.floor.book.roster.role_of(p) for p in (BOSS, DEPUTY)] == [Role.ADMIN, None]


async def test_wrong_codes_of_all_together_are_few_and_told() -> None:
    house = House(tg_1=Role.ADMIN)
    good = await house.invited()
    for n in range(WRONG_OF_ALL):
        assert refused(await house.door.admit(f"tg:{n + 100}", "N", "AAAA-BBBB-CCCC")) == "bad_code"

    assert refused(await house.door.admit("tg:9", "N", good)) == "too_many_codes"
    house.clock.advance(3601)
    assert refused(await house.door.admit("tg:9", "N", good)) == "bad_code"
    assert len(await house.journal.acts(None, "tg:100", 9)) == 1


async def test_no_code_is_ever_written_down() -> None:
    house = House(tg_1=Role.ADMIN)
    code = await house.invited()
    await house.door.admit("tg:8", "W", f"{code[:-1]}X")
    await house.door.admit("tg:9", "N", code)

    entries = await house.journal.read(0)
    assert any(isinstance(entry.event, MemberJoined) for entry in entries)
    told = msgspec.json.encode([entry.event for entry in entries]).decode()
    assert code not in told
    assert code.replace("-", "") not in told
    assert digest_of(code) in told


async def test_an_invitation_that_is_cancelled_opens_nothing() -> None:
    house = House(tg_1=Role.ADMIN)
    code = await house.invited()
    await house.people.cancel_invitation(house.errand(), digest_of(code)[:12])
    again = await house.people.cancel_invitation(house.errand(), digest_of(code)[:12])

    assert refused(await house.door.admit("tg:9", "N", code)) == "bad_code"
    assert isinstance(again, Refused)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}\n"])
def test_a_code_may_be_typed_as_people_type(typed: str) -> None:
    code = new_code()
    for text in (code, code.lower(), code.replace("-", ""), code.replace("-", " ")):
        assert is_code(typed.format(text))
        assert digest_of(typed.format(text)) == digest_of(code)


def test_other_words_are_no_codes() -> None:
    for text in ("", "hello", "123456", "/start", "AAAA-BBBB-CCC0", "A" * 500):
        assert not is_code(text)
    assert len({new_code() for _ in range(100)}) == 100


def test_an_allowance_comes_back_with_time_and_is_bounded() -> None:
    allowance, now = Allowance(2, HOUR), moment()
    assert [allowance.use("a", now) for _ in range(3)] == [True, True, False]
    assert allowance.use("b", now)
    assert allowance.use("a", now + HOUR)
    for n in range(MOST_KNOWN + 5):
        allowance.use(n, now)
    assert allowance.is_left("b", now)
