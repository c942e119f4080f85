"""Entries whose exits follow what they fill."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from engine.floor import Floor
from engine.market.facade import MarketDataFacade
from engine.model.account import Wallet
from engine.model.approval import ApprovedOrder
from engine.model.bracket import Bracket, BracketStatus, BracketTerms
from engine.model.draft import BracketDraft
from engine.model.errors import DuplicateCommand
from engine.model.event import BracketClosed, BracketEvent, BracketNoted, BracketOpened
from engine.model.ids import CidSource, OrderKey
from engine.model.money import cut_amount
from engine.model.order import Order, OrderStatus
from engine.model.result import (
    BracketPreview,
    Brackets,
    BracketTicket,
    Done,
    OrderPreview,
    Reason,
    Refused,
)
from engine.model.use_cases import Errand
from engine.operations import pricing
from engine.operations.making import new_orders
from engine.operations.previews import Previews
from engine.operations.refusing import DECIDED_BEFORE, refusal, refuse, unless_open
from engine.operations.sending import Sending
from engine.operations.turns import Turns
from engine.operations.world import World
from engine.risk.circumstances import Circumstances
from engine.risk.exits import bracket_objections
from engine.risk.policy import RiskPolicyEngine

EARNS_NOTHING = "After fees this take profit earns nothing: put it farther away."


class BracketOperations:
    """Places entries; what guards them afterwards is the guardian's."""

    def __init__(
        self,
        *,
        floor: Floor,
        market: MarketDataFacade,
        risk: RiskPolicyEngine,
        cids: CidSource,
        sending: Sending,
        turns: Turns,
    ) -> None:
        self._floor = floor
        self._market = market
        self._risk = risk
        self._cids = cids
        self._sending = sending
        self._turns = turns
        self._previews = Previews(floor, market, risk)
        self._world = World(floor, market)

    async def preview(self, draft: BracketDraft) -> BracketPreview | Refused:
        """What an entry and its exits would be; what speaks against either, all at once."""
        entry = await self._previews.of_draft(draft.entry)
        terms, world = await self._exact(draft)
        against = [*_reasons(entry), *self._against(terms, world)]
        if against or isinstance(entry, Refused):
            return Refused(tuple(against))
        return _preview(terms, entry, world)

    async def place(self, errand: Errand, terms: BracketTerms) -> BracketTicket | Refused:
        """Journal the bracket with its entry, send that, wait a little for its first word."""
        if (made := self._floor.book.made_by.get(errand.command_id)) is not None:
            return await self._ticket(made, repeated=True)
        terms = replace(terms, entry=pricing.without_idle(terms.entry))
        try:
            if (closed := await unless_open(self._floor)) is not None:
                return await refuse(self._floor, errand, "place_bracket", closed)
            world = await self._world.around(terms.entry)
            approved = self._risk.review(self._cids.next(), terms.entry, world)
            against = (*_reasons(approved), *self._against(terms, world))
            if against or isinstance(approved, Refused):
                return await refuse(self._floor, errand, "place_bracket", Refused(against))
            taken = await self._send(errand, terms, approved, world)
            if taken is not None:
                return await refuse(self._floor, errand, "place_bracket", taken)
        except DuplicateCommand:
            return await self._made_before(errand)
        return await self._ticket(approved.key)

    async def release(self, errand: Errand, key: OrderKey) -> Done | Refused:
        """Leave what it holds, and its orders, to whoever asks."""
        async with self._turns.of(key):
            bracket = self._floor.book.brackets.get(key)
            if bracket is None:
                return await self._over(errand, "release_bracket", key)
            now, reason = self._floor.clock.now(), f"left to {errand.actor.name}, who asked for it"
            over = replace(bracket, status=BracketStatus.DONE, reason=reason, updated_at=now)
            return await self._record(errand, BracketClosed(at=now, bracket=over))

    async def renew(self, errand: Errand, key: OrderKey) -> Done | Refused:
        """Take exits of unknown fate for dead, so that others may be sent."""
        async with self._turns.of(key):
            bracket = self._floor.book.brackets.get(key)
            if bracket is None:
                return await self._over(errand, "renew_bracket", key)
            lost = self._lost(bracket)
            if not lost:
                return refusal(
                    "no_lost_exit",
                    "None of its exits is of unknown fate; what is refused is tried again by "
                    "itself. /bracket shows how it stands.",
                )
            now = self._floor.clock.now()
            forgiven = replace(bracket, forgiven=(*bracket.forgiven, *lost), updated_at=now)
            return await self._record(errand, BracketNoted(at=now, bracket=forgiven))

    async def show(self) -> Brackets:
        """Open brackets, newest first."""
        book = self._floor.book
        opened = sorted(book.brackets.values(), key=lambda b: b.opened_at, reverse=True)
        return Brackets(tuple((bracket, self._orders_of(bracket)) for bracket in opened))

    def _against(self, terms: BracketTerms, world: Circumstances) -> Sequence[Reason]:
        """An entry opens something: that it would reduce at first is no way past a limit."""
        spared = tuple(reason for _, reason in self._risk.spared(terms.entry, world))
        return (*spared, *bracket_objections(terms, world))

    async def _exact(self, draft: BracketDraft) -> tuple[BracketTerms, Circumstances]:
        pair = await self._market.pair(draft.entry.symbol)
        bare = pricing.bare_terms(draft.entry, pair.symbol)
        world = await self._world.around(bare, pair)
        entry = pricing.without_idle(pricing.sized(bare, draft.entry, world))
        terms = BracketTerms(
            entry=entry,
            stop_loss=draft.stop_loss,
            take_profit=draft.take_profit,
            fallback=draft.fallback,
        )
        return terms, world

    async def _send(
        self, errand: Errand, terms: BracketTerms, approved: ApprovedOrder, world: Circumstances
    ) -> Refused | None:
        now = self._floor.clock.now()
        bracket = Bracket(
            key=approved.key,
            terms=terms,
            status=BracketStatus.WAITING,
            opened_at=now,
            updated_at=now,
            actor_id=errand.actor.actor_id,
        )
        return await self._sending.send(
            new_orders(
                approved,
                at=now,
                actor_id=errand.actor.actor_id,
                command_id=errand.command_id,
            ),
            approved,
            claim=errand.command_id,
            also=[BracketOpened(at=now, bracket=bracket)],
            price=world.market if terms.entry.price is None else None,
            errand=errand,
        )

    async def _made_before(self, errand: Errand) -> BracketTicket | Refused:
        made = await self._floor.journal.order_of(errand.command_id)
        return DECIDED_BEFORE if made is None else await self._ticket(made.key, repeated=True)

    async def _ticket(self, key: OrderKey, *, repeated: bool = False) -> BracketTicket | Refused:
        entry = await self._sending.settled(key)
        bracket = self._floor.book.brackets.get(key) or await self._told_of(key)
        if bracket is None:
            return DECIDED_BEFORE
        return BracketTicket(bracket=bracket, entry=entry, repeated=repeated)

    async def _told_of(self, key: OrderKey) -> Bracket | None:
        """One that is over, as the journal last told of it."""
        life = await self._floor.journal.life(key)
        told = [entry.event for entry in life if isinstance(entry.event, BracketEvent)]
        return told[-1].bracket if told else None

    async def _record(self, errand: Errand, event: BracketEvent) -> Done | Refused:
        try:
            await self._floor.record([event], claim=errand.command_id)
        except DuplicateCommand:
            return Done(repeated=True)
        return Done()

    async def _over(self, errand: Errand, command: str, key: OrderKey) -> Done | Refused:
        """Nothing to do, unless this very wish has done it."""
        no = refusal("bracket_over", f"Bracket {key} is over; /bracket lists those that are not.")
        try:
            return await refuse(self._floor, errand, command, no)
        except DuplicateCommand:
            return Done(repeated=True)

    def _lost(self, bracket: Bracket) -> tuple[OrderKey, ...]:
        book = self._floor.book
        return tuple(
            key
            for key in bracket.exits
            if key not in bracket.forgiven
            and (order := book.orders.get(key)) is not None
            and order.status is OrderStatus.LOST
        )

    def _orders_of(self, bracket: Bracket) -> tuple[Order, ...]:
        known = self._floor.book.orders
        return tuple(known[key] for key in (bracket.key, *bracket.exits) if key in known)


def _preview(terms: BracketTerms, entry: OrderPreview, world: Circumstances) -> BracketPreview:
    stop, take = terms.stop_loss, terms.take_profit
    gain = None if take is None else _outcome(entry, take, world.fees.maker)
    return BracketPreview(
        terms=terms,
        entry=entry,
        loss=None if stop is None else -_outcome(entry, stop, world.fees.taker),
        gain=gain,
        notes=(EARNS_NOTHING,) if gain is not None and gain <= 0 else (),
    )


def _outcome(entry: OrderPreview, price: Decimal, rate: Decimal) -> Decimal:
    """What is won, in quote currency, when all of an entry goes out at this price and fee rate."""
    terms = entry.terms
    if terms.wallet is Wallet.EXCHANGE:
        left = cut_amount(terms.amount * (1 - entry.fee_rate))
        return left * price * (1 - rate) - entry.cost
    worth = terms.amount * price
    return (worth - entry.cost) * terms.side.sign - entry.fee - worth * rate


def _reasons(answer: OrderPreview | ApprovedOrder | Refused) -> Sequence[Reason]:
    return answer.reasons if isinstance(answer, Refused) else ()
