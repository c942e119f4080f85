"""Bitfinex's lists and maps of what is traded (facts sheet 2, conf)."""

from collections.abc import Mapping

from engine.bitfinex.public_rows import pair_info
from engine.bitfinex.rows import readable
from engine.bitfinex.wire import Row, Unreadable, row_of, text
from engine.model.market_records import PairInfo
from engine.model.symbol import Symbol

EXCHANGE_PAIRS = "pub:list:pair:exchange"
MARGIN_PAIRS = "pub:list:pair:margin"
FUTURES_PAIRS = "pub:list:pair:futures"
CURRENCY_SYMBOLS = "pub:map:currency:sym"
PAIR_INFOS = "pub:info:pair"
FUTURES_INFOS = "pub:info:pair:futures"


def lists_of(answer: object, count: int) -> tuple[Row, ...]:
    """The elements of a `conf` answer: one for each key that was asked for."""
    lists = [row_of(found) for found in row_of(answer)]
    if len(lists) < count:
        raise Unreadable("the lists are incomplete")
    return tuple(lists[:count])


def names_of(names: Row) -> tuple[str, ...]:
    """A list of names; what is none is left out."""
    return tuple(name for name in names if isinstance(name, str))


def map_of(rows: Row) -> Mapping[str, str]:
    """`[[API_NAME,REAL_NAME],...]`."""
    pairs = readable(rows, lambda row: (text(row, 0), text(row, 1)))
    return {name: real for name, real in pairs if name and real}


def infos_of(*lists: Row) -> Mapping[Symbol, PairInfo]:
    """What several lists say of pairs, by symbol."""
    return {info.symbol: info for rows in lists for info in readable(rows, pair_info)}
