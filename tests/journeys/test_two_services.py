"""One leads and one stands by: killed, frozen, cut off, and never two orders of one wish."""

import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from db import schema
from db.embedded import EmbeddedPostgres
from tests.eventually import eventually_asked
from tests.journeys.pair import Member, Pair, database_strait, pair
from tests.journeys.people import OTHER_KEY, OTHER_SECRET, Person
from tests.journeys.test_panic import left_at, places
from tests.postmaster import kill
from tests.stage import OLIVIA, Message
from tests.strait import Way
from tests.zygote import Zygote

pytestmark = pytest.mark.real_time

TAKEOVER_SECONDS = 10.0
PENDING = "SELECT 1 FROM orders WHERE status = 'pending' AND symbol = 'tBTCUSD'"
WAITS = (
    "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@pytest.fixture
async def house(database_url: str, tmp_path: Path, zygote: Zygote) -> AsyncIterator[Pair]:
    async with pair(database_url, tmp_path, zygote) as house:
        yield house


async def press(house: Pair, card: Message) -> None:
    await house.stage.tap(card, "Confirm buy", wait=0.0)


async def trades(house: Pair) -> None:
    """A whole trade, from the command to the fill."""
    card = await house.stage.asks("/buy tETHUSD 0.1", "Buy 0.1 ETH")
    await press(house, card)
    await house.stage.becomes(card, "Filled")


async def leads_in_time(member: Member, began: float) -> None:
    """Return when this one can trade; it must not take long from `began`."""
    await member.ready()
    assert time.monotonic() - began < TAKEOVER_SECONDS


async def test_who_stands_by_says_so_and_goes_nowhere(house: Pair) -> None:
    ada = await house.start("ada")
    await ada.ready()
    sockets = (await house.stage.exchange())["sockets"]

    ben = await house.start("ben", BITFINEX_API_KEY=OTHER_KEY, BITFINEX_API_SECRET=OTHER_SECRET)
    await ben.stands_by("ada")

    status, told = await ben.asked("ready")
    assert status == 503
    assert "exchange" not in told
    assert (await ben.asked("health"))[0] == 200
    assert "tradingbot_leader 0.0" in (await ben.asked("metrics"))[1]
    assert "tradingbot_leader 1.0" in (await ada.asked("metrics"))[1]
    await trades(house)
    assert (await house.stage.exchange())["sockets"] == sockets
    assert OTHER_KEY not in str((await house.stage.exchange())["nonces"])
    assert await ada.part("telegram") == "answers"
    told_so_far = [message.text for message in await house.stage.messages()]
    assert not [text for text in told_so_far if "leads now" in text]


async def test_a_killed_leader_is_followed(house: Pair) -> None:
    ada = await house.start("ada")
    await ada.ready()
    ben = await house.start("ben")
    await ben.stands_by("ada")
    card = await house.stage.asks("/buy tBTCUSD 0.01 limit 20000", "limit 20,000")
    await press(house, card)
    await house.stage.becomes(card, "Working")

    began = time.monotonic()
    ada.kill()
    await leads_in_time(ben, began)

    await house.stage.hears("ben leads now, because ada was not heard from for")
    await trades(house)
    assert await house.orders() == 1
    assert "tradingbot_leader 1.0" in (await ben.asked("metrics"))[1]
    await panic_over_a_takeover(house, ben)


async def panic_over_a_takeover(house: Pair, leader: Member) -> None:
    """Called with one, carried out by the other."""
    olivia = Person(house.stage, OLIVIA)
    heir = await house.start("cleo")
    await heir.stands_by(leader.name)
    await places(olivia, "/sell tETHUSD 0.5 margin", "Confirm sell", "Filled")
    card = await olivia.asks("/panic", "Cancel 1 open order", "Close 1 position")
    await house.stage.control("maintenance", on=True)
    await olivia.hears("maintenance", after=card.id)
    await olivia.taps(card, "PANIC")
    await olivia.sees(card, "Waiting for the exchange")
    leader.kill()
    await house.stage.hears(f"cleo leads now, because {leader.name} was not heard from for")
    await house.stage.control("maintenance", on=False)
    await olivia.sees(card, "Over. No margin position is open", "tETHUSD: closed, 0.5 ETH at")
    assert await left_at(house.stage) == ([], [])
    assert await house.orders() == 1, "nothing was asked for twice"
    called = "SELECT count(*) FROM journal WHERE kind IN ('PanicCalled', 'PanicEnded')"
    assert house.eye is not None
    assert await house.eye.fetchval(called) == 2
    await olivia.asks("/status", "Trading is paused")


async def test_a_leader_on_another_machine_is_waited_for_as_long_as_its_lease(house: Pair) -> None:
    """What tells a dead process from one elsewhere is taken away."""
    ada = await house.start("ada")
    await ada.ready()
    ben = await house.start("ben")
    await ben.stands_by("ada")
    assert house.eye is not None
    await house.eye.execute("UPDATE leadership SET process = 'elsewhere ' || process")

    began = time.monotonic()
    ada.kill()
    await leads_in_time(ben, began)

    await trades(house)


async def test_who_stops_makes_way(house: Pair) -> None:
    ada = await house.start("ada")
    await ada.ready()
    ben = await house.start("ben")
    await ben.stands_by("ada")

    ada.process.kill(signal.SIGTERM)
    await ben.ready()

    await house.stage.hears("ben leads now, because ada stepped down")
    await trades(house)
    again = await house.start("ada")
    await again.stands_by("ben")


async def before_the_press(house: Pair, ada: Member, card: Message) -> None:
    ada.freeze()
    await press(house, card)


async def before_the_commit(house: Pair, ada: Member, card: Message) -> None:
    way = house.way
    assert way is not None
    way.hold(Way.OUT)
    await press(house, card)
    await way.holding(Way.OUT)
    ada.freeze()


async def between_commit_and_wire(house: Pair, ada: Member, card: Message) -> None:
    assert house.eye is not None
    async with house.eye.transaction():
        await house.eye.execute("LOCK TABLE journal IN EXCLUSIVE MODE")
        await press(house, card)
        await house.exists(WAITS)
        ada.freeze()
    await house.exists(PENDING)


async def after_the_wire(house: Pair, ada: Member, card: Message) -> None:
    await press(house, card)

    async def arrived() -> bool:
        return await house.orders() == 1

    await eventually_asked(arrived)
    ada.freeze()


LEFT_BEHIND = ("never arrived", 0)

Point = Callable[[Pair, Member, Message], Awaitable[None]]
POINTS: tuple[Point, ...] = (
    before_the_press,
    before_the_commit,
    between_commit_and_wire,
    after_the_wire,
)


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.__name__)
async def test_a_frozen_leader_is_followed_and_sends_nothing_when_it_wakes(
    house: Pair, database_url: str, point: Point
) -> None:
    async with database_strait(database_url) as (way, url):
        house.way = way
        ada = await house.start("ada", DATABASE_URL=url)
        await ada.ready()
        ben = await house.start("ben")
        await ben.stands_by("ada")
        await trades(house)  # statements are known from now on
        card = await house.stage.asks("/buy tBTCUSD 0.01", "Buy 0.01 BTC")

        await point(house, ada, card)
        began = time.monotonic()
        await leads_in_time(ben, began)
        await house.stage.hears("ben leads now, because ada was not heard from for")
        # What a leader wrote down that is only silent is not sent by another: it is told as lost.
        fate, orders = LEFT_BEHIND if point is between_commit_and_wire else ("Filled", 1)
        await house.stage.becomes(card, fate)
        assert await house.orders() == orders

        way.release()
        ada.wake()
        await ada.stands_by("ben")
        assert ada.says("deposed")
        assert await house.orders() == orders
        await trades(house)
        assert not ben.says("deposed")

        ben.kill()
        await ada.ready()
        await house.stage.hears("ada leads now, because ben was not heard from for")
        assert await house.orders() == orders


