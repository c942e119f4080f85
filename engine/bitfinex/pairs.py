"""The exchange's lists of pairs and their sizes (facts sheet 2, conf)."""

from collections.abc import Mapping

from engine.bitfinex.listings import (
    EXCHANGE_PAIRS,
    FUTURES_INFOS,
    FUTURES_PAIRS,
    MARGIN_PAIRS,
    PAIR_INFOS,
    infos_of,
    names_of,
)
from engine.bitfinex.wire import Unreadable, row_of
from engine.model.market import Pair
from engine.model.market_records import PairInfo
from engine.model.symbol import Symbol

_KEYS = (EXCHANGE_PAIRS, MARGIN_PAIRS, PAIR_INFOS, FUTURES_PAIRS, FUTURES_INFOS)
PATH = f"conf/{','.join(_KEYS)}"


def pairs_of(answer: object) -> Mapping[Symbol, Pair]:
    """Every listed pair that has sizes; perpetuals trade on margin only."""
    lists = [row_of(found) for found in row_of(answer)]
    if len(lists) < 3:
        raise Unreadable("the list of pairs is incomplete")
    exchange, margin, infos, futures, futures_infos = [*lists, [], []][:5]
    on_margin = frozenset(names_of(margin)) | frozenset(names_of(futures))
    listed = on_margin.union(names_of(exchange))
    found = infos_of(infos, futures_infos)
    return {
        symbol: pair
        for symbol, info in found.items()
        if symbol[1:] in listed and (pair := _pair(info, on_margin)) is not None
    }


def _pair(info: PairInfo, on_margin: frozenset[str]) -> Pair | None:
    if info.min_size is None or info.max_size is None:
        return None
    return Pair(
        symbol=info.symbol,
        min_size=info.min_size,
        max_size=info.max_size,
        margin=info.symbol[1:] in on_margin,
    )
