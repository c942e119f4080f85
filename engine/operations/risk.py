"""What the policy allows, and its figures."""

from collections.abc import Mapping, Sequence
from typing import Final

from engine.book import Book
from engine.floor import Floor
from engine.market.facade import MarketDataFacade
from engine.model.draft import OrderDraft
from engine.model.event import Event
from engine.model.limit_words import value_of, word_of
from engine.model.limits import LIMITS, SYMBOL_LISTS, check_name
from engine.model.money import of_market
from engine.model.result import Done, Refused, Verdict
from engine.model.risk import SizeAdvice, SizeWish
from engine.model.risk_event import LimitChanged, WindowsChanged
from engine.model.risk_result import LimitPreview, RiskStatus, WindowsPreview
from engine.model.use_cases import Errand
from engine.model.windows import TradingWindows
from engine.model.windows_json import check_windows
from engine.operations import pricing
from engine.operations.refusing import refusal, rule_if
from engine.operations.world import World
from engine.risk.contradictions import contradictions
from engine.risk.limits import limit_in, with_words
from engine.risk.policy import RiskPolicyEngine
from engine.risk.sizing import advised, bare_terms, check_wish
from engine.risk.state import RiskState
from engine.risk.windows import is_open, next_change

CHANGED_MEANWHILE: Final = refusal(
    "changed_meanwhile",
    "Somebody has set other trading windows meanwhile. Look at /windows, and change those.",
)


class RiskOperations:
    """Looking at risk, and setting its limits."""

    def __init__(self, floor: Floor, market: MarketDataFacade, risk: RiskPolicyEngine) -> None:
        self._floor = floor
        self._market = market
        self._risk = risk
        self._world = World(floor, market)

    async def status(self) -> RiskStatus:
        """The risk desk at a glance."""
        book = self._floor.book
        return self._risk.status(
            self._floor.clock.now(),
            paused=book.paused,
            open_orders=len(book.open),
            positions=len(book.positions),
        )

    async def evaluate(self, draft: OrderDraft) -> Verdict:
        """Whether an order would pass, rule by rule; `InvalidInput` where it has no size."""
        pair = await self._market.pair(draft.symbol)
        await self._market.watch(pair.symbol)
        bare = pricing.bare_terms(draft, pair.symbol)
        world = await self._world.around(bare, pair)
        terms = pricing.without_idle(pricing.sized(bare, draft, world))
        return self._risk.judge(terms, self._world.at_size(world, terms))

    async def advise_size(self, wish: SizeWish) -> SizeAdvice | Refused:
        """How large an order may be; `InvalidInput` for a wish that nobody can mean."""
        check_wish(wish)
        pair = await self._market.pair(wish.symbol)
        await self._market.watch(pair.symbol)
        if wish.atr_multiple is not None:
            self._floor.book.risk.want(pair.symbol)
        ticker, _ = await self._market.ticker(pair.symbol)
        bare = bare_terms(wish, pair.symbol, of_market(ticker.mid))
        if wish.atr_multiple is not None:
            self._floor.book.risk.want(pair.symbol)
        world = await self._world.around(bare, pair, rated=True)
        return advised(wish, bare, world)

    async def change_limits(
        self, errand: Errand, values: Mapping[str, str | None], instead_of: Mapping[str, str]
    ) -> Done | Refused:
        """Set limits, all or none, for as long as nobody sets them again; `InvalidInput` for what
        one cannot be. Refused where one of `instead_of` is another by now."""
        words = {limit: await self._word(limit, value) for limit, value in values.items()}
        who, now = errand.actor, self._floor.clock.now()
        events = [
            LimitChanged(at=now, actor_id=who.actor_id, name=who.name, limit=limit, value=word)
            for limit, word in words.items()
        ]

        def holds() -> bool:
            return all(self._stands(limit, word) for limit, word in words.items())

        def decision(book: Book) -> Sequence[Event] | Refused:
            return _set_meanwhile(book.risk, words, instead_of) or events

        return await rule_if(self._floor, errand, decision, "change_limit", holds=holds)

    async def preview_limit(self, limit: str, value: str | None) -> LimitPreview:
        """A limit before and after; `InvalidInput` for what it cannot be."""
        word = await self._word(limit, value)
        risk = self._floor.book.risk
        own = word_of(limit_in(risk.policy.limits, limit))
        after = own if word is None else word
        known = contradictions(risk.limits)
        told = contradictions(with_words(risk.limits, {limit: after}))
        return LimitPreview(
            limit=limit,
            value=word,
            before=word_of(limit_in(risk.limits, limit)),
            after=after,
            own=own,
            notes=tuple(note for note in told if note not in known),
        )

    async def preview_windows(self, windows: TradingWindows) -> WindowsPreview:
        """How these would stand now; `InvalidInput` for hours that cannot be."""
        check_windows(windows)
        now = self._floor.clock.now()
        return WindowsPreview(
            before=self._floor.book.risk.windows,
            after=windows,
            open=is_open(windows, now),
            until=next_change(windows, now),
        )

    async def set_windows(
        self, errand: Errand, windows: TradingWindows, instead_of: TradingWindows | None
    ) -> Done | Refused:
        """Set when trading is open; `InvalidInput` for hours that cannot be."""
        check_windows(windows)
        who, now = errand.actor, self._floor.clock.now()
        event = WindowsChanged(at=now, actor_id=who.actor_id, name=who.name, windows=windows)

        def decision(book: Book) -> Sequence[Event] | Refused:
            before = book.risk.windows
            lost = instead_of is not None and instead_of != before != windows
            return CHANGED_MEANWHILE if lost else [event]

        return await rule_if(
            self._floor,
            errand,
            decision,
            "set_windows",
            holds=lambda: self._floor.book.risk.windows == windows,
        )

    def _stands(self, limit: str, word: str | None) -> bool:
        risk = self._floor.book.risk
        own = word_of(limit_in(risk.policy.limits, limit))
        return word_of(limit_in(risk.limits, limit)) == (own if word is None else word)

    async def _word(self, limit: str, value: str | None) -> str | None:
        """The limit's value as it is kept: symbols in the exchange's own spelling."""
        check_name(limit)
        if value is None:
            return None
        meant = value_of(limit, value)
        if limit in SYMBOL_LISTS and isinstance(meant, tuple):
            pairs = [await self._market.pair(name) for name in meant]
            meant = tuple(dict.fromkeys(pair.symbol for pair in pairs))
        return word_of(meant)


def _set_meanwhile(
    risk: RiskState, words: Mapping[str, str | None], instead_of: Mapping[str, str]
) -> Refused | None:
    """Why these may not be set: one of them is not any more what they were wished instead of."""
    for name, before in instead_of.items():
        now, word = word_of(limit_in(risk.limits, name)), words[name]
        wanted = word_of(limit_in(risk.policy.limits, name)) if word is None else word
        if now not in (before, wanted):
            return refusal(
                "changed_meanwhile",
                f"{LIMITS[name].title} was set to {now or 'off'} by somebody meanwhile. Look at "
                f"/limits {name}, and change that.",
            )
    return None
