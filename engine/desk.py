"""The desk: one door for those who wish (`execute`, `ask`), one for the exchange (`absorb`)."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import structlog

from engine.brackets.acts import Acts
from engine.brackets.guardian import BracketGuardian
from engine.console import Console
from engine.evacuation.blind import BlindEvacuation
from engine.evacuation.runner import Evacuation
from engine.factor_ports import FactorStore
from engine.floor import Floor
from engine.market.facade import MarketDataFacade
from engine.memory_factors import MemoryFactors
from engine.model.actor import Actor, Role
from engine.model.errors import (
    JournalUnavailable,
    NotAllowed,
    SecondFactorNeeded,
    SecondPersonNeeded,
)
from engine.model.event import Event, ServiceStarted, ServiceStopped, TradingPaused
from engine.model.ids import CidSource, CommandId, OrderKey
from engine.model.order import Order
from engine.model.people import Member
from engine.model.result import Reason
from engine.model.use_cases import Command, Errand, Query
from engine.officer.officer import RiskOfficer
from engine.operations.account import AccountOperations
from engine.operations.admission import Admission
from engine.operations.approvals import ApprovalOperations
from engine.operations.brackets import BracketOperations
from engine.operations.cancelling import Cancelling
from engine.operations.factors import FactorOperations
from engine.operations.guards import GuardOperations
from engine.operations.market import MarketOperations
from engine.operations.minutes import Minutes, name_of
from engine.operations.orders import OrderOperations
from engine.operations.panic import PanicOperations
from engine.operations.panic_scene import PanicScene
from engine.operations.people import PeopleOperations
from engine.operations.risk import RiskOperations
from engine.operations.safeguards import Safeguards
from engine.operations.sending import Sending
from engine.operations.strays import StrayOperations
from engine.operations.templates import TemplateOperations
from engine.operations.trading import TradingOperations
from engine.operations.turns import Turns
from engine.operations.use_cases import Operations
from engine.people.authority import authorise, by_token
from engine.people.factors import USUAL, Needs
from engine.people.roster import Roster
from engine.ports import Clock, Exchange, Journal
from engine.reconcile import Reconciler
from engine.risk.policy import RiskPolicyEngine
from engine.risk.state import RiskPolicy
from engine.via import coming_by

R = TypeVar("R", covariant=True)

RETRY_SECONDS = 1.0

log = structlog.get_logger()


class Desk:
    """Authorises, carries out once, and keeps the book true; runs for ever once opened.

    While `may_act` says no, it does not go to the exchange. `dead_man` says that the exchange
    cancels all orders itself when the link drops; `guard_pace` below 1 hurries what patience the
    guardian of brackets has, and the risk officer's looks. `policy` and `founders` are the
    settings' risk figures and people, by actor id; what people rule later goes over them.
    `factors` keeps authenticators' secrets; `needs` says what needs a code, and what a second
    person.
    """

    _sure_dead = True
    opened = False
    """Whether the roster is known: before that nobody may be listened to."""

    def __init__(
        self,
        *,
        journal: Journal,
        exchange: Exchange,
        market: MarketDataFacade,
        clock: Clock,
        may_act: Callable[[], bool] = lambda: True,
        dead_man: bool = False,
        guard_pace: float = 1.0,
        policy: RiskPolicy | None = None,
        founders: Mapping[str, Role] | None = None,
        factors: FactorStore | None = None,
        needs: Needs = USUAL,
    ) -> None:
        self._journal, self._exchange, self._clock = journal, exchange, clock
        self._may_act, self._cids = may_act, CidSource(clock.now)
        self.floor = Floor(journal, clock, policy=policy or RiskPolicy(), founders=founders or {})
        self.minutes = Minutes(self.floor)
        self.admission = Admission(self.floor, self.minutes)
        self._reconciler = Reconciler(self.floor, exchange)
        doubt = self._reconciler.doubt
        risk = RiskPolicyEngine(lambda: self.floor.book.risk)
        sending, turns = Sending(self.floor, exchange, doubt), Turns()
        acts = Acts(
            floor=self.floor, exchange=exchange, cids=self._cids, sending=sending, doubt=doubt
        )
        self._guardian = BracketGuardian(
            self.floor, market, acts, turns, pace=guard_pace, dead_man=dead_man
        )
        self._officer = RiskOfficer(self.floor, market, exchange, pace=guard_pace)
        self._safeguards = Safeguards(self.floor, market, factors or MemoryFactors(), needs)
        self._console = Console(self.floor, self._safeguards.factor)
        cancelling, scene = Cancelling(self.floor, exchange, doubt), PanicScene(self.floor, market)
        self._evacuation = Evacuation.at(scene, risk, self._cids, sending, cancelling, doubt)
        self._blind = BlindEvacuation(scene, risk, self._cids, exchange)
        self._cases = self._families(
            exchange, market, risk, sending, turns, scene, cancelling, needs
        )

    def _families(
        self,
        exchange: Exchange,
        market: MarketDataFacade,
        risk: RiskPolicyEngine,
        sending: Sending,
        turns: Turns,
        scene: PanicScene,
        cancelling: Cancelling,
        needs: Needs,
    ) -> Operations:
        doubt = self._reconciler.doubt
        return Operations(
            orders=OrderOperations(
                floor=self.floor,
                exchange=exchange,
                market=market,
                risk=risk,
                cids=self._cids,
                sending=sending,
                doubt=doubt,
            ),
            brackets=BracketOperations(
                floor=self.floor,
                market=market,
                risk=risk,
                cids=self._cids,
                sending=sending,
                turns=turns,
            ),
            templates=TemplateOperations(self.floor),
            strays=StrayOperations(self.floor),
            account=AccountOperations(self.floor, market),
            market=MarketOperations(market),
            trading=TradingOperations(self.floor),
            approvals=ApprovalOperations(self.floor, needs.four_eyes),
            risk=RiskOperations(self.floor, market, risk),
            guards=GuardOperations(self.floor),
            people=PeopleOperations(self.floor),
            factors=FactorOperations(self.floor, self._safeguards.factor, needs.factor),
            panic=PanicOperations(self.floor, market, scene, cancelling),
        )

    async def execute(self, actor: Actor, command: Command[R], command_id: CommandId) -> R:
        """Carry a wish out, once per command id; a refusal is a result.

        Raises `NotAllowed` where the role is too low, or a code or a second person is wanting.
        """
        if not actor.via:
            return await self._execute(actor, command, command_id)
        with coming_by(actor.via):
            return await self._execute(actor, command, command_id)

    async def _execute(self, actor: Actor, command: Command[R], command_id: CommandId) -> R:
        await self._admit(actor, command, command.least_role, command_id)
        errand, name = Errand(actor, command_id), name_of(command)
        self.minutes.begin(errand)
        try:
            result = await command.meet(self._cases, errand)
        except BaseException:
            self.minutes.forget(errand)
            raise
        await self.minutes.end(errand, name, result)
        return result

    async def ask(self, actor: Actor, query: Query[R]) -> R:
        """Answer a question."""
        with coming_by(actor.via):
            await self._admit(actor, query, query.least_role)
        return await query.meet(self._cases)

    def known(self, key: OrderKey) -> Order | None:
        """An order in the live book."""
        return self.floor.book.orders.get(key)

    @property
    def members(self) -> Sequence[Member]:
        """Everybody the roster knows, whatever their standing."""
        return tuple(self.floor.book.roster.members.values())

    def member(self, actor_id: str) -> Member | None:
        """Who that is, as the roster has it now; None for strangers."""
        return self.floor.book.roster.members.get(actor_id)

    def role_of(self, actor_id: str) -> Role | None:
        """What somebody may do now; None for strangers, and for who is frozen or revoked."""
        return self.floor.book.roster.role_of(actor_id)

    def by_token(self, member_id: str, lent: Role, made_at: datetime) -> Role | Reason:
        """What a token for so much, made then for a member, opens now; else why nothing."""
        return by_token(self.floor.book.roster, member_id, lent, made_at)

    async def open(self, version: str, *before: Event, sure_dead: bool = True) -> None:
        """Note the start, after what led to it; raises `JournalUnavailable`.

        `sure_dead` is whether the run before has certainly ended. One that is only silent, such
        as a frozen leader, may still send what it journalled: nothing of its is sent anew then.
        """
        self._sure_dead = sure_dead
        memory = await self._journal.remember()
        # Known before anybody is listened to: what was revoked must not come back for a moment.
        self.floor.book.roster = Roster.of(self.floor.founders, memory.rulings)
        crashed = not memory.stopped_well
        now = self._clock.now()
        started = ServiceStarted(at=now, version=version, crashed=crashed)
        pause = [TradingPaused(at=now, actor_id="", name="the settings", reason="TRADING_PAUSED")]
        begins_paused = self.floor.policy.paused and memory.paused is None
        await self._journal.append([*before, started, *(pause if begins_paused else [])])
        self.opened = True

    async def run(self) -> None:
        """Keep link and book together for ever; after a lost database, begin again from it."""
        while True:
            await self._recover()
            if not self._sure_dead:
                self.floor.distrust()
            try:
                await self._live()
            except* JournalUnavailable as lost:
                log.error("journal_lost", detail=_first(lost).sentence)
                self.floor.gate.journal_lost = True
            finally:
                self.floor.distrust()
                self.floor.shut("the link to the exchange is being opened anew")
            _stay_cancelled()

    async def close(self) -> None:
        """Note a stop in good order."""
        await self._journal.append([ServiceStopped(at=self._clock.now())])

    async def _admit(
        self, actor: Actor, wish: object, least: Role, command_id: CommandId | None = None
    ) -> None:
        """Who may not is told so, and it is written down; who has to show a code may yet."""
        try:
            authorise(self.floor.book.roster, actor, least)
            if command_id is not None:
                await self._safeguards.demand(actor, wish, command_id)
        except (SecondFactorNeeded, SecondPersonNeeded):
            raise
        except NotAllowed as no:
            await self.minutes.refused(actor.actor_id, name_of(wish), (no.sentence,))
            raise

    async def _live(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._exchange.run(self.floor.absorb))
            group.create_task(self._reconciler.run())
            group.create_task(self._guardian.run())
            group.create_task(self._officer.run())
            group.create_task(self._evacuation.run())
            group.create_task(self._console.run())
            # Awaited here, not as a task: a group whose body is over leaves its owner marked as
            # cancelled when a task fails (Python 3.11).
            await self.floor.doubted()

    async def _recover(self) -> None:
        async with self._blind.at_work():
            await self._regain()
        while self.floor.owed:
            await self._regain()

    async def _regain(self) -> None:
        while not self._may_act():
            await self._clock.sleep(RETRY_SECONDS)
        while True:
            try:
                await self._console.begin()
                self._cids.observe(await self.floor.rebuild())
            except JournalUnavailable:
                await self._clock.sleep(RETRY_SECONDS)
            else:
                return


def _first(lost: BaseExceptionGroup[JournalUnavailable]) -> JournalUnavailable:
    first = lost.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


def _stay_cancelled() -> None:
    """A group that is cancelled while one of its tasks fails tells of the failure alone."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
