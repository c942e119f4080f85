"""Who is meant and what is to become of them: `/users`, `/audit`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum

from bot.telegram.grammar.letters import leading_word, plain_word
from bot.telegram.grammar.moments import moment
from bot.telegram.grammar.reading import Reading, understand
from bot.telegram.grammar.refusal import SHOWN, Flaw, Lack, Missing
from engine.model.actor import Role

MOST_ACTS = 20
FEW_ACTS = 8
A_DAY = timedelta(hours=24)

_ROLES = {role.name.lower(): role for role in Role}


class UsersVerb(StrEnum):
    """What can be done about members; `FREEZING` asks before it freezes, `TOKENS` ends them."""

    LIST = "list"
    SHOW = "show"
    INVITE = "invite"
    CANCEL = "cancel"
    ROLE = "role"
    FREEZE = "freeze"
    FREEZING = "freezing"
    THAW = "thaw"
    REVOKE = "revoke"
    TOKENS = "tokens"


@dataclass(frozen=True, slots=True, kw_only=True)
class UsersWish:
    """One of the verbs; `who` as it was typed, `role` None where none was said."""

    verb: UsersVerb
    who: str = ""
    role: Role | None = None
    lifetime: timedelta = A_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditWish:
    """Whose doings, everybody's where `who` is empty; how many, and older than which entry."""

    who: str = ""
    count: int = FEW_ACTS
    before: int | None = None


def users(words: Sequence[str], now: datetime) -> UsersWish:
    """What `/users` with these words means."""

    def read(reading: Reading) -> UsersWish:
        if not reading.more():
            return UsersWish(verb=UsersVerb.LIST)
        verb = _verb(reading.take())
        wish = _invitation(reading, now) if verb is UsersVerb.INVITE else _about(reading, verb)
        reading.end()
        return wish

    return understand("/users", words, read, "/users freeze 123456789")


def audit(words: Sequence[str]) -> AuditWish:
    """What `/audit` with these words means: a person, a number of lines, in any order."""

    def read(reading: Reading) -> AuditWish:
        who, count, before = "", FEW_ACTS, None
        while reading.more():
            word = plain_word(reading.take(), "20")
            if word.isdigit() and int(word) <= MOST_ACTS:
                count = max(1, int(word))
            elif word[:1] == "<" and word[1:].isdigit():
                before = int(word[1:])
            elif not who:
                who = word
            else:
                raise Flaw("is one word too many: /audit takes one person and a number.", "")
        return AuditWish(who=who, count=count, before=before)

    return understand("/audit", words, read, "/audit 20")


def _verb(word: str) -> UsersVerb:
    said = leading_word(word).lower()
    if said in set(UsersVerb):
        return UsersVerb(said)
    near = get_close_matches(said[:SHOWN], [*_SAMPLES], n=1)
    says = "is nothing to do about people: invite, role, freeze, thaw, revoke or tokens."
    raise Flaw(says, *_SAMPLES.get(near[0] if near else "invite", ()))


_SAMPLES = {
    "invite": ("invite trader 2h",),
    "role": ("role 123456789 viewer",),
    "freeze": ("freeze 123456789",),
    "thaw": ("thaw 123456789",),
    "revoke": ("revoke 123456789",),
    "tokens": ("tokens 123456789",),
}


def _invitation(reading: Reading, now: datetime) -> UsersWish:
    if not reading.more():
        return UsersWish(verb=UsersVerb.INVITE)
    role = _role(reading.take())
    if not reading.more():
        return UsersWish(verb=UsersVerb.INVITE, role=role)
    until = moment(reading.take(), "", now)
    return UsersWish(verb=UsersVerb.INVITE, role=role, lifetime=until - now)


def _about(reading: Reading, verb: UsersVerb) -> UsersWish:
    if verb is UsersVerb.LIST:
        return UsersWish(verb=verb)
    if not reading.more():
        says = "Who is meant? Say the Telegram id or the name; /users lists all."
        more = " viewer" if verb is UsersVerb.ROLE else ""
        raise Lack(Missing.NAME, says, f"123456789{more}")
    who = reading.take()
    if verb is not UsersVerb.ROLE:
        return UsersWish(verb=verb, who=who)
    if not reading.more():
        raise Lack(Missing.CHANGE, "Which role: viewer, trader or admin?", "viewer", "trader")
    return UsersWish(verb=verb, who=who, role=_role(reading.take()))


def _role(word: str) -> Role:
    said = plain_word(word, "viewer").lower()
    if said in _ROLES:
        return _ROLES[said]
    near = get_close_matches(said[:SHOWN], sorted(_ROLES), n=1)
    raise Flaw("is not a role: viewer, trader or admin.", near[0] if near else "viewer")
