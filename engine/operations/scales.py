"""What a wish would come to: whether it only lessens, and its worth."""

from dataclasses import dataclass
from decimal import Decimal

from engine.floor import Floor
from engine.market.facade import MarketDataFacade
from engine.model.command import AmendOrder, PlaceBracket, PlaceOrder
from engine.model.errors import ExchangeError, InvalidInput
from engine.model.money import of_market
from engine.model.order import Order, OrderTerms
from engine.model.symbol import Symbol, quote_of
from engine.operations.pricing import DOLLARS
from engine.operations.world import World
from engine.risk.changes import grows, outstanding
from engine.risk.circumstances import reduces, weighed_price


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """`worth` in the currency equity is counted in; None where nobody can say."""

    reducing: bool
    worth: Decimal | None


NOTHING = Weight(reducing=True, worth=Decimal(0))


class Scales:
    """Weighs orders, brackets by their entry, and changes by what would be left to trade."""

    def __init__(self, floor: Floor, market: MarketDataFacade) -> None:
        self._floor = floor
        self._market = market
        self._world = World(floor, market)

    async def of(self, wish: object) -> Weight:
        """The weight of a wish; what is no order weighs nothing."""
        match wish:
            case PlaceOrder(terms=terms):
                return await self._of_terms(terms)
            case PlaceBracket(terms=terms):
                return await self._of_terms(terms.entry)
            case AmendOrder(key=key, change=change):
                order = self._floor.book.orders.get(key)
                if order is None or not order.status.is_open:
                    return NOTHING  # the desk refuses it anyway
                return await self._of_change(order, change.applied(order.terms))
            case _:
                return NOTHING

    async def _of_terms(self, terms: OrderTerms) -> Weight:
        position, spoken_for = self._world.held_against(terms)
        reducing = reduces(terms, position, spoken_for)
        return Weight(reducing=reducing, worth=await self._worth(terms))

    async def _of_change(self, order: Order, after: OrderTerms) -> Weight:
        left = outstanding(order, after)
        try:
            world = await self._world.around(after, instead_of=order)
        except (ExchangeError, InvalidInput):
            return Weight(reducing=False, worth=None)
        lessens = not grows(order, after, world) or reduces(left, world.position, world.spoken_for)
        return Weight(reducing=lessens, worth=await self._worth(left))

    async def _worth(self, terms: OrderTerms) -> Decimal | None:
        try:
            world = await self._world.around(terms)
        except (ExchangeError, InvalidInput):
            return None
        price = weighed_price(terms, world.market)
        return await self._counted(terms.amount * price, quote_of(terms.symbol))

    async def _counted(self, amount: Decimal, currency: str) -> Decimal | None:
        """In the currency equity is counted in."""
        ours = self._floor.policy.currency
        if currency == ours or {currency, ours} <= DOLLARS:
            return amount
        if (price := await self._price(currency, ours)) is not None:
            return amount * price
        if (price := await self._price(ours, currency)) is not None:
            return amount / price
        return None

    async def _price(self, base: str, quote: str) -> Decimal | None:
        parted = "" if len(base) == len(quote) == 3 else ":"
        try:
            pair = await self._market.pair(f"t{base}{parted}{quote}")
            ticker, _ = await self._market.ticker(Symbol(pair.symbol))
        except (ExchangeError, InvalidInput):
            return None
        price = of_market(ticker.mid)
        return price if price > 0 else None
