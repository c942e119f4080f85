"""The state of a perpetual future: what it says beside its price (sheet, 2)."""

from collections.abc import Mapping

from engine.simulator.market.market import Market
from engine.simulator.wire.json import Row

FUNDING_EVERY_MS = 8 * 3_600_000
INSURANCE_FUND = 62_210_384.95685668
ACCRUED = 0.00015317
STEP = 3_873
INTEREST_PER_LEVEL = 20_000
CLAMPS = (0.0005, 0.0025)


def status_row(market: Market, markets: Mapping[str, Market], mts: int) -> Row:
    """23 fields without the key, as the websocket and the history have them."""
    spot = markets.get(market.instrument.underlying, market)
    return status_at(market, market.last, spot.last, mts)


def status_at(market: Market, price: float, spot: float, mts: int) -> Row:
    """The same with given prices."""
    event = mts - mts % FUNDING_EVERY_MS + FUNDING_EVERY_MS
    row: Row = [None] * 23
    row[0], row[2], row[3], row[5] = mts, price, spot, INSURANCE_FUND
    row[7], row[8], row[9], row[11] = event, ACCRUED, STEP, 0
    row[14], row[17] = round((price + spot) / 2, 8), market.instrument.depth * INTEREST_PER_LEVEL
    row[21], row[22] = CLAMPS
    return row
