"""Greeting, help, status."""

from collections.abc import Mapping, Sequence

from bot.telegram.commands.declare import Asked, ChatCommand, Handler, Room
from bot.telegram.onward import HOME
from bot.telegram.pages import page_of, turning
from bot.telegram.presses import panel
from bot.telegram.render import system as render
from bot.telegram.render.relief import standing as astray
from bot.telegram.screen import Button, Screen
from engine.model.actor import Role
from engine.model.query import ShowStatus
from engine.model.risk_query import ShowRisk

COMMANDS_ON_A_PAGE = 16


async def start(asked: Asked, room: Room) -> Screen:
    """The first words."""
    return Screen(render.greeting(asked.actor, shows_code=bool(asked.words)))


def status_with(dms: bool, dry: bool) -> Handler:
    """The desk at a glance; `dms` tells whether the dead-man switch is on, `dry` a dry run."""

    async def status(asked: Asked, room: Room) -> Screen:
        seen = await room.desk.ask(asked.actor, ShowStatus())
        risk = await room.desk.ask(asked.actor, ShowRisk())
        ways = (HOME, Button("Refresh", panel("status")))
        text, trouble = render.status(seen, dms, dry, risk), room.alert_trouble()
        return Screen(text if trouble is None else f"{text}\n{astray(trouble)}", rows=(ways,))

    return status


def help_with(declared: Mapping[str, ChatCommand]) -> Handler:
    """What the person who asks may say, from the declarations."""

    async def helped(asked: Asked, room: Room) -> Screen:
        allowed = [c for c in declared.values() if asked.actor.role >= c.role]
        page = page_of(allowed, asked.page, COMMANDS_ON_A_PAGE)
        families: dict[str, list[tuple[str, str, str]]] = {}
        for command in page.items:
            usage = f"/{command.name} {command.usage}".strip()
            entry = (usage, command.summary, command.example)
            families.setdefault(command.family, []).append(entry)
        text = render.helped(families, page.place)
        return Screen(text, rows=turning(page, "help", refresh=False))

    return helped


def declare(
    known: Sequence[ChatCommand], *, dms: bool, dry: bool = False
) -> Mapping[str, ChatCommand]:
    """All commands by name, with those that know the others."""
    declared: dict[str, ChatCommand] = {command.name: command for command in known}
    for command in (
        ChatCommand(
            name="status",
            family="System",
            summary="Whether we can trade, and why not",
            role=Role.VIEWER,
            handler=status_with(dms, dry),
        ),
        ChatCommand(
            name="help",
            family="System",
            summary="Everything you can say",
            role=Role.VIEWER,
            handler=help_with(declared),
        ),
        ChatCommand(
            name="start",
            family="System",
            summary="Begin",
            role=Role.VIEWER,
            handler=start,
        ),
    ):
        declared[command.name] = command
    return declared
