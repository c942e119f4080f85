"""The private link: snapshots, orders, losses."""

import asyncio

import pytest

from engine.model.errors import LinkDown
from engine.model.report import (
    BalancesReport,
    LinkLost,
    LinkUp,
    MaintenanceReport,
    OrderReport,
    OrdersSnapshot,
    SubmissionNoted,
)
from tests.unit.bitfinex.doubles import (
    AUTH_OK,
    INFO,
    SNAPSHOTS,
    FastClock,
    Peer,
    config,
    drop_when_in,
    eventually,
    limit_order,
    lost,
    playing,
    running_exchange,
    say_nothing,
    welcome,
)
from tests.unit.bitfinex.recorded import ours

FRAMES = {str(sample["name"]): str(sample["raw"]) for sample in ours("account_frames.json")}


async def test_snapshots_come_first_and_then_the_link_is_up() -> None:
    async with playing(welcome) as stage, running_exchange(config(ws=stage.url)) as (_, told):
        await eventually(lambda: told.count(LinkUp) == 1)
        assert told.kinds() == ["PositionsReport", "BalancesReport", "OrdersSnapshot", "LinkUp"]
        (greeting,) = stage.received
        assert isinstance(greeting, dict)
        assert greeting["authPayload"] == f"AUTH{greeting['authNonce']}"
        assert isinstance(greeting["authNonce"], int)
        assert "dms" not in greeting


async def test_the_link_is_not_up_before_all_snapshots() -> None:
    go_on = asyncio.Event()

    async def slowly(peer: Peer) -> None:
        await peer.tell(INFO)
        await peer.heard()
        await peer.tell(*SNAPSHOTS[:2], AUTH_OK)
        await go_on.wait()
        await peer.tell(SNAPSHOTS[2])
        await peer.stay()

    async with (
        playing(slowly) as stage,
        running_exchange(config(ws=stage.url), clock=FastClock(1)) as (exchange, told),
    ):
        await eventually(lambda: told.count(BalancesReport) == 1)
        with pytest.raises(LinkDown):
            await exchange.submit(limit_order())
        assert told.count(LinkUp) == 0
        go_on.set()
        await eventually(lambda: told.count(LinkUp) == 1)
        assert told.count(OrdersSnapshot) == 1


async def test_an_order_leaves_and_its_fate_arrives() -> None:
    async def accept(peer: Peer) -> None:
        await peer.let_in()
        await peer.heard()
        await peer.tell(FRAMES["submission noted"], FRAMES["order accepted, 32 fields"])
        await peer.stay()

    async with playing(accept) as stage, running_exchange(config(ws=stage.url)) as (exchange, told):
        await eventually(lambda: told.count(LinkUp) == 1)
        await exchange.submit(limit_order())
        await eventually(lambda: told.count(OrderReport) == 1)
        assert told.count(SubmissionNoted) == 1
        frame = stage.received[-1]
        assert isinstance(frame, list)
        assert frame[:3] == [0, "on", None]
        assert frame[3]["cid"] == 1700000000001


async def test_what_is_no_news_by_itself_is_told_with_the_next_heartbeat_at_the_latest() -> None:
    beat = asyncio.Event()

    async def note(peer: Peer) -> None:
        await peer.let_in()
        await peer.heard()
        await peer.tell(FRAMES["submission noted"])
        await beat.wait()
        await peer.tell('[0,"hb"]')
        await peer.stay()

    async with playing(note) as stage, running_exchange(config(ws=stage.url)) as (exchange, told):
        await eventually(lambda: told.count(LinkUp) == 1)
        await exchange.submit(limit_order())
        beat.set()
        await eventually(lambda: told.count(SubmissionNoted) == 1)


async def test_without_a_link_nothing_is_sent() -> None:
    async with running_exchange(config()) as (exchange, told):
        with pytest.raises(LinkDown):
            await exchange.submit(limit_order())
        await eventually(lambda: told.count(LinkLost) == 1)
        with pytest.raises(LinkDown):
            await exchange.submit(limit_order())


async def test_a_drop_is_told_once_and_mended() -> None:
    async with (
        playing(drop_when_in, welcome) as stage,
        running_exchange(config(ws=stage.url)) as (exchange, told),
    ):
        await eventually(lambda: told.count(LinkUp) == 2)
        assert told.kinds()[3:5] == ["LinkUp", "LinkLost"]
        assert told.kinds()[-4:] == told.kinds()[:4]
        assert lost(told) == ["The exchange closed the connection (1000)."]
        await exchange.submit(limit_order())
        await eventually(lambda: len(stage.received) == 3)


async def cut_when_in(peer: Peer) -> None:
    await peer.let_in()
    peer.socket.transport.abort()


async def test_a_farewell_and_a_cut_are_told_apart() -> None:
    async with (
        playing(drop_when_in, cut_when_in, welcome) as stage,
        running_exchange(config(ws=stage.url)) as (_, told),
    ):
        await eventually(lambda: told.count(LinkUp) == 3)
        losses = [report for report in told.reports if isinstance(report, LinkLost)]
        assert [loss.hung_up for loss in losses] == [True, False]


async def test_nothing_leaves_after_a_drop_until_the_link_is_up_again() -> None:
    async with (
        playing(drop_when_in, say_nothing) as stage,
        running_exchange(config(ws=stage.url)) as (exchange, told),
    ):
        await eventually(lambda: told.count(LinkLost) == 1)
        with pytest.raises(LinkDown):
            await exchange.submit(limit_order())


async def test_run_can_be_cancelled_and_begun_again() -> None:
    async with playing(welcome) as stage:
        async with running_exchange(config(ws=stage.url)) as (exchange, told):
            await eventually(lambda: told.count(LinkUp) == 1)
        with pytest.raises(LinkDown):
            await exchange.submit(limit_order())
        again = asyncio.ensure_future(exchange.run(told.absorb))
        await eventually(lambda: told.count(LinkUp) == 2)
        again.cancel()
        with pytest.raises(asyncio.CancelledError):
            await again


async def test_maintenance_is_told_and_ends_with_fresh_snapshots() -> None:
    async def maintain(peer: Peer) -> None:
        await peer.let_in()
        await peer.tell({"event": "info", "code": 20060}, {"event": "info", "code": 20060})
        await peer.tell({"event": "info", "code": 20061})
        await peer.stay()

    async with (
        playing(maintain, welcome) as stage,
        running_exchange(config(ws=stage.url)) as (_, told),
    ):
        await eventually(lambda: told.count(LinkUp) == 2)
        said = [report.active for report in told.reports if isinstance(report, MaintenanceReport)]
        assert said == [True, False]
        assert told.count(OrdersSnapshot) == 2


async def test_maintenance_can_be_found_at_the_door() -> None:
    async def closed(peer: Peer) -> None:
        await peer.tell(INFO | {"platform": {"status": 0}})
        await peer.heard()
        await peer.tell(AUTH_OK, *SNAPSHOTS)
        await peer.stay()

    async with playing(closed) as stage, running_exchange(config(ws=stage.url)) as (_, told):
        await eventually(lambda: told.count(LinkUp) == 1)
        assert told.reports[0] == MaintenanceReport(active=True)
