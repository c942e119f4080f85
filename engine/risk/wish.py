"""An order as the exchange writes it, made into terms."""

from decimal import Decimal

from engine.model.account import Wallet
from engine.model.order import OrderTerms, OrderType, Side
from engine.model.symbol import Symbol


def terms_of(
    symbol: Symbol,
    amount: Decimal,
    price: Decimal | None,
    *,
    type: OrderType | None,  # noqa: A002 - the exchange's own word
    wallet: Wallet,
    trigger: Decimal | None,
    reduce_only: bool,
) -> OrderTerms:
    """The price is a limit, a stop's trigger or a trailing distance, as the type has it."""
    kind = type or (OrderType.MARKET if price is None else OrderType.LIMIT)
    stops = kind is OrderType.STOP
    trails = kind is OrderType.TRAILING_STOP
    return OrderTerms(
        symbol=symbol,
        side=Side.SELL if amount < 0 else Side.BUY,
        amount=abs(amount),
        type=kind,
        price=None if stops or trails else price,
        trigger=price if stops else trigger,
        trail=price if trails else None,
        wallet=wallet,
        reduce_only=reduce_only,
    )
