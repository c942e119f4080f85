"""Private REST: margin positions, read, claimed and increased."""

from decimal import Decimal

from aiohttp import web

from engine.simulator.rest.caller import Call, Gate
from engine.simulator.rest.paging import read_page
from engine.simulator.trading import claims, margin
from engine.simulator.trading.account import Position
from engine.simulator.trading.request import HIGHEST_ID, read_integer, read_number
from engine.simulator.trading.rows import position_row
from engine.simulator.wire.json import Json, Row
from engine.simulator.wire.numbers import to_eight
from engine.simulator.wire.refusal import generic, parameter

MOST_ROWS = 2_500
DEFAULT_ROWS = 50


def routes(gate: Gate) -> list[web.RouteDef]:
    read, write = gate.reading, gate.writing
    return [
        web.post("/v2/auth/r/positions", read(active)),
        web.post("/v2/auth/r/positions/hist", read(closed)),
        web.post("/v2/auth/r/positions/snap", read(snapshot)),
        web.post("/v2/auth/r/positions/audit", read(audit)),
        web.post("/v2/auth/r/position/increase/info", read(increase_info)),
        web.post("/v2/auth/w/position/claim", write(claim)),
        web.post("/v2/auth/w/position/increase", write(increase)),
    ]


def active(call: Call) -> Json:
    return [_calculated(call, position) for position in call.account.positions.values()]


def snapshot(call: Call) -> Json:
    page = read_page(call.fields, default=DEFAULT_ROWS, most=MOST_ROWS)
    found = page.of(call.account.positions.values(), lambda position: position.updated)
    return [_calculated(call, position) for position in found]


def closed(call: Call) -> Json:
    page = read_page(call.fields, default=DEFAULT_ROWS, most=MOST_ROWS)
    found = page.of(call.account.closed_positions, lambda position: position.updated)
    return [position_row(position) for position in found]


def audit(call: Call) -> Json:
    page = read_page(call.fields, default=DEFAULT_ROWS, most=MOST_ROWS)
    everything = [*call.account.closed_positions, *call.account.positions.values()]
    ids = call.fields.get("id")
    wanted = {str(item) for item in ids} if isinstance(ids, list) else None
    chosen = [item for item in everything if wanted is None or str(item.id) in wanted]
    return [position_row(item) for item in page.of(chosen, lambda position: position.updated)]


def claim(call: Call) -> Json:
    number = read_integer(call.fields, "id", HIGHEST_ID)
    for position in call.account.positions.values():
        if position.id == number:
            amount = read_number(call.fields, "amount")
            return claims.claim(call.floor, call.account, position, amount)
    raise generic("Position not found.")


def increase(call: Call) -> Json:
    return claims.increase(call.floor, call.account, *_asked(call))


def increase_info(call: Call) -> Json:
    return claims.increase_info(call.floor, call.account, *_asked(call))


def _asked(call: Call) -> tuple[str, Decimal]:
    amount = read_number(call.fields, "amount")
    if not amount or not (amount := to_eight(amount)):
        raise parameter("amount")
    return str(call.fields.get("symbol", "")), amount


def _calculated(call: Call, position: Position) -> Row:
    figures = margin.position_figures(call.floor, call.account, position)
    return position_row(position, figures)
