"""Limits: looked at by groups, changed one at a time after a card."""

from collections.abc import Mapping

from bot.telegram import parse
from bot.telegram.commands.declare import Asked, ChatCommand, Room
from bot.telegram.commands.rights import may, must
from bot.telegram.onward import HOME
from bot.telegram.parse import LimitWish
from bot.telegram.presses import panel
from bot.telegram.render import limits as render
from bot.telegram.render.text import bold
from bot.telegram.screen import Button, Look, Screen
from engine.model.actor import Role
from engine.model.limits import LIMITS, Limit, LimitGroup
from engine.model.risk_command import ChangeLimit
from engine.model.risk_query import PreviewLimit, ShowRisk
from engine.model.risk_result import LimitPreview

Rows = tuple[tuple[Button, ...], ...]

IN_A_ROW = 3
COUNTS = ("1", "2", "3", "5", "10", "20")
PARTS = ("1", "2", "3", "5", "10", "20")
PRESETS: Mapping[str, tuple[str, ...]] = {
    "enabled": ("on",),
    "trade_cooldown_seconds": ("60", "300", "900", "1800", "3600", "14400"),
    "symbol_cooldown_seconds": ("60", "300", "900", "1800", "3600", "14400"),
    "max_open_orders": ("5", "10", "20", "50", "100", "200"),
    "allowed_symbols": ("tBTCUSD", "tBTCUSD,tETHUSD"),
    "denied_symbols": (),
    "price_band_percent": ("1", "2", "5", "10", "20", "50"),
    "max_order_notional": ("100", "1000", "5000", "10000", "50000", "100000"),
    "market_stale_seconds": ("10", "30", "60", "120", "300"),
    "guard_cooldown_minutes": ("60", "240", "720", "1440"),
    "max_position_percent": ("5", "10", "20", "50", "100", "200"),
    "max_exposure_percent": ("10", "25", "50", "100", "200", "300"),
    "max_volatility_percent": ("3", "5", "8", "10", "15", "20"),
    "stop_streak_lookback_minutes": ("240", "720", "1440", "4320"),
    "stop_streak_lock_minutes": ("60", "240", "720", "1440"),
    "low_profit_percent": ("-5", "-2", "-1", "0", "1", "2"),
    "low_profit_lookback_minutes": ("240", "720", "1440", "4320"),
    "low_profit_lock_minutes": ("60", "240", "720", "1440"),
    "breaker_window_seconds": ("30", "60", "120", "300", "600"),
    "breaker_pause_minutes": ("5", "15", "30", "60", "240"),
    "equity_ignores": (),
}


async def limits(asked: Asked, room: Room) -> Screen:
    """Those in force, a group, one with its choices, or a card for a change."""
    wish = parse.limits(asked.words)
    if wish.sets:
        return await _change(asked, room, wish)
    if wish.name is not None:
        return await _one(asked, room, wish.name)
    seen = await room.desk.ask(asked.actor, ShowRisk())
    if wish.group is None:
        return Screen(render.overview(seen), rows=(*_tabs(None), _last("limits")))
    rows = (*_tabs(wish.group), *_choices(wish.group), _last("limits", wish.group.value))
    return Screen(render.group(seen, wish.group), rows=rows)


async def _one(asked: Asked, room: Room, name: str) -> Screen:
    seen = await room.desk.ask(asked.actor, PreviewLimit(name, None))
    overridden = name in (await room.desk.ask(asked.actor, ShowRisk())).overridden
    limit = LIMITS[name]
    rows = _values(limit, seen, overridden) if may(asked, room, Role.ADMIN) else ()
    back = Button("Back", panel("limits", limit.group.value))
    return Screen(render.choice(seen, overridden), rows=(*rows, (back,)), answers=f"limits {name}")


async def _change(asked: Asked, room: Room, wish: LimitWish) -> Screen:
    must(asked, room, Role.ADMIN, "Changing a limit")
    name = wish.name or ""
    seen = await room.desk.ask(asked.actor, PreviewLimit(name, wish.value))
    status = await room.desk.ask(asked.actor, ShowRisk())
    overridden = name in status.overridden
    if seen.after == seen.before and (wish.value is None) is not overridden:
        limit = LIMITS[name]
        said = f"{limit.title} is {render.figure(limit, seen.before)} already."
        back = Button("Back", panel("limits", limit.group.value))
        return Screen(f"{bold('Nothing to change')}. {said}", rows=((back,),))
    look = Look.DANGER if (name, seen.after) == ("enabled", "off") else Look.GOOD
    confirm = Button("Confirm change", "", look)
    change = ChangeLimit(name, seen.value, instead_of=seen.before)
    return await room.cards.lay(
        asked.actor, asked.chat_id, change, render.card(seen, status), confirm
    )


def _tabs(shown: LimitGroup | None) -> Rows:
    buttons = [
        Button(
            f"· {group.capitalize()} ·" if group is shown else group.capitalize(),
            panel("limits", group.value),
        )
        for group in LimitGroup
    ]
    risk = () if shown else (Button("Risk on/off", panel("limits", "enabled")),)
    return _in_rows((*buttons, *risk), IN_A_ROW)


def _choices(group: LimitGroup) -> Rows:
    members = [each for each in LIMITS.values() if each.group is group]
    return _in_rows(tuple(Button(e.title, panel("limits", e.name)) for e in members), 2)


def _values(limit: Limit, seen: LimitPreview, overridden: bool) -> Rows:
    words = PRESETS.get(limit.name, PARTS if limit.unit.startswith("%") else COUNTS)
    rows = _in_rows(tuple(_value(limit, word) for word in words if word != seen.before), IN_A_ROW)
    ends: list[Button] = []
    if _can_be_off(limit) and seen.before not in {"0", "", "off"}:
        ends.append(Button(render.figure(limit, _off(limit)).capitalize(), _set(limit, "off")))
    if overridden:
        own = render.figure(limit, seen.own)
        ends.append(Button(f"As settings: {own}"[:40], _set(limit, "settings")))
    return (*rows, tuple(ends)) if ends else rows


def _can_be_off(limit: Limit) -> bool:
    return limit.least == 0


def _off(limit: Limit) -> str:
    match limit.unit:
        case "on or off":
            return "off"
        case "symbols" | "currencies":
            return ""
        case _:
            return "0"


def _value(limit: Limit, word: str) -> Button:
    return Button(render.figure(limit, word), _set(limit, word))


def _set(limit: Limit, word: str) -> str:
    return panel("limits", f"{limit.name} {word}")


def _last(command: str, words: str = "") -> tuple[Button, ...]:
    overview = (Button("In force", panel("limits")),) if words else ()
    return (*overview, HOME, Button("Refresh", panel(command, words)))


def _in_rows(buttons: tuple[Button, ...], most: int) -> Rows:
    return tuple(buttons[at : at + most] for at in range(0, len(buttons), most))


COMMANDS = (
    ChatCommand(
        name="limits",
        family="Risk",
        summary="Every limit; admins set them",
        usage="[GROUP | LIMIT [VALUE | off | settings]]",
        example="/limits max_trades_per_day 10",
        role=Role.VIEWER,
        handler=limits,
    ),
)
