"""What leadership promises."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from engine.lead import Lead
from engine.model.errors import Deposed
from engine.ports import Leadership
from tests.contract.leadership.conftest import LEASE, Seat
from tests.eventually import eventually


@asynccontextmanager
async def renewing(leadership: Leadership) -> AsyncIterator[None]:
    """A leader that is well."""

    async def renew() -> None:
        while True:
            await leadership.renew()
            await asyncio.sleep(LEASE / 10)

    task = asyncio.create_task(renew())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


@asynccontextmanager
async def standing_by(leadership: Leadership) -> AsyncIterator["asyncio.Task[Lead]"]:
    """A service that waits to lead, and knows who does."""
    task = asyncio.create_task(leadership.acquire())
    try:
        await eventually(lambda: leadership.leader)
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_who_is_alone_leads_at_once_after_nobody(seat: Seat) -> None:
    ada = seat("ada")

    lead = await ada.acquire()

    assert lead.may_act()
    assert lead.may_listen()
    assert lead.before is None
    assert ada.leader is not None
    assert (ada.leader.name, ada.leader.epoch) == ("ada", lead.epoch)


async def test_of_many_at_once_one_leads(seat: Seat) -> None:
    tasks = [asyncio.create_task(seat(f"service {n}").acquire()) for n in range(8)]

    done, waiting = await asyncio.wait(tasks, timeout=LEASE / 2)

    assert len(done) == 1
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)


async def test_who_is_well_stays_leader_for_longer_than_a_lease(seat: Seat) -> None:
    ada, ben = seat("ada"), seat("ben")
    lead = await ada.acquire()
    async with renewing(ada), standing_by(ben) as taking:
        await asyncio.wait([taking], timeout=LEASE * 1.5)

        assert not taking.done()
        assert lead.may_act()
        assert ben.leader is not None
        assert ben.leader.name == "ada"


async def test_who_is_not_heard_stops_acting_before_another_leads(seat: Seat) -> None:
    ada, ben = seat("ada"), seat("ben")
    lead = await ada.acquire()
    async with standing_by(ben) as taking:
        await eventually(lambda: not lead.may_act())
        assert not taking.done()

        taken = await asyncio.wait_for(taking, 5)

    assert taken.epoch > lead.epoch
    assert taken.before is not None
    assert (taken.before.name, taken.before.stepped_down) == ("ada", False)
    assert not lead.may_act()


async def test_who_wakes_too_late_is_deposed_and_may_stand_by_again(seat: Seat) -> None:
    ada, ben = seat("ada"), seat("ben")
    lead = await ada.acquire()
    async with standing_by(ben) as taking:
        await asyncio.wait_for(taking, 5)

    with pytest.raises(Deposed):
        await ada.renew()
    assert not lead.may_act()
    assert not lead.may_listen()
    async with renewing(ben), standing_by(ada) as again:
        await eventually(lambda: ada.leader is not None and ada.leader.name == "ben")
        assert not again.done()


async def test_who_slept_while_nobody_took_over_leads_on_in_the_same_epoch(seat: Seat) -> None:
    ada = seat("ada")
    lead = await ada.acquire()
    await eventually(lambda: not lead.may_act())

    await ada.renew()

    assert lead.may_act()
    assert ada.leader is not None
    assert ada.leader.epoch == lead.epoch


async def test_who_steps_down_makes_way_at_once(seat: Seat) -> None:
    ada, ben = seat("ada"), seat("ben")
    lead = await ada.acquire()
    async with standing_by(ben) as taking:
        await ada.release()
        taken = await asyncio.wait_for(taking, LEASE / 2)

    assert not lead.may_act()
    assert taken.before is not None
    assert (taken.before.name, taken.before.stepped_down) == ("ada", True)
    with pytest.raises(Deposed):
        await ada.renew()


async def test_who_stands_by_hears_of_it_and_who_leads_at_once_does_not(seat: Seat) -> None:
    told: list[str] = []
    await seat("ada").acquire(lambda: told.append("ada"))
    assert told == []

    waiting = asyncio.create_task(seat("ben").acquire(lambda: told.append("ben")))
    await eventually(lambda: "ben" in told)

    assert "ada" not in told
    waiting.cancel()
    await asyncio.wait([waiting])


async def test_who_comes_after_one_who_stepped_down_follows_nobody(seat: Seat) -> None:
    ada = seat("ada")
    await ada.acquire()
    await ada.release()

    taken = await seat("ben").acquire()

    assert taken.before is None


async def test_who_leads_may_begin_a_new_reign_at_once(seat: Seat) -> None:
    ada = seat("ada")
    first = await ada.acquire()

    second = await asyncio.wait_for(ada.acquire(), LEASE / 2)

    assert second.epoch > first.epoch
    assert second.may_act()
    assert not first.may_act()
    assert second.before is None


async def test_who_never_led_has_nothing_to_renew_and_nothing_to_release(seat: Seat) -> None:
    ada = seat("ada")

    with pytest.raises(Deposed):
        await ada.renew()
    await ada.release()

    assert (await seat("ben").acquire()).may_act()


async def test_a_reign_that_was_released_by_the_deposed_stays_with_the_new_leader(
    seat: Seat,
) -> None:
    ada, ben = seat("ada"), seat("ben")
    await ada.acquire()
    async with standing_by(ben) as taking:
        taken = await asyncio.wait_for(taking, 5)

    await ada.release()
    await ben.renew()

    assert taken.may_act()