async def test_a_leader_whose_database_restarts_leads_on(tmp_path: Path, zygote: Zygote) -> None:
    async with EmbeddedPostgres(tmp_path / "postgres", fsync=False) as server:
        await schema.upgrade(server.url)
        async with pair(server.url, tmp_path, zygote) as house:
            ada = await house.start("ada")
            await ada.ready()
            ben = await house.start("ben")
            await ben.stands_by("ada")
            card = await house.stage.asks("/buy tBTCUSD 0.01", "Buy 0.01 BTC")

            await kill(server)
            await press(house, card)
            await server.start()

            async def one_is_ready() -> bool:
                return [await ada.is_ready(), await ben.is_ready()].count(True) == 1

            await eventually_asked(one_is_ready, 20.0)
            shown = await house.stage.becomes(card, "BTC")
            if "Confirm buy" in shown.buttons:
                await press(house, shown)
            await house.stage.becomes(card, "Filled")
            assert await house.orders() == 1


async def test_the_heir_of_a_killed_owner_runs_the_database_and_leads(
    tmp_path: Path, zygote: Zygote
) -> None:
    async with pair("", tmp_path, zygote) as house:
        ada = await house.start("ada")
        await ada.ready()
        ben = await house.start("ben")
        await ben.stands_by("ada")
        card = await house.stage.asks("/buy tBTCUSD 0.01 limit 20000", "limit 20,000")
        await press(house, card)
        await house.stage.becomes(card, "Working")

        began = time.monotonic()
        ada.kill()
        await leads_in_time(ben, began)

        await trades(house)
        assert await house.orders() == 1
        again = await house.start("ada")
        await again.stands_by("ben")
        ben.kill()
        await again.ready()
        await trades(house)
