"""What a template may be: said field by field, in words for a person."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from engine.model.account import Wallet
from engine.model.money import is_amount, is_price
from engine.model.order import OrderType, Side
from engine.model.template import OrderTemplate, SizeKind

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_SYMBOL: Final = re.compile(r"[A-Za-z0-9]{3,20}([:/-][A-Za-z0-9]{2,20})?")
_CURRENCY: Final = re.compile(r"[A-Za-z0-9]{2,20}")
_GREATEST: Final = Decimal(10) ** 12
_NEEDED: Final = {
    OrderType.MARKET: (),
    OrderType.LIMIT: ("price",),
    OrderType.STOP: ("trigger",),
    OrderType.STOP_LIMIT: ("price", "trigger"),
    OrderType.TRAILING_STOP: ("trail",),
    OrderType.FOK: ("price",),
    OrderType.IOC: ("price",),
}


def misfits(template: OrderTemplate) -> tuple[str, ...]:
    """Everything that speaks against it, each sentence naming its field; empty when it is fine."""
    parts = (_words(template), _size(template), _prices(template), _sense(template))
    return tuple(sentence for part in parts for sentence in part)


def _words(template: OrderTemplate) -> Iterator[str]:
    if not NAME.fullmatch(template.name):
        yield "name: at most 32 letters, digits, dashes and underlines, such as dip-1."
    if not _SYMBOL.fullmatch(template.symbol):
        yield "symbol: a pair such as tBTCUSD."
    if template.wallet is Wallet.FUNDING:
        yield "wallet: exchange or margin."


def _size(template: OrderTemplate) -> Iterator[str]:
    size, kind = template.size, template.size_kind
    if not _is_sane(size):
        yield "size: a number greater than zero, such as 0.01."
    elif kind is SizeKind.PERCENT and size > 100:
        yield "size: at most 100 percent."
    elif kind is SizeKind.BASE and not is_amount(size):
        yield "size: at most 8 decimals."
    if (template.currency is not None) is not (kind is SizeKind.QUOTE):
        yield "currency: with a size in quote currency, and only then, such as USD."
    elif template.currency is not None and not _CURRENCY.fullmatch(template.currency):
        yield "currency: a name such as USD."


def _prices(template: OrderTemplate) -> Iterator[str]:
    needed = _NEEDED[template.type]
    given = {"price": template.price, "trigger": template.trigger, "trail": template.trail}
    for field, value in given.items():
        if field in needed and value is None:
            yield f"{field}: a {template.type} order needs one."
        elif field not in needed and value is not None:
            yield f"{field}: a {template.type} order has none."
    exits = {
        "oco_stop": template.oco_stop,
        "stop_loss": template.stop_loss,
        "take_profit": template.take_profit,
    }
    for field, value in (given | exits).items():
        if value is not None and not (_is_sane(value) and is_price(value)):
            yield f"{field}: a price greater than zero of at most 5 significant digits."


def _sense(template: OrderTemplate) -> Iterator[str]:
    if template.oco_stop is not None and template.type is not OrderType.LIMIT:
        yield "oco_stop: only with a limit order."
    if template.post_only and template.type not in (OrderType.LIMIT, OrderType.MARKET):
        yield "post_only: only with a limit order."
    if template.reduce_only and template.wallet is not Wallet.MARGIN:
        yield "reduce_only: only in the margin wallet."
    if template.stop_loss is not None or template.take_profit is not None:
        yield from _exits(template)


def _exits(template: OrderTemplate) -> Iterator[str]:
    stop, take = template.stop_loss, template.take_profit
    if template.reduce_only or template.oco_stop is not None:
        yield "stop_loss, take_profit: not with reduce_only or oco_stop."
    if template.side is Side.SELL and template.wallet is Wallet.EXCHANGE:
        yield "stop_loss, take_profit: a sale from the exchange wallet leaves nothing to guard."
    if stop is None or take is None or not (_is_sane(stop) and _is_sane(take)):
        return
    if stop == take or (stop < take) is not (template.side is Side.BUY):
        yield "stop_loss, take_profit: one below and one above the entry, the other way round."


def _is_sane(value: Decimal) -> bool:
    return value.is_finite() and 0 < value < _GREATEST
