"""From a draft to exact terms: what a size means at today's price and balance."""

from dataclasses import replace
from decimal import Decimal

from engine.market.book import facing, walk
from engine.model.draft import BaseSize, OrderDraft, PartSize, QuoteSize
from engine.model.errors import InvalidInput
from engine.model.market import OrderBook, Ticker
from engine.model.money import cut_amount, of_market, plain, round_price
from engine.model.order import OrderTerms, OrderType, Side
from engine.model.result import Slippage
from engine.model.symbol import Symbol, base_of, quote_of, split
from engine.risk.circumstances import Circumstances, expected_price

DOLLARS = frozenset({"USD", "UST", "USTF0", "TESTUSD", "TESTUSDT", "TESTUSDTF0"})
SPARE_FOR_MOVES = Decimal("0.999")
TAKERS = frozenset({OrderType.MARKET, OrderType.STOP, OrderType.TRAILING_STOP})
"""Types that trade at the market when they trade."""

PASSING = frozenset({OrderType.IOC, OrderType.FOK})
CROSSING = PASSING | {OrderType.LIMIT}


def market_price(ticker: Ticker, side: Side) -> Decimal:
    """What a small market order of this side would meet; `InvalidInput` where nobody offers."""
    price = of_market(ticker.ask if side is Side.BUY else ticker.bid)
    if price <= 0:
        raise InvalidInput(f"Nobody offers a price for {ticker.symbol} now. Try again later.")
    return price


def bare_terms(draft: OrderDraft, symbol: Symbol) -> OrderTerms:
    """The draft's terms with the amount still open."""
    return OrderTerms(
        symbol=symbol,
        side=draft.side,
        amount=Decimal(0),
        type=draft.type,
        price=draft.price,
        trigger=draft.trigger,
        trail=draft.trail,
        oco_stop=draft.oco_stop,
        good_until=draft.good_until,
        wallet=draft.wallet,
        post_only=draft.post_only,
        reduce_only=draft.reduce_only,
        hidden=draft.hidden,
    )


def without_idle(terms: OrderTerms) -> OrderTerms:
    """Terms without what means nothing for their type; `notes` says so."""
    idle_price = terms.type is OrderType.MARKET and terms.price is not None
    idle_post = terms.type in TAKERS and terms.post_only
    if not idle_price and not idle_post:
        return terms
    return replace(terms, price=None if idle_price else terms.price, post_only=False)


def sized(terms: OrderTerms, draft: OrderDraft, world: Circumstances) -> OrderTerms:
    """Terms with the amount the draft means; `InvalidInput` when it means none."""
    match draft.size:
        case BaseSize(amount):
            return replace(terms, amount=amount)
        case QuoteSize(amount, currency):
            _same_currency(terms.symbol, currency)
            return replace(terms, amount=cut_amount(amount / expected_price(terms, world.market)))
        case PartSize(percent):
            return replace(terms, amount=_part(terms, percent / 100, world))


def _part(terms: OrderTerms, part: Decimal, world: Circumstances) -> Decimal:
    base, quote = split(terms.symbol)
    if terms.reduce_only or terms.close:
        held = abs(world.position.amount) if world.position else Decimal(0)
        return cut_amount(held * part)
    if terms.side is Side.SELL:
        return cut_amount(_some(world.free, base, terms) * part)
    spare = SPARE_FOR_MOVES if terms.type in TAKERS else Decimal(1)
    free = _some(world.free, quote, terms)
    return cut_amount(free * part * spare / expected_price(terms, world.market))


def _some(free: Decimal | None, currency: str, terms: OrderTerms) -> Decimal:
    if free is None:
        raise InvalidInput("The free balance is not known yet, so a part of it is not either.")
    if not free:
        raise InvalidInput(
            f"There is no free {currency} in the {terms.wallet} wallet to take a part of. "
            f"Say an amount instead. Example: /{terms.side} {terms.symbol} 0.01"
        )
    return free


def _same_currency(symbol: Symbol, currency: str) -> None:
    quote = quote_of(symbol)
    if currency != quote and not (currency == "USD" and quote in DOLLARS):
        raise InvalidInput(
            f"{symbol} is priced in {quote}, not in {currency}. Example: 250{quote.lower()}."
        )


def slippage(book: OrderBook, terms: OrderTerms) -> Slippage | None:
    """What taking the amount from the live book would cost; None where the book is empty."""
    levels = facing(book, terms.side)
    if not book.bids or not book.asks or not levels:
        return None
    average, filled = walk(levels, float(terms.amount))
    mid = (book.bids[0].price + book.asks[0].price) / 2
    away = (average - mid) / mid * 100 * terms.side.sign
    return Slippage(
        average=round_price(of_market(average)),
        percent=Decimal(f"{away:.4f}"),
        complete=filled >= float(terms.amount) * (1 - 1e-9),
    )


def takes_liquidity(terms: OrderTerms, market: Decimal) -> bool:
    """Whether the order would trade at once (taker) rather than rest (maker)."""
    if terms.type is OrderType.LIMIT:
        return crosses(terms, market) and not terms.post_only
    return True


def crosses(terms: OrderTerms, market: Decimal) -> bool:
    """Whether the limit reaches what the other side offers."""
    if terms.price is None:
        return False
    return terms.price >= market if terms.side is Side.BUY else terms.price <= market


def trades_at_once(terms: OrderTerms, market: Decimal) -> bool:
    """Whether it takes from the book as it stands now."""
    if terms.type is OrderType.MARKET:
        return True
    return terms.type in CROSSING and crosses(terms, market) and not terms.post_only


def notes(draft: OrderDraft, terms: OrderTerms, world: Circumstances) -> tuple[str, ...]:
    """What the operator should know before confirming."""
    said = []
    if draft.price is not None and terms.price is None:
        said.append("A market order has no price; the one given is left out.")
    if draft.post_only and not terms.post_only:
        said.append(f"Post-only has no meaning for a {terms.type} order and is left out.")
    if isinstance(draft.size, PartSize) and terms.type is OrderType.MARKET:
        amount = f"{plain(terms.amount)} {base_of(terms.symbol)}"
        said.append(f"{plain(draft.size.percent)} % is {amount} as of now.")
    reaches = crosses(terms, world.market)
    if terms.type is OrderType.LIMIT and reaches and terms.post_only:
        said.append("The limit crosses the market: post-only cancels it at once.")
    elif terms.type is OrderType.LIMIT and reaches:
        said.append("The limit crosses the market: it trades at once, as taker.")
    elif terms.type in PASSING and not reaches:
        said.append("The limit does not reach the market: the exchange cancels it at once.")
    if terms.good_until is not None:
        said.append(f"What has not traded by {terms.good_until:%d %b %H:%M} UTC is cancelled.")
    return tuple(said)
