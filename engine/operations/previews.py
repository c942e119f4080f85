"""What an order would be and mean, before anybody confirms it."""

from dataclasses import replace
from decimal import Decimal

from engine.floor import Floor
from engine.market.facade import MarketDataFacade
from engine.model.account import Wallet
from engine.model.draft import OrderDraft, PartSize
from engine.model.errors import InvalidInput
from engine.model.market import Pair
from engine.model.money import round_price
from engine.model.order import OrderTerms, OrderType, Side
from engine.model.result import Exposure, OrderPreview, Refused
from engine.model.symbol import split
from engine.operations import pricing
from engine.operations.world import World
from engine.risk import binding
from engine.risk.circumstances import Circumstances, expected_price
from engine.risk.policy import RiskPolicyEngine

WHOLE = Decimal(100)


class Previews:
    """Makes drafts exact and says what they cost."""

    def __init__(self, floor: Floor, market: MarketDataFacade, risk: RiskPolicyEngine) -> None:
        self._floor = floor
        self._market = market
        self._risk = risk
        self._world = World(floor, market)

    async def of_draft(self, draft: OrderDraft) -> OrderPreview | Refused:
        """Exact terms with their cost; every reason at once when they could not go out."""
        pair = await self._market.pair(draft.symbol)
        await self._market.watch(pair.symbol)
        return await self._of(draft, pricing.bare_terms(draft, pair.symbol), pair)

    async def _of(self, draft: OrderDraft, bare: OrderTerms, pair: Pair) -> OrderPreview | Refused:
        world = await self._world.around(bare, pair)
        terms = pricing.without_idle(pricing.sized(bare, draft, world))
        world = self._world.at_size(world, terms)
        verdict = self._risk.judge(terms, world)
        if verdict.reasons:
            return Refused(verdict.reasons)
        notes = pricing.notes(draft, terms, world)
        if spared := self._risk.spared(terms, world):
            terms, notes = binding.bound(terms), (*notes, binding.because(spared))
        preview = self._preview(terms, world, notes)
        preview = replace(preview, verdict=verdict)
        if not pricing.trades_at_once(terms, world.market):
            return preview
        book = await self._market.book(terms.symbol)
        return replace(preview, slippage=pricing.slippage(book, terms))

    async def of_close(self, symbol: str, percent: Decimal) -> OrderPreview | Refused:
        """Closing that part of a margin position by a market order, reduce-only.

        A whole position smaller than any order may be goes with the close flag (4.3).
        """
        pair = await self._market.pair(symbol)
        position = self._floor.book.positions.get(pair.symbol)
        if position is None:
            raise InvalidInput(
                f"There is no open margin position in {pair.symbol}. /positions lists them; "
                f"to sell what the exchange wallet holds: /sell {pair.symbol} 100%"
            )
        draft = OrderDraft(
            symbol=pair.symbol,
            side=Side.SELL if position.amount > 0 else Side.BUY,
            size=PartSize(percent),
            type=OrderType.MARKET,
            wallet=Wallet.MARGIN,
            reduce_only=True,
        )
        bare = pricing.bare_terms(draft, pair.symbol)
        if percent == WHOLE and abs(position.amount) < pair.min_size:
            bare = replace(bare, close=True, reduce_only=False)
        return await self._of(draft, bare, pair)

    def _preview(
        self, terms: OrderTerms, world: Circumstances, notes: tuple[str, ...]
    ) -> OrderPreview:
        price = expected_price(terms, world.market)
        taker = pricing.takes_liquidity(terms, world.market)
        rate = world.fees.taker if taker else world.fees.maker
        base, quote = split(terms.symbol)
        in_base = terms.wallet is Wallet.EXCHANGE and terms.side is Side.BUY
        before = self._exposure(terms, world, Decimal(0))
        return OrderPreview(
            terms=terms,
            price=round_price(price),
            market=world.market,
            cost=terms.amount * price,
            fee=terms.amount * price * rate,
            fee_currency=base if in_base else quote,
            fee_rate=rate,
            before=before,
            after=self._exposure(terms, world, terms.signed_amount),
            notes=notes,
        )

    def _exposure(self, terms: OrderTerms, world: Circumstances, change: Decimal) -> Exposure:
        if terms.wallet is Wallet.MARGIN:
            held = world.position.amount if world.position else Decimal(0)
        else:
            base, _ = split(terms.symbol)
            balance = self._floor.book.balances.get((terms.wallet, base))
            held = balance.total if balance else Decimal(0)
        return Exposure(amount=held + change, worth=(held + change) * world.market)
