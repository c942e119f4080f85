"""Every act has words for the audit, and harmless ones."""

from dataclasses import fields
from datetime import UTC, datetime

import pytest

from bot.telegram.grammar import people as grammar
from bot.telegram.grammar.people import UsersVerb
from bot.telegram.grammar.refusal import MissingWord, WrongWord
from bot.telegram.render import audit
from engine.model.actor import Role
from engine.model.entry import EVENTS, Entry
from engine.model.event import CommandRefused
from engine.model.people_event import CommandCarriedOut, MemberFrozen, MemberJoined
from engine.model.people_result import Acts
from tests.unit.telegram.made import NOW

FROZEN = MemberFrozen(at=NOW, actor_id="tg:1", member_id="tg:2")


def name_of(actor_id: str) -> str:
    return {"tg:1": "Anna <b>", "tg:2": "Bo"}.get(actor_id, actor_id)


def shown(*events: object, zone: str = "UTC", whose: str = "") -> str:
    entries = [Entry(seq=n, event=event) for n, event in enumerate(events, 1)]  # type: ignore[arg-type]
    return audit.acts(Acts(tuple(entries), zone=zone), name_of, whose)


def test_a_line_says_when_who_what_and_what_came_of_it() -> None:
    refused = CommandRefused(at=NOW, actor_id="tg:2", command="/buy", reasons=("no <i>", "nor"))
    text = shown(refused, FROZEN)
    assert "03:04:05 <b>Bo</b> <code>/buy</code>\n<i>refused: no &lt;i&gt; nor</i>" in text
    assert "<b>Anna &lt;b&gt;</b> froze the rights of Bo" in text


def test_times_are_in_the_operators_zone() -> None:
    text = shown(FROZEN, zone="Asia/Tokyo")
    assert "12:04:05" in text
    assert "Asia/Tokyo" in text


def test_one_persons_page_names_them_once() -> None:
    assert "Anna &lt;b&gt; did" in shown(FROZEN, whose="Anna <b>")
    assert "Nothing is written down" in shown(whose="Bo")


def test_a_long_outcome_is_clipped_and_stays_on_its_line() -> None:
    done = CommandCarriedOut(at=NOW, actor_id="tg:1", command="x", outcome="line\n" * 200)
    assert len(shown(done)) < 400


def test_somebody_who_joined_is_called_as_they_were_then() -> None:
    joined = MemberJoined(at=NOW, actor_id="tg:9", name="Nina", role=Role.VIEWER, digest="d")
    assert "<b>Nina</b> joined as viewer by a code" in shown(joined)


def test_no_event_that_is_somebodys_doing_is_told_by_its_bare_kind() -> None:
    with_actor = {
        name
        for name, kind in EVENTS.items()
        if "actor_id" in {field.name for field in fields(kind)}
    }
    told = {name for name in with_actor if name in vars(audit)}
    assert with_actor - told - _BY_KIND == set()


# What a panic comes to is told by the panic.
_BY_KIND = {"PanicLegSettled", "PanicHeldUp", "PanicEnded"}


def test_users_is_understood_in_few_words() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert grammar.users([], now).verb is UsersVerb.LIST
    wish = grammar.users(["Invite", "TRADER", "2h"], now)
    assert (wish.verb, wish.role, wish.lifetime.total_seconds()) == (
        UsersVerb.INVITE,
        Role.TRADER,
        7200,
    )
    assert grammar.users(["role", "Anna", "viewer"], now).role is Role.VIEWER
    assert grammar.users(["freeze", "1001"], now).who == "1001"


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("frieze 1001", "frieze"),
        ("invite tradr", "tradr"),
        ("invite trader soon", "soon"),
        ("role 1001 boss", "boss"),
        ("freeze 1001 now", "now"),
    ],
)
def test_the_wrong_word_is_named_with_an_example_that_works(line: str, named: str) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(WrongWord) as refused:
        grammar.users(line.split(), now)
    assert refused.value.word == named
    for example in refused.value.examples:
        grammar.users(example.split()[1:], now)


@pytest.mark.parametrize("line", ["freeze", "role", "role 1001", "revoke"])
def test_what_is_missing_is_said(line: str) -> None:
    with pytest.raises(MissingWord):
        grammar.users(line.split(), datetime(2026, 1, 1, tzinfo=UTC))


def test_the_audit_takes_a_person_and_a_number_in_any_order() -> None:
    assert grammar.audit(["20"]).count == 20
    wish = grammar.audit(["Anna", "5", "<77"])
    assert (wish.who, wish.count, wish.before) == ("Anna", 5, 77)
    assert grammar.audit(["5", "1001"]).who == "1001"
    with pytest.raises(WrongWord):
        grammar.audit(["Anna", "Bo"])
