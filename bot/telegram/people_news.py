"""What was ruled about people, as news: to admins, and to whom it concerns. Pure."""

from collections.abc import Sequence

from bot.telegram.render import people as render
from bot.telegram.staff import person_of
from bot.telegram.tidings import News
from engine.model.entry import Entry
from engine.model.people_event import (
    MemberRoleChanged,
    MemberThawed,
    SecondFactorSet,
    TokensEnded,
)

_ABOUT_A_MEMBER = MemberRoleChanged | MemberThawed | TokensEnded | SecondFactorSet


def to_admin(entries: Sequence[Entry], name_of: render.NameOf, admin: int) -> Sequence[News]:
    """All rulings but the admin's own: those were answered already."""
    told: list[News] = []
    for event in (entry.event for entry in entries):
        text = render.told_to_admins(event, name_of)
        actor: object = getattr(event, "actor_id", "")
        if text is not None and person_of(str(actor)) != admin:
            told.append(News(text, urgent=True))
    return told


def to_member(entries: Sequence[Entry], person: int) -> Sequence[News]:
    """What was ruled about this person."""
    told: list[News] = []
    for event in (entry.event for entry in entries):
        if isinstance(event, _ABOUT_A_MEMBER):
            text = render.told_to_member(event)
            if text is not None and person_of(event.member_id) == person:
                told.append(News(text, urgent=True))
    return told
