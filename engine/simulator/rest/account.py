"""Private REST: wallets, positions, ledgers, margin and what the exchange knows of the user."""

from decimal import Decimal

from aiohttp import web

from engine.simulator.keyring import ALL_SCOPES
from engine.simulator.rest.caller import Call, Gate
from engine.simulator.rest.paging import read_page
from engine.simulator.trading import margin
from engine.simulator.trading.account import EXCHANGE, Account, Wallet
from engine.simulator.trading.floor import DERIVATIVE_MAKER, DERIVATIVE_TAKER
from engine.simulator.trading.funds import available
from engine.simulator.trading.request import read_number
from engine.simulator.trading.rows import ledger_row, movement_row, wallet_row
from engine.simulator.wire.json import Json, Row
from engine.simulator.wire.numbers import eight_down, tidy
from engine.simulator.wire.refusal import parameter

USER_FIELDS = 55
MOST_ROWS = 2_500
MOST_MOVEMENTS = 1_000
CATEGORIES = {
    "5": "Exchange",
    "22": "Position closed",
    "23": "Position claimed",
    "51": "Transfer",
    "101": "Deposit (",
    "201": "Trading fees",
}


def routes(gate: Gate) -> list[web.RouteDef]:
    readings = {
        "wallets": wallets,
        "wallets/hist": wallets_then,
        "ledgers/hist": ledgers,
        "ledgers/{currency}/hist": ledgers,
        "info/margin/{key}": margin_info,
        "info/user": user,
        "summary": summary,
        "permissions": permissions,
        "movements/hist": movements,
        "movements/{currency}/hist": movements,
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


def wallets_then(call: Call) -> Json:
    """Every wallet as it was at `end` (default: now), read from the ledger; `currency` picks."""
    end = read_page(call.fields, default=1, most=MOST_ROWS).end
    currency = call.fields.get("currency")
    rows: list[Row] = []
    for wallet in call.account.wallets.values():
        if currency in (None, wallet.currency):
            balance = balance_then(call.account, wallet, call.floor.now if end is None else end)
            rows.append([wallet.kind, wallet.currency, balance, 0, None, None, None])
    return rows


def balance_then(account: Account, wallet: Wallet, end: int) -> Decimal:
    """The balance without what the ledger booked after `end`."""
    later = [
        entry.amount
        for entry in account.ledger
        if entry.mts > end and [entry.wallet, entry.currency] == [wallet.kind, wallet.currency]
    ]
    return wallet.balance - sum(later, Decimal(0))


def ledgers(call: Call) -> Json:
    page = read_page(call.fields, default=25, most=MOST_ROWS)
    currency = call.path.get("currency")
    starts = CATEGORIES.get(str(call.fields["category"])) if call.fields.get("category") else ""
    found = [
        entry
        for entry in call.account.ledger
        if currency in (None, entry.currency)
        and starts is not None
        and entry.text.startswith(starts)
    ]
    return [ledger_row(entry) for entry in page.of(found, lambda entry: entry.mts)]


def movements(call: Call) -> Json:
    page = read_page(call.fields, default=25, most=MOST_MOVEMENTS)
    currency = call.path.get("currency")
    found = [move for move in call.account.movements if currency in (None, move.currency)]
    return [movement_row(move) for move in page.of(found, lambda move: move.mts)]


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
    makers: Row = [maker, maker, maker, None, None, -DERIVATIVE_MAKER]
    takers: Row = [taker, taker, taker, None, None, DERIVATIVE_TAKER]
    volumes: Row = [[{"curr": "Total (USD)", "vol": none}], [], none]
    leo: Json = {"leo_lev": 0, "leo_amount_avg": none}
    return [None, None, None, None, [makers, takers], volumes, [None, {}], None, None, leo]


def permissions(call: Call) -> Json:
    may = call.credential.may
    return [[scope, int(may(scope)), int(may(scope, write=True))] for scope in ALL_SCOPES]


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
