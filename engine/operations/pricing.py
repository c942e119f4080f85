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


def market_price(ticker: Ticker, side: Side) -> Decimal:
    """What a small market order of this side would meet; `InvalidInput` where nobody offers."""
    price = of_market(ticker.ask if side is Side.BUY else ticker.bid)
    if price <= 0:
        raise InvalidInput(f"Nobody offers a price for {ticker.symbol} now. Try again later.")
    return price


def bare_terms(draft: OrderDraft, symbol: Symbol) -> OrderTerms:
    """The draft's terms with the amount still open."""
    market = draft.type is OrderType.MARKET
    return OrderTerms(
        symbol=symbol,
        side=draft.side,
        amount=Decimal(0),
        type=draft.type,
        price=draft.price,
        trigger=draft.trigger,
        wallet=draft.wallet,
        post_only=draft.post_only and not market,
        reduce_only=draft.reduce_only,
        hidden=draft.hidden,
    )


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
    if terms.reduce_only:
        held = abs(world.position.amount) if world.position else Decimal(0)
        return cut_amount(held * part)
    if terms.side is Side.SELL:
        return cut_amount(_some(world.free_base, base, terms) * part)
    spare = SPARE_FOR_MOVES if terms.type in (OrderType.MARKET, OrderType.STOP) else Decimal(1)
    free = _some(world.free_quote, quote, terms)
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
    if terms.type is OrderType.LIMIT and terms.price is not None:
        crosses = terms.price >= market if terms.side is Side.BUY else terms.price <= market
        return crosses and not terms.post_only
    return True


def trades_at_once(terms: OrderTerms, market: Decimal) -> bool:
    """Whether it takes from the book as it stands now."""
    if terms.type is OrderType.MARKET:
        return True
    return terms.type is OrderType.LIMIT and takes_liquidity(terms, market)


def notes(draft: OrderDraft, terms: OrderTerms, world: Circumstances) -> tuple[str, ...]:
    """What the operator should know before confirming."""
    said = []
    if draft.post_only and terms.type is OrderType.MARKET:
        said.append("Post-only has no meaning for a market order and is left out.")
    if isinstance(draft.size, PartSize) and terms.type is OrderType.MARKET:
        amount = f"{plain(terms.amount)} {base_of(terms.symbol)}"
        said.append(f"{plain(draft.size.percent)} % is {amount} as of now.")
    crosses = terms.type is OrderType.LIMIT and takes_liquidity(terms, world.market)
    if crosses:
        said.append("The limit crosses the market: it trades at once, as taker.")
    return tuple(said)
