"""How large an order may be for what one is ready to lose at its stop."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from engine.model.account import Wallet
from engine.model.errors import InvalidInput
from engine.model.money import cut_amount, plain, readable, round_price
from engine.model.order import OrderTerms, OrderType, Side
from engine.model.result import Reason, Refused
from engine.model.risk import SizeAdvice, SizeWish
from engine.model.symbol import Symbol, base_of, quote_of, split
from engine.risk.circumstances import Circumstances, weighed_price
from engine.risk.rules.equity import equity_known
from engine.risk.rules.exposure import ended_by, swaps, worth_of_all, worth_of_base
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
    margin; raises `InvalidInput` where the stop is the entry, or on the wrong side of it."""
    entry = round_price(wish.entry) if wish.entry is not None else None
    at = entry or mid
    if wish.stop == at:
        raise InvalidInput("The stop is the entry price: put it below to buy, above to sell.")
    side = _side(wish, at)
    return OrderTerms(
        symbol=symbol,
        side=side,
        amount=Decimal(0),
        type=OrderType.MARKET if entry is None else OrderType.LIMIT,
        price=entry,
        wallet=Wallet.EXCHANGE if side is Side.BUY else Wallet.MARGIN,
    )


def _side(wish: SizeWish, entry: Decimal) -> Side:
    if wish.stop is None:
        return wish.side or Side.BUY
    side = Side.BUY if wish.stop < entry else Side.SELL
    if wish.side is not None and wish.side is not side:
        where = "below" if wish.side is Side.BUY else "above"
        raise InvalidInput(
            f"The stop of a {wish.side} belongs {where} its entry at {readable(entry)}, not at "
            f"{readable(wish.stop)}. Leave out {wish.side}, or move the stop."
        )
    return side


def advised(wish: SizeWish, bare: OrderTerms, world: Circumstances) -> SizeAdvice | Refused:
    """The size for these terms, cut to what is free and allowed; what cut it is noted.

    Refused where equity, what is held or the daily range is not known, or an order so small cannot
    be placed.
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
    least = min(_caps(bare, world, entry, equity), key=lambda cap: cap.amount)
    cut = least if least.amount < wished else None
    amount = cut_amount(max(cut.amount if cut is not None else wished, Decimal(0)))
    if amount < world.pair.min_size:
        return Refused((_too_small(bare, world, amount, apart, equity, cut),))
    return SizeAdvice(
        terms=replace(bare, amount=amount),
        entry=entry,
        stop=stop,
        equity=equity,
        at_risk=amount * apart,
        notional=amount * entry,
        notes=(cut.note, FEES_BESIDES) if cut is not None else (FEES_BESIDES,),
    )


def _unknown(wish: SizeWish, bare: OrderTerms, world: Circumstances) -> Reason | None:
    quote, currency = quote_of(bare.symbol), world.risk.equity.currency
    if (reason := equity_known(bare, world)) is not None:
        return reason
    if not world.rate:
        return Reason("rate_unknown", f"What a {quote} is worth in {currency} is not known now.")
    if _counted(bare, world) is None:
        return Reason(
            "worth_unknown",
            f"What is held is not fully priced in {currency} now, so how much may be added is not "
            "known. Try again in a few seconds; /risk shows what is missing.",
        )
    if wish.atr_multiple is not None and bare.symbol not in world.risk.volatility:
        return Reason(
            "volatility_unknown",
            f"How much {bare.symbol} moves in a day is not known. It is asked for once a minute, "
            "and takes five whole days of prices. Try again soon, or say the stop as a price.",
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
    weighed = weighed_price(bare, world.market)
    if limits.enabled and (most := limits.max_order_notional):
        yield _Cap(most / weighed, f"It is cut to the most an order may be: {money(most, quote)}.")
    for share, held, what in _counted(bare, world) or ():
        room = equity * share / 100 - held / (world.rate or Decimal(1))
        yield _Cap(
            room / weighed + ended_by(bare, world),
            f"It is cut so that no more than {percent(share)} of equity is {what}.",
        )


def _counted(bare: OrderTerms, world: Circumstances) -> list[tuple[Decimal, Decimal, str]] | None:
    """The parts of equity that may be held, what is of each, and of what; None where that is not
    known."""
    limits = world.risk.limits
    if not limits.enabled:
        return []
    counted = []
    if share := limits.max_position_percent:
        counted.append((share, worth_of_base(bare, world), f"held of {base_of(bare.symbol)}"))
    if (share := limits.max_exposure_percent) and not swaps(bare, world):
        counted.append((share, worth_of_all(world), "held and ordered, all together"))
    known = [(share, held, what) for share, held, what in counted if held is not None]
    return known if len(known) == len(counted) else None


def _too_small(
    bare: OrderTerms,
    world: Circumstances,
    amount: Decimal,
    apart: Decimal,
    equity: Decimal,
    cut: _Cap | None,
) -> Reason:
    base, least = base_of(bare.symbol), world.pair.min_size
    needed = f" It would risk {percent(least * apart * 100 / equity)}." if equity > 0 else ""
    why = f" {cut.note}" if cut is not None else needed
    return Reason(
        "below_minimum",
        f"That comes to {plain(amount)} {base}, and the exchange's smallest order in "
        f"{bare.symbol} is {plain(least)} {base}.{why}",
    )
