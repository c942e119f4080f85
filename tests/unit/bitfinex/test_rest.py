"""REST against a scripted host on a loopback port."""

import asyncio
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from engine.bitfinex.auth import ApiKey, Secret
from engine.bitfinex.exchange import BitfinexExchange
from engine.bitfinex.http import Host
from engine.bitfinex.nonces import MemoryNonces, Nonces
from engine.bitfinex.rest import PrivateRest
from engine.bitfinex.traffic import Traffic
from engine.clock import SystemClock
from engine.model.endpoint import EndpointType
from engine.model.errors import (
    CircuitOpen,
    CredentialsRefused,
    ExchangeError,
    ExchangeRefused,
    ExchangeUnreachable,
    InvalidInput,
    RateLimited,
)
from engine.model.report import TransportBreakerReport, UnreadOrder
from engine.model.symbol import Symbol
from tests.unit.bitfinex.doubles import (
    BTC,
    FastClock,
    SteppedClock,
    Told,
    background,
    config,
    eventually,
)
from tests.unit.bitfinex.rest_host import exchange, host, market

WALLETS = '[["exchange","BTC",0.1000000000000000055,0,1e-8,null,null]]'
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


async def test_the_account_by_rest() -> None:
    async with exchange((200, "[]"), (200, WALLETS), (200, "[]")) as (found, script):
        picture = await found.account()
        assert [path for path, _ in script.asked] == [
            "/v2/auth/r/orders",
            "/v2/auth/r/wallets",
            "/v2/auth/r/positions",
        ]
        assert picture.balances[0].total == Decimal("0.1000000000000000055")
        assert picture.balances[0].available == Decimal("0.00000001")
        assert script.nonces == sorted(set(script.nonces))


async def test_orders_that_cannot_be_read_are_told_by_what_can() -> None:
    rows = '[[5,null,77,"tBTCUSD"],["x"],7,[6,null,"y"]]'
    unread = (
        UnreadOrder(order_id=5, cid=77),
        UnreadOrder(),
        UnreadOrder(order_id=6),
    )
    async with exchange((200, rows), (200, "[]")) as (found, _):
        picture = await found.account()
        assert picture.orders == ()
        assert set(picture.unread) == set(unread)
    async with exchange((200, rows)) as (found, _):
        history = await found.closed_orders(SINCE)
        assert set(history.unread) == set(unread)


async def test_a_cancel_goes_before_orders_that_wait() -> None:
    clock = SystemClock()
    async with host((200, "[]")) as script:
        script.delay = 0.01
        found = Host(script.url)
        key = ApiKey("k", Secret("secret1"), Nonces(clock.now, MemoryNonces(), "k"))
        rest = PrivateRest(found, key, Traffic(clock))
        async with asyncio.TaskGroup() as tasks:
            for _ in range(6):
                tasks.create_task(rest.write("auth/w/order/submit"))
            await asyncio.sleep(0.005)
            tasks.create_task(rest.write("auth/w/order/cancel", urgent=True))
        await found.close()
        paths = [path.rpartition("/")[2] for path, _ in script.asked]
        assert paths.index("cancel") <= 2
        assert len(paths) == 7
        assert script.nonces == sorted(script.nonces)


async def test_an_exchange_that_keeps_failing_is_left_alone_and_tried_again() -> None:
    clock, told = SteppedClock(0), Told()
    async with (
        host(*[(502, "<html>")] * 5, (200, "[]")) as script,
        BitfinexExchange(config(rest=script.url), clock=clock, chance=random.Random(1)) as found,
    ):
        for _ in range(5):
            with pytest.raises(ExchangeUnreachable):
                await found.trades(SINCE)
        for _ in range(10):
            with pytest.raises(CircuitOpen):
                await found.trades(SINCE)
        assert len(script.asked) == 5
        async with background(found.run(told.absorb)):
            await eventually(lambda: told.count(TransportBreakerReport) == 1)
            await clock.sleep(120)
            assert await found.trades(SINCE) == []
            await eventually(lambda: told.count(TransportBreakerReport) == 2)
    seen = [report for report in told.reports if isinstance(report, TransportBreakerReport)]
    assert [(report.endpoint_type, report.open) for report in seen] == [
        (EndpointType.PRIVATE_ACCOUNT, True),
        (EndpointType.PRIVATE_ACCOUNT, False),
    ]


