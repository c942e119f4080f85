"""What people did and were refused."""

from bot.telegram import parse
from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.names import called, meant
from bot.telegram.parse import AuditWish
from bot.telegram.presses import panel
from bot.telegram.render import audit as render
from bot.telegram.screen import Button, Screen
from engine.model.actor import Role
from engine.model.people import Member
from engine.model.people_query import ShowActs, ShowMembers
from engine.model.people_result import Acts

MOST_PEOPLE = 6


async def audit(asked: Asked, room: Room) -> Screen:
    """A page of acts, the newest first, of one person or of all."""
    wish = parse.audit(asked.words)
    people = (await room.desk.ask(asked.actor, ShowMembers())).members
    one = meant(wish.who, people, room.names) if wish.who else None
    actor_id = one.actor_id if one is not None else None
    asking = ShowActs(before=wish.before, actor_id=actor_id, limit=wish.count)
    acts = await room.desk.ask(asked.actor, asking)
    whose = called(one, room.names) if one is not None else ""
    text = render.acts(acts, room.names.of, whose)
    return Screen(text, rows=_rows(wish, acts, one, [m for m in people if m != one], room))


def _rows(
    wish: AuditWish, acts: Acts, one: Member | None, others: list[Member], room: Room
) -> tuple[tuple[Button, ...], ...]:
    who = _who(one) if one is not None else ""
    turn = [Button("Newest" if wish.before else "Refresh", _press(wish, who))]
    if acts.more:
        turn.append(Button("Older", _press(wish, who, acts.entries[-1].seq)))
    people = [Button(called(m, room.names)[:20], _press(wish, _who(m))) for m in others]
    people = [*([Button("Everybody", _press(wish, ""))] if who else []), *people[:MOST_PEOPLE]]
    return (tuple(turn), *(tuple(people[i : i + 3]) for i in range(0, len(people), 3)))


def _press(wish: AuditWish, who: str, before: int | None = None) -> str:
    """At most 64 bytes: a person's id has 16 digits at most, an entry's number 19."""
    older = f"<{before}" if before is not None else ""
    return panel("audit", " ".join(filter(None, (who, str(wish.count), older))))


def _who(member: Member) -> str:
    return member.actor_id.removeprefix("tg:")


COMMANDS = (
    ChatCommand(
        name="audit",
        family="People",
        summary="What people did, and were refused",
        usage="[NAME | ID] [N]",
        example="/audit 20",
        role=Role.ADMIN,
        handler=audit,
        money=True,
    ),
)
