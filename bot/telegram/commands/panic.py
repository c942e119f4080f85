"""When everything must stop, and when it may go on."""

from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.presses import panel
from bot.telegram.render import panic as render
from bot.telegram.render import standstill
from bot.telegram.render.text import lines
from bot.telegram.screen import Button, Look, Screen
from engine.model.actor import Role
from engine.model.command import ResumeTrading
from engine.model.panic_command import CallPanic
from engine.model.panic_query import PreviewPanic, ShowStandstill
from engine.model.panic_result import PanicPreview, PanicReport

SPOT_TOO = "What the exchange wallet holds can be sold as well."


async def panic(asked: Asked, room: Room) -> Screen:
    """One card; while a panic runs, how far that has come."""
    seen = await room.desk.ask(asked.actor, PreviewPanic())
    saleable = any(one.symbol is not None for one in seen.spot or ())
    if seen.running is not None:
        return await _running(asked, room, seen.running, saleable)
    return await _card(asked, room, seen, saleable)


async def _card(asked: Asked, room: Room, seen: PanicPreview, saleable: bool) -> Screen:
    confirm = Button("PANIC", "", Look.DANGER)
    spot = Button("PANIC + sell spot", "", Look.DANGER)
    return await room.cards.lay(
        asked.actor,
        asked.chat_id,
        CallPanic(),
        render.card(seen),
        confirm,
        other=(CallPanic(spot=True), spot) if saleable else None,
    )


async def _running(asked: Asked, room: Room, report: PanicReport, saleable: bool) -> Screen:
    text = render.report(report)
    if report.panic.spot or not saleable:
        return Screen(text, rows=((Button("Refresh", panel("panic")),),))
    body = lines([text, "", SPOT_TOO])
    confirm = Button("Sell spot too", "", Look.DANGER)
    return await room.cards.lay(asked.actor, asked.chat_id, CallPanic(spot=True), body, confirm)


async def resume(asked: Asked, room: Room) -> Screen:
    """A card that shows why trading stopped."""
    seen = await room.desk.ask(asked.actor, ShowStandstill())
    body = standstill.standstill(seen)
    runs = seen.panic is not None and seen.panic.panic.ended_at is None
    if runs:
        refresh = Button("Refresh", panel("resume"))
        return Screen(lines([body, "", standstill.NOT_YET]), rows=((refresh,),))
    if seen.paused is None:
        return Screen(body)
    confirm = Button("Resume", "", Look.GOOD)
    return await room.cards.lay(asked.actor, asked.chat_id, ResumeTrading(), body, confirm)


COMMANDS = (
    ChatCommand(
        name="panic",
        family="Risk",
        summary="Stop, cancel and close everything",
        role=Role.TRADER,
        handler=panic,
        money=True,
    ),
    ChatCommand(
        name="resume",
        family="Risk",
        summary="Why trading stopped, and letting it go on",
        role=Role.ADMIN,
        handler=resume,
        money=True,
    ),
)
