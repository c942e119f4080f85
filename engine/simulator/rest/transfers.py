"""Private REST: money from one wallet to another."""

from decimal import Decimal

from aiohttp import web

from engine.simulator.conf import LABELS
from engine.simulator.rest.caller import Call, Gate
from engine.simulator.trading.account import EXCHANGE, FUNDING, MARGIN, Wallet
from engine.simulator.trading.funds import available
from engine.simulator.trading.request import read_number
from engine.simulator.trading.rows import notification_row, wallet_row
from engine.simulator.trading.settlement import book
from engine.simulator.trading.statuses import float_text
from engine.simulator.wire.json import Json, Row
from engine.simulator.wire.numbers import to_eight
from engine.simulator.wire.refusal import generic, parameter


def routes(gate: Gate) -> list[web.RouteDef]:
    return [web.post("/v2/auth/w/transfer", gate.writing(transfer))]


def transfer(call: Call) -> Json:
    """Move an amount; the notification `acc_tf`. Between a coin and its future one to one."""
    source, target = _wallet(call, "from", "currency"), _wallet(call, "to", "currency_to")
    amount = to_eight(read_number(call.fields, "amount") or Decimal(0))
    if amount <= 0 or source is target:
        raise generic("amount: invalid")
    if amount > available(call.floor, call.account, source):
        raise generic(f"not enough balance in the {source.kind} wallet")
    label = LABELS.get(source.currency, source.currency)
    route = f"from {source.kind.capitalize()} to {target.kind.capitalize()}"
    text = f"{float_text(amount)} {label} transferred {route}"
    for wallet, change in ((source, -amount), (target, amount)):
        book(call.floor, call.account, wallet, change, f"Transfer of {text}")
        call.floor.tell(call.account, "wu", wallet_row(wallet, None))
    now = call.floor.now
    moved: Row = [now, source.kind, target.kind, None, source.currency, target.currency, None]
    return notification_row(now, "acc_tf", [*moved, amount], text)


def _wallet(call: Call, kind_field: str, currency_field: str) -> Wallet:
    kind = str(call.fields.get(kind_field, ""))
    currency = str(call.fields.get(currency_field) or call.fields.get("currency", ""))
    if kind not in (EXCHANGE, MARGIN, FUNDING):
        raise parameter(kind_field)
    if not currency.isalnum() or len(currency) > 20:
        raise parameter(currency_field)
    return call.account.wallet(kind, currency)
