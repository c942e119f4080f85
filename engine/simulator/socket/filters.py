"""The `filter` of an auth event: which account frames a socket wants."""

from engine.simulator.trading.floor import Event
from engine.simulator.wire.json import Json

TRADING = frozenset({"os", "on", "ou", "oc", "ps", "pn", "pu", "pc", "te", "tu", "miu"})
WALLETS = frozenset({"ws", "wu"})
FUNDING = frozenset({"fos", "fcs", "fls", "fiu"})


def wanted(event: Event, filters: frozenset[str]) -> bool:
    """Whether a frame passes; no filter lets everything through (sheet, 6.6)."""
    if not filters:
        return True
    if event.kind == "n":
        return "notify" in filters
    if event.kind == "bu":
        return "balance" in filters
    if event.kind in FUNDING:
        return any(name.startswith("funding") for name in filters)
    if event.kind in WALLETS:
        return "wallet" in filters or _names(filters, "wallet-", event.payload)
    return "trading" in filters or _names(filters, "trading-", event.payload)


def _names(filters: frozenset[str], prefix: str, payload: Json) -> bool:
    """Whether a narrower filter names the symbol or wallet of the row (snapshots pass)."""
    if not isinstance(payload, list):
        return False
    if not payload or isinstance(payload[0], list):
        return any(name.startswith(prefix) for name in filters)
    words = {str(item) for item in payload[:4]}
    return any(
        name.startswith(prefix) and words.issuperset(name.removeprefix(prefix).split("-"))
        for name in filters
    )