async def test_fees() -> None:
    summary = "[null,null,null,null,[[0.001,0.001,0.001,null,null,0.0002],[0.002,0.002]],null]"
    async with exchange((200, summary)) as (found, _):
        fees = await found.fees()
        assert (fees.maker, fees.taker) == (Decimal("0.001"), Decimal("0.002"))


async def test_an_account_that_cannot_be_read_is_said_so() -> None:
    async with exchange((200, "null")) as (found, _):
        with pytest.raises(ExchangeRefused, match="account could not be read"):
            await found.account()


async def test_a_summary_that_cannot_be_read_is_said_so() -> None:
    async with exchange((200, "[]")) as (found, _):
        with pytest.raises(ExchangeRefused, match="fee summary"):
            await found.fees()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((500, '["error",10001,"Order not found."]'), ExchangeRefused),
        ((500, '["error",10100,"apikey: invalid"]'), CredentialsRefused),
        ((502, "<html>bad gateway</html>"), ExchangeUnreachable),
        ((429, '{"error":"ERR_RATE_LIMIT"}'), RateLimited),
        ((500, ""), ExchangeUnreachable),
        ((200, "<html>maintenance</html>"), ExchangeUnreachable),
        ((302, ""), ExchangeUnreachable),
    ],
)
async def test_trouble_has_a_name(answer: tuple[int, str], kind: type[ExchangeError]) -> None:
    async with exchange(answer) as (found, _):
        with pytest.raises(kind):
            await found.account()


async def test_a_small_nonce_is_tried_once_more_by_reads() -> None:
    small = (500, '["error",10114,"nonce: small."]')
    async with exchange(small, (200, "[]")) as (found, script):
        assert (await found.closed_orders(SINCE)).orders == ()
        assert len(script.asked) == 2
        assert script.nonces[1] > script.nonces[0]
    async with exchange(small) as (found, script):
        with pytest.raises(ExchangeRefused) as caught:
            await found.closed_orders(SINCE)
        assert "newer nonce" in caught.value.sentence
        assert len(script.asked) == 2


async def test_a_write_is_sent_once_whatever_happens() -> None:
    clock = SystemClock()
    for answer in ((500, '["error",10114,"nonce: small."]'), (502, "<html>")):
        async with host(answer) as script:
            nonces = Nonces(clock.now, MemoryNonces(), "k")
            found, key = Host(script.url), ApiKey("k", Secret("secret1"), nonces)
            with pytest.raises(ExchangeError):
                await PrivateRest(found, key, Traffic(clock)).write("auth/w/order/submit", {"a": 1})
            await found.close()
            assert script.asked == [("/v2/auth/w/order/submit", b'{"a":1}')]


async def test_parallel_reads_leave_in_the_order_of_their_nonces() -> None:
    async with exchange((200, "[]")) as (found, script):
        script.delay = 0.002
        await asyncio.gather(*(found.trades(SINCE) for _ in range(20)))
        assert len(script.nonces) == 20
        assert script.nonces == sorted(script.nonces)


async def test_after_a_429_the_host_is_left_alone() -> None:
    clock = SteppedClock(0)
    async with (
        host((429, '{"error":"ERR_RATE_LIMIT"}'), (200, "[]")) as script,
        BitfinexExchange(config(rest=script.url), clock=clock, chance=random.Random(1)) as found,
    ):
        for _ in range(3):
            with pytest.raises(RateLimited):
                await found.trades(SINCE)
        assert len(script.asked) == 1
        await clock.sleep(61)
        assert await found.trades(SINCE) == []


async def test_nobody_there() -> None:
    async with BitfinexExchange(config(), clock=FastClock(), chance=random.Random(1)) as found:
        with pytest.raises(ExchangeUnreachable, match="no connection"):
            await found.account()


async def test_an_answer_without_end_is_cut_off() -> None:
    async with host((200, "[" + "1," * 5000 + "1]")) as script:
        found = Host(script.url, answer_bytes=1000)
        with pytest.raises(ExchangeUnreachable, match="too long"):
            await found.get("conf/x")
        await found.close()


