"""How large an order may be for what one is ready to lose at its stop."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.errors import InvalidInput
from engine.model.money import cut_amount, plain, round_price
from engine.model.order import OrderTerms, OrderType, Side
from engine.model.result import Reason, Refused
from engine.model.risk import SizeAdvice, SizeWish
from engine.model.symbol import Symbol, base_of, quote_of, split
from engine.risk.circumstances import Circumstances
from engine.risk.rules.equity import equity_known
from engine.risk.wording import money, percent

MOST_RISK = Decimal(100)
MOST_MULTIPLE = Decimal(100)
SPARE_FOR_MOVES = Decimal("0.999")
FEES_BESIDES = "Fees, and what the market moves past the stop, come on top."


@dataclass(frozen=True, slots=True)
class _Cap:
    amount: Decimal
    note: str


def check_wish(wish: SizeWish) -> None:
    """Raises `InvalidInput` for what nobody can mean, with what would be right."""
    if not 0 < wish.risk_percent <= MOST_RISK:
        raise InvalidInput("The risk is a part of equity above 0 and up to 100 %. For example: 1%")
    if (wish.stop is None) == (wish.atr_multiple is None):
        raise InvalidInput(
            "Say where the stop is, as a price such as 29000 or as a multiple of the daily range "
            "such as 2atr: one of the two."
        )
    if wish.atr_multiple is not None and not 0 < wish.atr_multiple <= MOST_MULTIPLE:
        raise InvalidInput("The multiple of the daily range is above 0 and up to 100. Example: 2")
    for price in (wish.stop, wish.entry):
        if price is not None and price <= 0:
            raise InvalidInput("Prices are greater than zero. For example: 29000")


def bare_terms(wish: SizeWish, symbol: Symbol, mid: Decimal) -> OrderTerms:
    """The order it makes, its amount still open: to buy where the stop is below, else to sell on
    margin; raises `InvalidInput` where the stop is the entry."""
    entry = round_price(wish.entry) if wish.entry is not None else None
    at = entry or mid
    if wish.stop == at:
        raise InvalidInput("The stop is the entry price: put it below to buy, above to sell.")
    buys = wish.stop is None or wish.stop < at
    return OrderTerms(
        symbol=symbol,
        side=Side.BUY if buys else Side.SELL,
        amount=Decimal(0),
        type=OrderType.MARKET if entry is None else OrderType.LIMIT,
        price=entry,
        wallet=Wallet.EXCHANGE if buys else Wallet.MARGIN,
    )


def advised(wish: SizeWish, bare: OrderTerms, world: Circumstances) -> SizeAdvice | Refused:
    """The size for these terms, cut to what is free and allowed; each cut is noted.

    Refused where equity or the daily range is not known, or an order so small cannot be placed.
    """
    if (unknown := _unknown(wish, bare, world)) is not None:
        return Refused((unknown,))
    entry = bare.price or world.market
    stop = round_price(_stop(wish, bare, world, entry))
    apart = abs(entry - stop)
    if stop <= 0 or not apart:
        return Refused(
            (
                Reason(
                    "no_stop", "So far away there is no price for a stop. Use a smaller multiple."
                ),
            )
        )
    equity = _equity(world)
    wished = equity * wish.risk_percent / 100 / apart
    caps = [cap for cap in _caps(bare, world, entry, equity) if cap.amount < wished]
    amount = cut_amount(max(min([wished, *(cap.amount for cap in caps)]), Decimal(0)))
    if amount < world.pair.min_size:
        return Refused((_too_small(bare, world, amount, apart, equity),))
    return SizeAdvice(
        terms=replace(bare, amount=min(amount, world.pair.max_size)),
        entry=entry,
        stop=stop,
        equity=equity,
        at_risk=amount * apart,
        notional=amount * entry,
        notes=(*(cap.note for cap in caps), FEES_BESIDES),
    )


def _unknown(wish: SizeWish, bare: OrderTerms, world: Circumstances) -> Reason | None:
    quote, currency = quote_of(bare.symbol), world.risk.equity.currency
    if (reason := equity_known(bare, world)) is not None:
        return reason
    if not world.rate:
        return Reason("rate_unknown", f"What a {quote} is worth in {currency} is not known now.")
    if wish.atr_multiple is not None and bare.symbol not in world.risk.volatility:
        return Reason(
            "volatility_unknown",
            f"How much {bare.symbol} moves in a day is not known yet; it is being asked for. Try "
            "again in a few seconds, or say the stop as a price.",
        )
    return None


def _equity(world: Circumstances) -> Decimal:
    """In quote currency."""
    return (world.risk.equity.value or Decimal(0)) / (world.rate or Decimal(1))


def _stop(wish: SizeWish, bare: OrderTerms, world: Circumstances, entry: Decimal) -> Decimal:
    if wish.stop is not None:
        return wish.stop
    moves = Decimal(repr(world.risk.volatility[bare.symbol])) / 100
    return entry - entry * moves * (wish.atr_multiple or Decimal(0)) * bare.side.sign


def _free(bare: OrderTerms, free: Decimal, entry: Decimal) -> _Cap:
    base, quote = split(bare.symbol)
    if bare.side is Side.SELL:
        return _Cap(free, f"It is cut to what is free: {money(free, base)}.")
    spare = SPARE_FOR_MOVES if bare.type is OrderType.MARKET else Decimal(1)
    return _Cap(free * spare / entry, f"It is cut to what is free: {money(free, quote)}.")


def _caps(
    bare: OrderTerms, world: Circumstances, entry: Decimal, equity: Decimal
) -> Iterator[_Cap]:
    limits, quote = world.risk.limits, quote_of(bare.symbol)
    yield _Cap(world.pair.max_size, "It is the largest order the exchange takes.")
    if bare.wallet is Wallet.EXCHANGE and world.free is not None:
        yield _free(bare, world.free, entry)
    if not limits.enabled:
        return
    if most := limits.max_order_notional:
        yield _Cap(most / entry, f"It is cut to the most an order may be: {money(most, quote)}.")
    if share := limits.max_position_percent:
        held = _held(bare, world) / (world.rate or Decimal(1))
        yield _Cap(
            (equity * share / 100 - held) / entry,
            f"It is cut so that no more than {percent(share)} of equity is held of "
            f"{base_of(bare.symbol)}.",
        )


def _held(bare: OrderTerms, world: Circumstances) -> Decimal:
    base = base_of(bare.symbol)
    everything = (*world.risk.worth.items(), *world.entries.items())
    worths = [worth for symbol, worth in everything if base_of(symbol) == base]
    return sum((worth for worth in worths if worth is not None), Decimal(0))


def _too_small(
    bare: OrderTerms, world: Circumstances, amount: Decimal, apart: Decimal, equity: Decimal
) -> Reason:
    base, least = base_of(bare.symbol), world.pair.min_size
    needed = f" It would risk {percent(least * apart * 100 / equity)}." if equity > 0 else ""
    return Reason(
        "below_minimum",
        f"That comes to {plain(amount)} {base}, and the exchange's smallest order in "
        f"{bare.symbol} is {plain(least)} {base}.{needed}",
    )
