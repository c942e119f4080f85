"""What the inbox promises."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.telegram.ports import Inbox, Received

START = datetime(2026, 1, 1, tzinfo=UTC)


def update(update_id: int, *, days: float = 0, body: bytes | None = None) -> Received:
    return Received(
        update_id=update_id,
        body=b'{"update_id": %d}' % update_id if body is None else body,
        received_at=START + timedelta(days=days),
    )


async def test_an_empty_inbox(inbox: Inbox) -> None:
    assert list(await inbox.waiting()) == []
    assert await inbox.known() == frozenset()
    assert await inbox.keep([]) == frozenset()


async def test_what_is_kept_waits_until_it_is_done(inbox: Inbox) -> None:
    assert await inbox.keep([update(7), update(5)]) == {5, 7}
    assert list(await inbox.waiting()) == [update(5), update(7)]

    await inbox.done(5)
    await inbox.done(5)

    assert list(await inbox.waiting()) == [update(7)]
    assert await inbox.known() == {5, 7}


async def test_the_oldest_received_is_first_whatever_its_id(inbox: Inbox) -> None:
    await inbox.keep([update(900, days=1)])
    await inbox.keep([update(12, days=2)])

    assert [kept.update_id for kept in await inbox.waiting()] == [900, 12]


async def test_known_ids_done_or_not_change_nothing(inbox: Inbox) -> None:
    await inbox.keep([update(1), update(2)])
    await inbox.done(1)

    again = [update(1, body=b"other"), update(2, body=b"other"), update(3)]
    assert await inbox.keep(again) == {3}

    assert list(await inbox.waiting()) == [update(2), update(3)]


async def test_an_id_twice_in_one_batch_is_kept_as_it_came_first(inbox: Inbox) -> None:
    assert await inbox.keep([update(1, body=b"first"), update(1, body=b"second")]) == {1}

    assert list(await inbox.waiting()) == [update(1, body=b"first")]


async def test_of_two_who_keep_the_same_update_at_once_one_is_first(inbox: Inbox) -> None:
    answers = await asyncio.gather(*(inbox.keep([update(4)]) for _ in range(10)))

    assert sorted(map(len, answers)) == [0] * 9 + [1]


async def test_any_bytes_are_kept_to_the_letter(inbox: Inbox) -> None:
    body = bytes(range(256))

    await inbox.keep([update(1, body=body)])

    (kept,) = await inbox.waiting()
    assert isinstance(kept, Received)
    assert kept.body == body


async def test_done_for_one_never_kept_changes_nothing(inbox: Inbox) -> None:
    await inbox.done(8)

    assert await inbox.keep([update(8)]) == {8}
    assert list(await inbox.waiting()) == [update(8)]


async def test_old_ones_that_are_done_are_forgotten_but_never_the_newest(inbox: Inbox) -> None:
    await inbox.keep([update(1), update(2), update(50)])
    await inbox.done(1)
    await inbox.done(50)

    await inbox.keep([update(10, days=8)])

    assert await inbox.known() == {2, 10, 50}
    assert await inbox.keep([update(1, days=8), update(2, days=8), update(50, days=8)]) == {1}
    assert [kept.update_id for kept in await inbox.waiting()] == [2, 1, 10]


async def test_what_is_done_leaves_no_word_behind(inbox: Inbox) -> None:
    await inbox.keep([update(7, body=b"123456"), update(8, body=b"654321")])
    await inbox.done(7)
    assert [kept.body for kept in await inbox.waiting()] == [b"654321"]
    assert await inbox.known() == {7, 8}
