"""The service itself: status, help, greetings, errors."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.telegram.render.risk import OFF, obstacles, shut_symbols, transports
from bot.telegram.render.text import bold, code, esc, lines, when
from engine.model.actor import Actor
from engine.model.errors import GenesisError
from engine.model.result import DeskStatus, TradingState
from engine.model.risk_result import RiskStatus

WORDS = (
    "AMOUNT is base (0.01), quote ($250 or 250usd) or a part of what is free (25%).",
    "P is a price; stoplimit takes the stop price, then the limit price L. PART is 50% or half.",
    "D is a trailing stop's distance from the price; ioc and fok trade at once or not at all.",
    "sl and tp are exits that follow what fills; oco P adds a stop, and one cancels the other.",
    "T is how long an order stands, 30m, 2h or 1d, or until when in UTC, 18:00 or "
    "2026-11-30T18:00.",
    "post never takes, reduce only shrinks a margin position, hidden shows in no book, "
    "margin trades from the margin wallet.",
)


def paused(state: TradingState) -> str:
    """Whether and why trading stands still."""
    if state.paused is None:
        return "Trading is not paused."
    why = f"\nReason: {esc(state.paused.reason)}" if state.paused.reason else ""
    return lines(
        [
            f"{bold('Trading is paused')} by {esc(state.paused.name)}, "
            f"{when(state.paused.at)}.{why}",
            "Cancelling and closing still work. An admin lifts it with /resume.",
        ]
    )


def status(seen: DeskStatus, dms: bool, dry: bool = False, risk: RiskStatus | None = None) -> str:
    """The desk at a glance; `dms` for a dead-man switch that is on, `dry` for a dry run."""
    link = f"up since {when(seen.link_since)}" if seen.link_since else "down"
    dead_man = (
        "on: all orders, protective stops too, are cancelled when the link drops, and when the "
        "service stops; the late end of a frozen service's link cancels its successor's too"
        if dms
        else "off: orders stay at the exchange when the link drops"
    )
    paper = [bold("DRY RUN"), "Orders fill on paper only; none reaches the exchange.", ""]
    off = [*OFF, ""] if risk is not None and not risk.limits.enabled else []
    rows = [*(paper if dry else []), *off, *_standing(seen, risk), *_locked(risk)]
    rows += ["", f"Exchange link: {link}", *transports(seen.breakers)]
    if seen.maintenance:
        rows.append("The exchange is in maintenance.")
    rows.append(f"Open orders: {seen.open_orders} · positions: {seen.positions}")
    if seen.pending:
        rows.append(f"Orders not yet answered: {len(seen.pending)}")
    if not dry:
        rows.append(f"Dead-man switch is {dead_man}")
    return lines(rows)


def _standing(seen: DeskStatus, risk: RiskStatus | None) -> Sequence[str]:
    """Whether an order would go out now; a pause comes first, for it outlasts a lost link."""
    rows = [] if seen.paused is None else [paused(TradingState(seen.paused))]
    against = _risk(risk)
    if seen.closed_because is not None:
        shut = f"{bold('Not open')}: {esc(seen.closed_because.rstrip('.'))}."
        return [*rows, shut, *against]
    if rows or not against:
        return [*(rows or [bold("Open for trading")]), *against]
    return [bold("Entries are blocked"), *against, "Closing and cancelling still work."]


def _risk(seen: RiskStatus | None) -> Sequence[str]:
    """What else stands in the way of entries; a pause is told already."""
    if seen is None:
        return []
    return [f"• {each}" for each in obstacles(replace(seen, paused=None))]


def _locked(seen: RiskStatus | None) -> Sequence[str]:
    return shut_symbols(seen) if seen is not None and seen.limits.enabled else []


def greeting(actor: Actor, *, shows_code: bool = False) -> str:
    """The first words to an operator; whoever shows a code has no use for it any more."""
    code_kept = ["You are a member already, so the code was not used.", ""]
    return lines(
        [
            *(code_kept if shows_code else []),
            f"Hello {esc(actor.name)}. You trade here as {bold(actor.role.name.lower())}.",
            "",
            f"Try {code('/price tBTCUSD')}, then {code('/buy tBTCUSD 0.01')}: "
            "a card shows what it costs, and nothing is sent before you confirm.",
            "/help lists everything you can say.",
        ]
    )


def helped(families: Mapping[str, Sequence[tuple[str, str, str]]], place: str = "") -> str:
    """Commands by family: name with usage, summary, example; `place` is the page's."""
    parts = [f"What you can say{place}", ""] if place else []
    for family, commands in families.items():
        parts.append(bold(family))
        for usage, summary, example in commands:
            parts.append(f"{code(usage)}\n{esc(summary)}")
            if example:
                parts.append(f"e.g. {code(example)}")
        parts.append("")
    return lines([*parts, *WORDS])


def failure(error: GenesisError) -> str:
    """What went wrong, in the operator's words; examples are ready to copy with a tap."""
    said = esc(error.sentence)
    for example in getattr(error, "examples", ()):
        said = said.replace(esc(example), code(example), 1)
    return said


def unknown_command(name: str, near: str | None) -> str:
    """A command that does not exist, and the nearest that does."""
    advice = f"Did you mean {code('/' + near)}?" if near else "/help lists them all."
    return f"There is no command {code('/' + name[:32])}. {advice}"


def no_command() -> str:
    """Words that are no command."""
    return f"I understand commands, for example {code('/price tBTCUSD')}. /help lists them all."
