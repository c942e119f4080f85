"""The risk panel, and what can be reset from it."""

from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.commands.rights import may, must
from bot.telegram.grammar.refusal import exemplified
from bot.telegram.onward import HOME
from bot.telegram.presses import panel, said
from bot.telegram.render import risk as render
from bot.telegram.render.text import bold, esc, lines
from bot.telegram.screen import Button, Look, Screen
from engine.model.actor import Role
from engine.model.errors import InvalidInput
from engine.model.query import ShowStatus
from engine.model.risk import Guard
from engine.model.risk_command import ResetGuard
from engine.model.risk_query import ShowRisk
from engine.model.risk_result import RiskStatus


async def risk(asked: Asked, room: Room) -> Screen:
    """The panel; `reset GUARD` asks for a card."""
    if asked.words:
        return await _reset(asked, room, _guard(asked.words))
    seen = await room.desk.ask(asked.actor, ShowRisk())
    desk = await room.desk.ask(asked.actor, ShowStatus())
    return Screen(render.panel(seen, desk.breakers), rows=_rows(asked, room, seen))


def _guard(words: tuple[str, ...]) -> Guard:
    said_, name = words[0].lower(), " ".join(words[1:]).lower().replace("_", " ")
    found = [guard for guard in Guard if name and guard.value.startswith(name)]
    if said_ == "reset" and len(found) == 1:
        return found[0]
    names = ", ".join(Guard)
    example = f"/risk reset {Guard.DAILY_LOSS}"
    raise InvalidInput(exemplified(f"/risk can reset one of the guards {names}.", (example,)))


async def _reset(asked: Asked, room: Room, guard: Guard) -> Screen:
    must(asked, room, Role.ADMIN, "Resetting a guard")
    seen = await room.desk.ask(asked.actor, ShowRisk())
    trip = next((trip for trip in seen.trips if trip.guard is guard), None)
    if trip is None:
        return Screen(f"The guard on {guard} has not tripped.", rows=((HOME,),))
    body = lines(
        [
            bold(f"Reset the guard on {guard}?"),
            esc(f"{trip.reason[:1].upper()}{trip.reason[1:].rstrip('.')}."),
            "",
            "Entries pass it again, and it counts anew from now.",
        ]
    )
    confirm = Button("Reset guard", "", Look.DANGER)
    return await room.cards.lay(asked.actor, asked.chat_id, ResetGuard(guard), body, confirm)


def _rows(asked: Asked, room: Room, seen: RiskStatus) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = [
        (Button("Limits", panel("limits")), Button("Windows", panel("windows")))
    ]
    locks = f"Locks ({len(seen.locks)})" if seen.locks else "Locks"
    rows.append((Button(locks, panel("locks")), Button("Breaker", panel("breaker"))))
    if may(asked, room, Role.ADMIN):
        rows += [
            (Button(f"Reset {trip.guard}", panel("risk", f"reset {trip.guard}")),)
            for trip in seen.trips
        ]
        if seen.breaker is not None:
            rows.append((Button("Reset breaker", panel("breaker", "reset")),))
    return (*rows, (*_trading(asked, room, seen), Button("Refresh", panel("risk"))))


def _trading(asked: Asked, room: Room, seen: RiskStatus) -> tuple[Button, ...]:
    if seen.paused is None:
        allowed = may(asked, room, Role.TRADER)
        return (Button("Pause", said("pause"), Look.DANGER),) if allowed else ()
    allowed = may(asked, room, Role.ADMIN)
    return (Button("Resume", said("resume")),) if allowed else ()


COMMANDS = (
    ChatCommand(
        name="risk",
        family="Risk",
        summary="Whether entries pass, and today's figures",
        usage="[reset GUARD]",
        example="/risk",
        role=Role.VIEWER,
        handler=risk,
    ),
)
