"""Every command there is."""

from collections.abc import Mapping

from bot.telegram.commands import account, market, orders, risk, system, trade
from bot.telegram.commands.declare import ChatCommand


def catalog(*, dms: bool) -> Mapping[str, ChatCommand]:
    """Commands by name, in the order /help and the menu show them."""
    known = (
        *trade.COMMANDS,
        *orders.COMMANDS,
        *account.COMMANDS,
        *market.COMMANDS,
        *risk.COMMANDS,
    )
    return system.declare(known, dms=dms)
