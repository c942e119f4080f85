"""The exchange's lists of pairs and their sizes (facts sheet 2, conf)."""

from collections.abc import Mapping

from engine.bitfinex.rows import readable
from engine.bitfinex.wire import Row, Unreadable, number, row_of, text
from engine.model.market import Pair
from engine.model.symbol import Symbol, of_pair

PATH = "conf/pub:list:pair:exchange,pub:list:pair:margin,pub:info:pair"
_SIZES = 1
_MIN, _MAX = 3, 4


def pairs_of(answer: object) -> Mapping[Symbol, Pair]:
    """Every listed pair that has sizes."""
    lists = row_of(answer)
    if len(lists) < 3:
        raise Unreadable("the list of pairs is incomplete")
    margin = frozenset(_names(row_of(lists[1])))
    listed = margin.union(_names(row_of(lists[0])))
    found = readable(row_of(lists[2]), lambda row: _pair(row, margin))
    return {pair.symbol: pair for pair in found if pair is not None and pair.symbol[1:] in listed}


def _names(names: Row) -> list[str]:
    return [name for name in names if isinstance(name, str)]


def _pair(row: Row, margin: frozenset[str]) -> Pair | None:
    name = text(row, 0)
    info = row_of(row[_SIZES]) if len(row) > _SIZES else ()
    smallest, largest = number(info, _MIN), number(info, _MAX)
    if smallest is None or largest is None:
        return None
    return Pair(symbol=of_pair(name), min_size=smallest, max_size=largest, margin=name in margin)
