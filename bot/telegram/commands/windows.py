"""Trading windows: looked at by everybody, changed in a draft and saved by a card."""

from bot.telegram import parse
from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.commands.rights import may, must
from bot.telegram.commands.window_buttons import (
    blackout_rows,
    day_rows,
    hour_rows,
    week_rows,
    zone_rows,
)
from bot.telegram.drafts import WindowsDraft
from bot.telegram.parse import WindowsVerb, WindowsWish
from bot.telegram.render import windows as render
from bot.telegram.screen import Button, Look, Screen
from bot.telegram.week import edited
from engine.model.actor import Role
from engine.model.risk_command import SetWindows
from engine.model.risk_query import PreviewWindows, ShowRisk
from engine.model.windows import TradingWindows

DOING = "Changing the trading windows"


async def windows(asked: Asked, room: Room) -> Screen:
    """The week, or a step in changing it."""
    wish = parse.windows(asked.words)
    in_force = (await room.desk.ask(asked.actor, ShowRisk())).windows
    draft = await room.drafts.of(asked.actor, in_force)
    if _only_looks(wish):
        return await _look(asked, room, wish, in_force, draft)
    must(asked, room, Role.ADMIN, DOING)
    match wish.verb:
        case WindowsVerb.SAVE:
            return await _save(asked, room, in_force, draft)
        case WindowsVerb.DISCARD:
            await room.drafts.remove(asked.actor)
            return await _week(asked, room, in_force, None)
        case WindowsVerb.MINE:
            return await _mine(asked, room, in_force, draft)
    return await _edit(asked, room, wish, in_force, draft)


def _only_looks(wish: WindowsWish) -> bool:
    match wish.verb:
        case WindowsVerb.SHOW | WindowsVerb.DAY | WindowsVerb.PICK:
            return True
        case WindowsVerb.ZONE:
            return not wish.zone
        case WindowsVerb.BLACKOUT:
            return not wish.dates
    return False


async def _look(
    asked: Asked,
    room: Room,
    wish: WindowsWish,
    in_force: TradingWindows,
    draft: WindowsDraft | None,
) -> Screen:
    shown = draft.windows if draft is not None else in_force
    acts = may(asked, room, Role.ADMIN)
    match wish.verb:
        case WindowsVerb.DAY if len(wish.days) == 1:
            about = wish.days[0]
            return Screen(render.day(shown, about), rows=day_rows(shown, about, acts=acts))
        case WindowsVerb.PICK:
            about = wish.days[0]
            return Screen(render.picking(about, wish.picked), rows=hour_rows(about, wish.picked))
        case WindowsVerb.ZONE:
            return Screen(render.zones(shown), rows=zone_rows(shown, acts=acts))
        case WindowsVerb.BLACKOUT:
            return Screen(render.blackouts(shown), rows=blackout_rows(shown, acts=acts))
    return await _week(asked, room, in_force, draft)


async def _week(
    asked: Asked, room: Room, in_force: TradingWindows, draft: WindowsDraft | None
) -> Screen:
    shown = draft.windows if draft is not None else in_force
    seen = await room.desk.ask(asked.actor, PreviewWindows(shown))
    stale = draft is not None and draft.base != in_force
    text = render.week(seen, room.clock.now(), draft=draft is not None, stale=stale)
    acts = may(asked, room, Role.ADMIN)
    return Screen(text, rows=week_rows(acts=acts, draft=draft is not None, stale=stale))


async def _edit(
    asked: Asked,
    room: Room,
    wish: WindowsWish,
    in_force: TradingWindows,
    draft: WindowsDraft | None,
) -> Screen:
    """Change the draft; a day's own panel where the wish is about one."""
    base, before = (draft.base, draft.windows) if draft is not None else (in_force, in_force)
    after = edited(before, wish)
    await room.desk.ask(asked.actor, PreviewWindows(after))  # refuses what cannot be
    fresh = WindowsDraft(base=base, windows=after)
    await room.drafts.put(asked.actor, fresh)
    left = await room.drafts.of(asked.actor, in_force)
    match wish.verb:
        case WindowsVerb.ADD | WindowsVerb.DROP if len(wish.days) == 1:
            about = wish.days[0]
            return Screen(render.day(after, about), rows=day_rows(after, about, acts=True))
        case WindowsVerb.BLACKOUT | WindowsVerb.ALLOW:
            return Screen(render.blackouts(after), rows=blackout_rows(after, acts=True))
    return await _week(asked, room, in_force, left)


async def _mine(
    asked: Asked, room: Room, in_force: TradingWindows, draft: WindowsDraft | None
) -> Screen:
    """The draft is meant for what is in force now, whatever it was made from."""
    if draft is not None:
        draft = WindowsDraft(base=in_force, windows=draft.windows)
        await room.drafts.put(asked.actor, draft)
    return await _week(asked, room, in_force, draft)


async def _save(
    asked: Asked, room: Room, in_force: TradingWindows, draft: WindowsDraft | None
) -> Screen:
    if draft is None or draft.base != in_force:
        return await _week(asked, room, in_force, draft)
    seen = await room.desk.ask(asked.actor, PreviewWindows(draft.windows))
    wish = SetWindows(draft.windows, instead_of=in_force)
    body = render.card(seen, room.clock.now())
    confirm = Button("Confirm change", "", Look.GOOD)
    return await room.cards.lay(asked.actor, asked.chat_id, wish, body, confirm)


COMMANDS = (
    ChatCommand(
        name="windows",
        family="Risk",
        summary="When trading is open; admins set it",
        usage="[DAYS HOURS | DAYS closed | zone ZONE | blackout DATE [off] | save | discard | off]",
        example="/windows mon-fri 08:00-17:00, 22:00-02:00",
        role=Role.VIEWER,
        handler=windows,
    ),
)
