"""Private REST: wallets, positions, ledgers, margin and what the exchange knows of the user."""

from decimal import Decimal

from aiohttp import web

from engine.simulator.rest.caller import Call, Gate
from engine.simulator.rest.paging import read_page
from engine.simulator.trading import margin
from engine.simulator.trading.account import EXCHANGE, Position
from engine.simulator.trading.funds import available
from engine.simulator.trading.request import read_number
from engine.simulator.trading.rows import ledger_row, position_row, wallet_row
from engine.simulator.wire.json import Json, Row
from engine.simulator.wire.numbers import eight_down, tidy
from engine.simulator.wire.refusal import parameter

SCOPES = ("account", "history", "orders", "positions", "funding", "settings", "wallets")
CLOSED_SCOPES = ("withdraw", "ui_withdraw", "bfxpay")
USER_FIELDS = 55
MOST_ROWS = 2_500


def routes(gate: Gate) -> list[web.RouteDef]:
    readings = {
        "wallets": wallets,
        "positions": positions,
        "positions/hist": closed_positions,
        "positions/snap": positions,
        "positions/audit": audited_positions,
        "ledgers/hist": ledgers,
        "ledgers/{currency}/hist": ledgers,
        "info/margin/{key}": margin_info,
        "info/user": user,
        "summary": summary,
        "permissions": permissions,
        "movements/hist": nothing,
        "movements/{currency}/hist": nothing,
        "funding/offers": nothing,
        "logins/hist": nothing,
        "audit/hist": nothing,
    }
    found = [web.post(f"/v2/auth/r/{path}", gate.reading(deed)) for path, deed in readings.items()]
    return [*found, web.post("/v2/auth/calc/order/avail", gate.reading(order_available))]


def nothing(call: Call) -> Json:
    return []


def wallets(call: Call) -> Json:
    return [
        wallet_row(wallet, available(call.floor, call.account, wallet))
        for wallet in call.account.wallets.values()
    ]


def positions(call: Call) -> Json:
    return [_calculated(call, position) for position in call.account.positions.values()]


def closed_positions(call: Call) -> Json:
    page = read_page(call.fields, default=50, most=MOST_ROWS)
    found = page.of(call.account.closed_positions, lambda position: position.updated)
    return [position_row(position) for position in found]


def audited_positions(call: Call) -> Json:
    page = read_page(call.fields, default=50, most=MOST_ROWS)
    everything = [*call.account.closed_positions, *call.account.positions.values()]
    ids = call.fields.get("id")
    wanted = {str(item) for item in ids} if isinstance(ids, list) else None
    chosen = [item for item in everything if wanted is None or str(item.id) in wanted]
    return [position_row(item) for item in page.of(chosen, lambda position: position.updated)]


def ledgers(call: Call) -> Json:
    page = read_page(call.fields, default=25, most=MOST_ROWS)
    currency = call.path.get("currency")
    found = [entry for entry in call.account.ledger if currency in (None, entry.currency)]
    return [ledger_row(entry) for entry in page.of(found, lambda entry: entry.mts)]


def margin_info(call: Call) -> Json:
    key = call.path["key"]
    if key == "base":
        return margin.base_info(call.floor, call.account)
    if key == "sym_all":
        tradable = [item.instrument for item in call.floor.markets.values()]
        symbols = [item.symbol for item in tradable if item.margin]
        return [margin.symbol_info(call.floor, call.account, symbol) for symbol in symbols]
    return margin.symbol_info(call.floor, call.account, key)


def user(call: Call) -> Json:
    row: Row = [None] * USER_FIELDS
    name = call.account.name
    row[0:6] = [call.account.user_id, f"{name}@simulator.invalid", name, 1_500_000_000_000, 1, 3]
    row[7:11] = ["UTC", "en", "bitfinex", 1]
    row[14:20] = [1_500_000_000_000, 1, call.account.user_id, 0, 1, 0]
    row[26] = []
    row[54] = 0
    return row


def summary(call: Call) -> Json:
    maker, taker = call.floor.maker_fee, call.floor.taker_fee
    none = Decimal(0)
    makers: Row = [maker, maker, maker, None, None, Decimal("0.0002")]
    takers: Row = [taker, taker, taker, None, None, Decimal("0.00065")]
    volumes: Row = [[{"curr": "Total (USD)", "vol": none}], [], none]
    leo: Json = {"leo_lev": 0, "leo_amount_avg": none}
    return [None, None, None, None, [makers, takers], volumes, [None, {}], None, None, leo]


def permissions(call: Call) -> Json:
    write = 0 if call.credential.read_only else 1
    rows: list[Row] = [[scope, 1, write] for scope in SCOPES]
    rows += [[scope, 0, 0] for scope in CLOSED_SCOPES]
    return rows


def order_available(call: Call) -> Json:
    """The largest order that could be placed: `[AMOUNT]`, signed by its side."""
    fields = call.fields
    symbol, kind = str(fields.get("symbol", "")), str(fields.get("type", "EXCHANGE"))
    market = call.floor.market(symbol)
    rate = read_number(fields, "rate") or market.last_price
    sells = (read_number(fields, "dir") or 1) < 0
    if kind not in ("EXCHANGE", "MARGIN") or rate <= 0:
        raise parameter("type")
    instrument = market.instrument
    if kind == "MARGIN":
        free = margin.tradable(call.floor, call.account, instrument.quote)
        most = free / margin.INITIAL / rate
    else:
        wallet = call.account.wallet(EXCHANGE, instrument.base if sells else instrument.quote)
        free = available(call.floor, call.account, wallet)
        most = free if sells else free / rate
    return [tidy(eight_down(-most if sells else most))]


def _calculated(call: Call, position: Position) -> Row:
    figures = margin.position_figures(call.floor, call.account, position)
    return position_row(position, figures)
