"""What `append` promises."""

import asyncio

import pytest

from engine.model.errors import DuplicateCommand
from engine.model.event import CommandRefused, ServiceStarted
from engine.model.ids import CommandId
from engine.ports import Journal
from tests.contract.journal.made import (
    accepted,
    balance_changed,
    closed,
    filled,
    moment,
    position_changed,
    submitted,
)

COMMAND = CommandId("tg:1001:5")


async def test_entries_come_back_in_the_order_given_with_growing_seqs(journal: Journal) -> None:
    events = [submitted(1), accepted(1), filled(1, 11), balance_changed("USD", "5"), closed(1)]

    entries = await journal.append(events)

    assert [entry.event for entry in entries] == events
    seqs = [entry.seq for entry in entries]
    assert seqs == sorted(set(seqs))
    assert seqs[0] > 0
    assert list(await journal.read(0)) == list(entries)


async def test_nothing_to_append_changes_nothing(journal: Journal) -> None:
    assert list(await journal.append([])) == []
    assert await journal.last_seq() == 0


async def test_a_command_is_claimed_once_and_its_twin_writes_nothing(journal: Journal) -> None:
    first = await journal.append([submitted(1)], claim=COMMAND)

    with pytest.raises(DuplicateCommand):
        await journal.append([submitted(2), position_changed("1")], claim=COMMAND)

    assert list(await journal.read(0)) == list(first)
    memory = await journal.remember()
    assert [order.key for order in memory.orders] == [1]
    assert list(memory.positions) == []


async def test_a_command_may_be_claimed_without_an_event(journal: Journal) -> None:
    assert list(await journal.append([], claim=COMMAND)) == []

    with pytest.raises(DuplicateCommand):
        await journal.append([submitted(1)], claim=COMMAND)
    with pytest.raises(DuplicateCommand):
        await journal.append([], claim=COMMAND)


async def test_of_many_who_claim_one_command_at_once_one_wins(journal: Journal) -> None:
    answers = await asyncio.gather(
        *(journal.append([submitted(key)], claim=COMMAND) for key in range(1, 21)),
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers].count(DuplicateCommand) == 19
    assert len(await journal.read(0)) == 1


async def test_two_hundred_at_once_are_all_there_once_and_in_order(journal: Journal) -> None:
    batches = [[submitted(n), accepted(n)] for n in range(1, 201)]

    answers = await asyncio.gather(*(journal.append(batch) for batch in batches))

    for batch, entries in zip(batches, answers, strict=True):
        assert [entry.event for entry in entries] == batch
    everything = await journal.read(0, 1000)
    assert list(everything) == [entry for entries in answers for entry in entries]


async def test_claims_and_plain_facts_at_once_keep_their_order(journal: Journal) -> None:
    claims = [CommandId(f"tg:{n // 2}") if n % 3 == 0 else None for n in range(60)]

    answers = await asyncio.gather(
        *(journal.append([submitted(n + 1)], claim=claim) for n, claim in enumerate(claims)),
        return_exceptions=True,
    )

    written = [entry for answer in answers if isinstance(answer, tuple) for entry in answer]
    assert not [a for a in answers if not isinstance(a, tuple | DuplicateCommand)]
    assert list(await journal.read(0)) == written


async def test_a_caller_who_gives_up_harms_nobody(journal: Journal) -> None:
    tasks = [asyncio.create_task(journal.append([submitted(n)])) for n in range(1, 41)]
    await asyncio.sleep(0)
    for task in tasks[::4]:
        task.cancel()

    answers = await asyncio.gather(*tasks, return_exceptions=True)

    kept = [task for n, task in enumerate(tasks) if n % 4]
    assert all(not task.cancelled() for task in kept)
    entries = [entry for answer in answers if isinstance(answer, tuple) for entry in answer]
    everything = await journal.read(0)
    assert set(entries) <= set(everything)
    assert len(everything) == len({entry.seq for entry in everything}) <= 40
    (after,) = await journal.append([submitted(99)])
    assert (await journal.read(0))[-1] == after


async def test_text_of_any_kind_is_kept_to_the_letter(journal: Journal) -> None:
    reasons = ("a\x00b", 'quote " and \\u0000', "ж\u202e\U0001f41f", "a\nb", "")
    event = CommandRefused(
        at=moment(), actor_id="tg:1", command="buy", command_id=COMMAND, reasons=reasons
    )

    await journal.append([event, ServiceStarted(at=moment(), version="\x00")])

    (entry, started) = await journal.read(0)
    assert entry.event == event
    assert started.event == ServiceStarted(at=moment(), version="\x00")
