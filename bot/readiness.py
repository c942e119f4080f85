"""What the service needs to trade, each part with its own word on how it stands."""

from collections.abc import Awaitable, Callable, Iterator, Mapping

from bot.reign import Reign
from bot.web.parts import PartState
from db.session import Database
from engine.model.errors import JournalUnavailable
from engine.ports import Leadership

Ask = Callable[[], Awaitable[PartState]]


class Readiness(Mapping[str, Ask]):
    """Leadership and database, and while we lead exchange link, Telegram and reconciliation."""

    def __init__(
        self, database: Database, leadership: Leadership, reign: Callable[[], Reign | None]
    ) -> None:
        self._database = database
        self._leadership = leadership
        self._reign = reign

    def __getitem__(self, name: str) -> Ask:
        return self._parts()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts())

    def __len__(self) -> int:
        return len(self._parts())

    def _parts(self) -> Mapping[str, Ask]:
        reign = self._reign()
        parts: dict[str, Ask] = {"leadership": self._of_leadership, "database": self._of_database}
        return parts if reign is None else parts | _parts_of(reign)

    async def _of_leadership(self) -> PartState:
        reign, leader = self._reign(), self._leadership.leader
        if reign is not None:
            sure = reign.lead.may_act()
            detail = f"leads, epoch {reign.lead.epoch}" if sure else "is not sure to lead any more"
            return PartState(ready=sure, detail=detail)
        if leader is None:
            return PartState(ready=False, detail="standby: who leads is not known yet")
        since = f"{leader.since:%Y-%m-%d %H:%M:%S} UTC"
        return PartState(ready=False, detail=f"standby: {leader.name} leads since {since}")

    async def _of_database(self) -> PartState:
        try:
            await self._database.ping()
        except JournalUnavailable as error:
            return PartState(ready=False, detail=error.sentence)
        return PartState(ready=True, detail="answers")


def _parts_of(reign: Reign) -> dict[str, Ask]:
    desk, chat = reign.desk, reign.chat

    async def of_exchange() -> PartState:
        gate = desk.floor.gate
        if gate.link_since is None:
            return PartState(ready=False, detail=gate.link_lost)
        return PartState(ready=True, detail=f"up since {gate.link_since:%Y-%m-%d %H:%M:%S} UTC")

    async def of_telegram() -> PartState:
        astray = chat.alert_trouble
        return PartState(
            ready=chat.trouble is None,
            detail=chat.trouble or astray or "answers",
            degraded=astray is not None,
        )

    async def of_reconciliation() -> PartState:
        why = desk.floor.closed_because()
        return PartState(ready=why is None, detail=why or "the book equals the exchange")

    return {
        "exchange": of_exchange,
        "telegram": of_telegram,
        "reconciliation": of_reconciliation,
    }
