"""Every command there is."""

from collections.abc import Mapping

from bot.telegram.commands import (
    account,
    amend,
    audit,
    bracket,
    limits,
    locks,
    market,
    orders,
    panic,
    risk,
    risk_panel,
    second_factor,
    size,
    strays,
    system,
    template,
    trade,
    users,
    windows,
)
from bot.telegram.commands.declare import ChatCommand


def catalog(*, dms: bool, dry: bool = False) -> Mapping[str, ChatCommand]:
    """Commands by name, in the order /help and the menu show them."""
    known = (
        *trade.COMMANDS,
        *bracket.COMMANDS,
        *template.COMMANDS,
        *orders.COMMANDS,
        *amend.COMMANDS,
        *strays.COMMANDS,
        *account.COMMANDS,
        *market.COMMANDS,
        *risk_panel.COMMANDS,
        *limits.COMMANDS,
        *windows.COMMANDS,
        *locks.COMMANDS,
        *size.COMMANDS,
        *panic.COMMANDS,
        *risk.COMMANDS,
        *users.COMMANDS,
        *audit.COMMANDS,
        *second_factor.COMMANDS,
    )
    return system.declare(known, dms=dms, dry=dry)
