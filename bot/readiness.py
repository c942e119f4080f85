"""What the service needs to trade, each part with its own word on how it stands."""

from bot.chat import Chat
from bot.web.parts import Parts, PartState
from db.session import Database
from engine.desk import Desk
from engine.model.errors import JournalUnavailable


def parts_of(database: Database, desk: Desk, chat: Chat) -> Parts:
    """Database, exchange link, Telegram and reconciliation."""

    async def of_database() -> PartState:
        try:
            await database.ping()
        except JournalUnavailable as error:
            return PartState(ready=False, detail=error.sentence)
        return PartState(ready=True, detail="answers")

    async def of_exchange() -> PartState:
        gate = desk.floor.gate
        if gate.link_since is None:
            return PartState(ready=False, detail=gate.link_lost)
        return PartState(ready=True, detail=f"up since {gate.link_since:%Y-%m-%d %H:%M:%S} UTC")

    async def of_telegram() -> PartState:
        return PartState(ready=chat.trouble is None, detail=chat.trouble or "answers")

    async def of_reconciliation() -> PartState:
        why = desk.floor.closed_because()
        return PartState(ready=why is None, detail=why or "the book equals the exchange")

    return {
        "database": of_database,
        "exchange": of_exchange,
        "telegram": of_telegram,
        "reconciliation": of_reconciliation,
    }
