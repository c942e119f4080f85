"""All Bot API methods of the sandbox but getUpdates, which waits."""

from collections.abc import Callable, Mapping

from bot.telegram.sandbox.methods import chats, editing, handling, profile, receiving, sending
from bot.telegram.sandbox.network import Network
from bot.telegram.sandbox.params import Params

Method = Callable[[Network, Params], object]

_FAMILIES: tuple[Mapping[str, Method], ...] = (
    sending.METHODS,
    editing.METHODS,
    handling.METHODS,
    receiving.METHODS,
    profile.METHODS,
    chats.METHODS,
)
METHODS: dict[str, Method] = {
    name.lower(): method for family in _FAMILIES for name, method in family.items()
}
