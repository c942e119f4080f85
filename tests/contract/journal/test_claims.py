"""What a command made is found by its name."""

from engine.model.ids import CommandId
from engine.ports import Journal
from tests.contract.journal.made import accepted, submitted


async def test_the_first_event_of_a_command_is_found(journal: Journal) -> None:
    mine, other, bare = CommandId("tg:1:1"), CommandId("tg:1:2"), CommandId("tg:1:3")
    await journal.append([submitted(2), accepted(2)], claim=other)
    await journal.append([submitted(1), accepted(1)], claim=mine)
    await journal.append([], claim=bare)

    assert await journal.claimed_by(mine) == submitted(1)
    assert await journal.claimed_by(other) == submitted(2)
    assert await journal.claimed_by(bare) is None
    assert await journal.claimed_by(CommandId("tg:9:9")) is None
