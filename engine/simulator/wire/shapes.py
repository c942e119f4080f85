"""Rows as they were years ago and as they may be in years to come (sheet, 5)."""

from engine.simulator.wire.json import Json, Row

ORDER, POSITION, TRADE, WALLET = 32, 20, 12, 7
OLD_LENGTHS = {ORDER: 26, POSITION: 10, TRADE: 11, WALLET: 5}
NEWER: Row = [None, "later", {"since": "then"}]


def cut_short(value: Json) -> Json:
    """Every order, position, trade and wallet row inside, in its legacy length."""
    if not isinstance(value, list):
        return value
    if _is_row(value):
        old: Row = value[: OLD_LENGTHS[len(value)]]
        return old
    return [cut_short(item) for item in value]


def made_longer(value: Json) -> Json:
    """Every order, position, trade and wallet row inside, with columns nobody knows yet."""
    if not isinstance(value, list):
        return value
    if _is_row(value):
        return [*value, *NEWER]
    return [made_longer(item) for item in value]


def _is_row(value: Row) -> bool:
    if len(value) not in OLD_LENGTHS or isinstance(value[0], list):
        return False
    return len(value) != WALLET or isinstance(value[0], str)