async def test_a_connection_cut_before_the_answer() -> None:
    async def cut(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(cut, "127.0.0.1", 0)
    found = Host(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v2")
    with pytest.raises(ExchangeUnreachable):
        await found.get("conf/x")
    await found.close()
    server.close()
    await server.wait_closed()


def trade_rows(first: int, count: int, mts: int, step: int) -> list[str]:
    tail = '"EXCHANGE LIMIT",30000,1,-0.0001,"BTC",5]'
    return [f'[{first + n},"tBTCUSD",{mts + n * step},7,0.1,30000,{tail}' for n in range(count)]


def page(rows: Sequence[str]) -> tuple[int, str]:
    return 200, "[" + ",".join(rows) + "]"


async def test_trades_over_several_pages_have_no_holes_and_no_repeats() -> None:
    start = int(SINCE.timestamp() * 1000)
    rows = trade_rows(1, 60, start, 1)
    answers = [page(rows[:30]), page(rows[29:59]), page(rows[58:])]
    async with exchange(*answers) as (found, script):
        trades = await found.trades(SINCE)
        assert [trade.fill.trade_id for trade in trades] == list(range(1, 61))
        assert b'"sort":1' in script.asked[0][1]
        assert f'"start":{start + 29}'.encode() in script.asked[1][1]


async def test_candles_keep_the_exchanges_column_order() -> None:
    rows = "[[1552298400000,3870.1,3890,3895,3860,0.05],[1552298340000,1,2,3,0.5,1]]"
    async with market((200, rows)) as (found, script):
        older, newer = await found.candles(BTC, "1m", 2)
        assert (newer.open, newer.close, newer.high, newer.low) == (3870.1, 3890, 3895, 3860)
        assert newer.at - older.at == timedelta(minutes=1)
        assert script.asked[0][0] == "/v2/candles/trade:1m:tBTCUSD/hist?limit=2"


async def test_a_ticker_and_a_book() -> None:
    row = "[73350,2.5,73351,6.3,1003,0.01386374,73350,2638.4,73583,68643,null]"
    async with market((200, row), (200, "[[10,1,2],[9,1,1],[11,2,-3],[12,1,-1]]")) as (found, _):
        ticker = await found.ticker(BTC)
        assert (ticker.bid, ticker.ask, ticker.change) == (73350, 73351, 0.01386374)
        book = await found.book(BTC)
        assert [level.price for level in book.bids] == [10, 9]
        assert [(level.price, level.amount) for level in book.asks] == [(11, 3), (12, 1)]


async def test_pairs() -> None:
    sizes = (
        '[["BTCUSD",[null,null,null,"0.00006","2000.0",null]],'
        '["AAVE:USD",[null,null,null,"0.02","5000.0"]],["NOSIZE",[null,null,null,null,null]]]'
    )
    lists = f'[["BTCUSD","AAVE:USD","NOSIZE"],["BTCUSD"],{sizes}]'
    async with market((200, lists)) as (found, script):
        pairs = await found.pairs()
        assert set(pairs) == {"tBTCUSD", "tAAVE:USD"}
        assert pairs[BTC].min_size == Decimal("0.00006")
        assert pairs[BTC].margin is True
        assert pairs[Symbol("tAAVE:USD")].margin is False
        assert script.asked[0][0].startswith("/v2/conf/pub:list:pair:exchange,")


@pytest.mark.parametrize("symbol", ["BTCUSD", "t", "tBTC/../x", "tBTC?x=1", "tBTCUSD\n", "t" * 60])
async def test_a_strange_symbol_never_becomes_an_address(symbol: str) -> None:
    async with market((200, "[]")) as (found, script):
        with pytest.raises(InvalidInput):
            await found.ticker(Symbol(symbol))
        assert script.asked == []


async def test_a_strange_timeframe_is_refused_with_the_right_ones() -> None:
    async with market((200, "[]")) as (found, _):
        with pytest.raises(InvalidInput, match="15m"):
            await found.candles(BTC, "2m", 5)


async def test_an_answer_of_another_shape_is_refused() -> None:
    async with market((200, '[["no"]]')) as (found, _):
        with pytest.raises(ExchangeRefused):
            await found.ticker(BTC)
        with pytest.raises(ExchangeRefused):
            await found.pairs()
