"""What the policy allows, and its figures."""

from engine.floor import Floor
from engine.market.facade import MarketDataFacade
from engine.model.draft import OrderDraft
from engine.model.result import Done, Refused
from engine.model.risk import SizeAdvice, SizeWish
from engine.model.risk_event import LimitChanged, WindowsChanged
from engine.model.risk_result import RiskStatus, Verdict
from engine.model.use_cases import Errand
from engine.model.windows import TradingWindows
from engine.operations.refusing import rule
from engine.risk.limits import value_of, word_of
from engine.risk.policy import RiskPolicyEngine


class RiskOperations:
    """Looking at risk, and setting its limits."""

    def __init__(self, floor: Floor, market: MarketDataFacade, risk: RiskPolicyEngine) -> None:
        self._floor = floor
        self._market = market
        self._risk = risk

    async def status(self) -> RiskStatus:
        """The risk desk at a glance."""
        raise NotImplementedError

    async def evaluate(self, draft: OrderDraft) -> Verdict:
        """Whether an order would pass, rule by rule."""
        raise NotImplementedError

    async def advise_size(self, wish: SizeWish) -> SizeAdvice | Refused:
        """How large an order may be."""
        raise NotImplementedError

    async def change_limit(self, errand: Errand, limit: str, value: str | None) -> Done | Refused:
        """Set a limit for as long as nobody sets it again; `InvalidInput` for what it cannot be."""
        who = errand.actor
        word = None if value is None else word_of(value_of(limit, value))
        event = LimitChanged(
            at=self._floor.clock.now(),
            actor_id=who.actor_id,
            name=who.name,
            limit=limit,
            value=word,
        )
        return await rule(self._floor, errand, event)

    async def set_windows(self, errand: Errand, windows: TradingWindows) -> Done | Refused:
        """Set when trading is open."""
        who = errand.actor
        event = WindowsChanged(
            at=self._floor.clock.now(), actor_id=who.actor_id, name=who.name, windows=windows
        )
        return await rule(self._floor, errand, event)
