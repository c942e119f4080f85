"""What somebody did or was refused, a few words each."""

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.telegram.render.orders import headline
from bot.telegram.render.people import a_role
from bot.telegram.render.text import bold, code, esc, lines
from engine.model.entry import Entry, actor_of
from engine.model.event import (
    AmendRequested,
    BracketOpened,
    CancelRequested,
    CommandDeclined,
    CommandRefused,
    Event,
    OrderAdopted,
    OrderIgnored,
    OrderSubmitted,
    PositionAdopted,
    PositionIgnored,
    TemplateDeleted,
    TemplateSaved,
    TradingPaused,
    TradingResumed,
)
from engine.model.panic_event import PanicCalled
from engine.model.people_event import (
    CommandApproved,
    CommandCarriedOut,
    CommandHeld,
    InvitationCancelled,
    MemberFrozen,
    MemberInvited,
    MemberJoined,
    MemberRevoked,
    MemberRoleChanged,
    MemberThawed,
    SecondFactorRefused,
    SecondFactorSet,
    StrangerTurnedAway,
    TokensEnded,
)
from engine.model.people_result import Acts
from engine.model.risk_event import (
    GuardReset,
    LimitChanged,
    SymbolLocked,
    SymbolUnlocked,
    TradingBreakerReset,
    WindowsChanged,
)
from engine.via import API, CONSOLE

NameOf = Callable[[str], str]

LONGEST = 160

_OURS = {"genesis": "Genesis", CONSOLE: "The console"}
_WAYS = {API: " · over the API"}


def acts(found: Acts, name_of: NameOf, whose: str) -> str:
    """A page: under each day its moments, who, what, and what came of it."""
    head = bold(f"What {whose} did" if whose else "What people did")
    zone = ZoneInfo(found.zone)
    rows = [f"{head} · {esc(found.zone)}"]
    day = ""
    for entry in found.entries:
        at = entry.event.at.astimezone(zone)
        if (today := f"{at:%A %d %b %Y}") != day:
            day = today
            rows += ["", f"<u>{day}</u>"]
        rows.append(_line(entry, at, name_of, whose))
    if not found.entries:
        rows += ["", "Nothing is written down here."]
    return lines(rows)


def _line(entry: Entry, at: datetime, name_of: NameOf, whose: str) -> str:
    what, outcome = told(entry.event, name_of)
    who = "" if whose else f" {bold(_who(entry.event, name_of))}"
    result = f"\n<i>{esc(_clipped(outcome))}</i>" if outcome else ""
    way = _WAYS.get(entry.event.via, "")
    return f"\n{at:%H:%M:%S}{who} {what}{way}{result}"


def _who(event: Event, name_of: NameOf) -> str:
    actor_id = actor_of(event) or ""
    if isinstance(event, MemberJoined):
        return event.name or name_of(actor_id)
    return _OURS.get(actor_id) or name_of(actor_id)


def told(event: Event, name_of: NameOf) -> tuple[str, str]:
    """What was done, in HTML, and what came of it where that is not said by it."""
    match event:
        case CommandRefused():
            return _wish(event.command), f"refused: {' '.join(event.reasons)}"
        case CommandCarriedOut():
            return _wish(event.command), event.outcome
        case CommandDeclined():
            return "a card was closed", event.reason
        case CommandHeld():
            return _wish(event.command), "waits for a second person"
        case CommandApproved():
            answer = "agreed to" if event.approved else "rejected"
            return f"{answer} {_wish(event.command)} of {esc(name_of(event.owner_id))}", ""
        case _:
            return _of_orders(event) or _of_people(event, name_of) or _of_risk(event)


def _of_orders(event: Event) -> tuple[str, str] | None:
    match event:
        case OrderSubmitted():
            return f"sent: {headline(event.order.terms)} {esc(event.order.terms.symbol)}", ""
        case BracketOpened():
            return f"opened a bracket in {esc(event.bracket.terms.entry.symbol)}", ""
        case AmendRequested():
            return f"asked to change order {event.key}", ""
        case CancelRequested():
            many = f"{len(event.keys)} orders" if len(event.keys) > 1 else f"order {event.keys[0]}"
            return f"asked to cancel {many}", ""
        case OrderAdopted():
            return f"adopted: {headline(event.order.terms)}", ""
        case OrderIgnored():
            return f"left alone: {headline(event.order.terms)}", ""
        case PositionAdopted():
            return f"adopted the position in {esc(event.symbol)}", ""
        case PositionIgnored():
            return f"left the position in {esc(event.symbol)} alone", ""
        case TemplateSaved():
            return f"kept the template {esc(event.template.name)}", ""
        case TemplateDeleted():
            return f"deleted the template {esc(event.name)}", ""
        case _:
            return None


def _of_people(event: Event, name_of: NameOf) -> tuple[str, str] | None:
    match event:
        case MemberInvited():
            return f"invited {a_role(event.invitation.role)}", ""
        case InvitationCancelled():
            return "cancelled an invitation", ""
        case MemberJoined():
            way = "by a code" if event.digest else "by the pairing code"
            return f"joined as {event.role.name.lower()} {way}", ""
        case MemberRoleChanged():
            return f"made {esc(name_of(event.member_id))} {event.role.name.lower()}", ""
        case MemberFrozen():
            return f"froze the rights of {esc(name_of(event.member_id))}", ""
        case MemberThawed():
            return f"gave {esc(name_of(event.member_id))} their rights back", ""
        case MemberRevoked():
            return f"took {esc(name_of(event.member_id))} off the list", ""
        case TokensEnded():
            return f"ended the API tokens of {esc(name_of(event.member_id))}", ""
        case SecondFactorSet():
            whose = esc(name_of(event.member_id))
            return f"{'took off' if event.off else 'set up'} the authenticator of {whose}", ""
        case SecondFactorRefused():
            return "gave a code", "locked out" if event.locked else "refused: wrong or used before"
        case StrangerTurnedAway():
            return "came to the door", "a stranger, turned away"
        case _:
            return None


def _of_risk(event: Event) -> tuple[str, str]:
    match event:
        case TradingPaused():
            return "paused trading", event.reason
        case TradingResumed():
            return "resumed trading", ""
        case PanicCalled():
            return "called a panic: everything cancelled and closed", ""
        case LimitChanged():
            return f"set {esc(event.limit)}", event.value or "to what the settings say"
        case WindowsChanged():
            return "set the trading windows", ""
        case GuardReset():
            return f"reset the guard on {esc(str(event.guard))}", ""
        case SymbolLocked():
            return f"locked {esc(event.lock.symbol)}", event.lock.reason
        case SymbolUnlocked():
            return f"unlocked {esc(event.symbol)}", ""
        case TradingBreakerReset():
            return "reset the trading breaker", ""
        case _:
            return esc(_words(type(event).__name__)), ""


def _wish(command: str) -> str:
    """What was wished: `/buy` as it was said, `place_order` in words."""
    return code(command) if command.startswith("/") else esc(command.replace("_", " "))


def _words(kind: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", kind).lower()


def _clipped(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else flat[: LONGEST - 1].rstrip() + "…"
