"""What the exchange keeps on record, asked for and read."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from decimal import Decimal

import pytest

from engine.bitfinex.records import BitfinexRecords
from engine.model.errors import (
    ExchangeRefused,
    ExchangeUnreachable,
    InvalidInput,
    UnknownSymbol,
)
from engine.model.ids import OrderId
from engine.model.records import Span
from engine.model.symbol import Symbol
from engine.record_ports import Records
from tests.unit.bitfinex.answering import (
    LOST,
    Answer,
    Fields,
    always,
    at,
    exchange_of,
    notification,
    order_row,
)
from tests.unit.bitfinex.doubles import BTC
from tests.unit.bitfinex.recorded import ours

START = 1_700_000_000_000
SAMPLES = ours("account_rows.json")
Ask = Callable[[BitfinexRecords], Awaitable[object]]


def rows_of(kind: str) -> list[object]:
    return [sample["row"] for sample in SAMPLES if sample["kind"] == kind]


def trade(number: int, mts: int) -> list[object]:
    return [number, "tBTCUSD", mts, 7, 0.1, 30000, "LIMIT", 30000, 1, -0.1, "USD", 5]


@pytest.mark.parametrize(
    ("ask", "path"),
    [
        (lambda r: r.active_orders(), "auth/r/orders"),
        (lambda r: r.active_orders(BTC), "auth/r/orders/tBTCUSD"),
        (lambda r: r.order_history(), "auth/r/orders/hist"),
        (lambda r: r.order_history(BTC), "auth/r/orders/tBTCUSD/hist"),
        (lambda r: r.order_trades(BTC, OrderId(7)), "auth/r/order/tBTCUSD:7/trades"),
        (lambda r: r.trade_history(), "auth/r/trades/hist"),
        (lambda r: r.trade_history(Symbol("tAAVE:USD")), "auth/r/trades/tAAVE:USD/hist"),
        (lambda r: r.ledgers(), "auth/r/ledgers/hist"),
        (lambda r: r.ledgers("USD", category=28), "auth/r/ledgers/USD/hist"),
        (lambda r: r.movements(), "auth/r/movements/hist"),
        (lambda r: r.movements("BTC"), "auth/r/movements/BTC/hist"),
        (lambda r: r.wallets(), "auth/r/wallets"),
        (lambda r: r.positions(), "auth/r/positions"),
        (lambda r: r.position_history(), "auth/r/positions/hist"),
        (lambda r: r.position_snapshot(), "auth/r/positions/snap"),
        (lambda r: r.position_audit(), "auth/r/positions/audit"),
        (lambda r: r.margin_of_all(), "auth/r/info/margin/sym_all"),
        (lambda r: r.permissions(), "auth/r/permissions"),
    ],
)
async def test_nothing_is_nothing_and_is_asked_for_at_the_right_place(ask: Ask, path: str) -> None:
    async with exchange_of(always(200, [])) as (found, questions):
        assert await ask(found.records) == ()
        assert questions.paths == [path]


async def test_every_kind_of_row_is_told() -> None:
    kinds = {
        "auth/r/orders": "order", "auth/r/orders/hist": "order", "auth/r/trades/hist": "trade",
        "auth/r/ledgers/hist": "ledger", "auth/r/movements/hist": "movement",
        "auth/r/wallets": "wallet", "auth/r/positions": "position",
        "auth/r/positions/hist": "position", "auth/r/positions/audit": "position",
        "auth/r/positions/snap": "position", "auth/r/info/margin/sym_all": "margin_room",
        "auth/r/permissions": "permission",
    }  # fmt: skip
    async with exchange_of(lambda path, _: (200, rows_of(kinds[path]))) as (found, _):
        records: Records = found.records
        told: dict[str, list[Sequence[object]]] = {
            "order": [await records.active_orders(), await records.order_history()],
            "trade": [await records.trade_history()],
            "ledger": [await records.ledgers()],
            "movement": [await records.movements()],
            "wallet": [await records.wallets()],
            "position": [
                await records.positions(),
                await records.position_history(),
                await records.position_snapshot(),
                await records.position_audit(),
            ],
            "margin_room": [await records.margin_of_all()],
            "permission": [await records.permissions()],
        }
        for kind, answers in told.items():
            for answer in answers:
                assert len(answer) == len(rows_of(kind)), kind


async def test_single_answers() -> None:
    samples = {
        "auth/r/info/margin/base": "margin_base",
        "auth/r/info/margin/tBTCUSD": "margin_room",
        "auth/r/info/user": "account_info",
        "auth/r/summary": "summary",
    }
    async with exchange_of(lambda path, _: (200, rows_of(samples[path])[0])) as (found, _):
        records = found.records
        assert (await records.margin_base()).net == Decimal("19147.40236923")
        assert (await records.margin_of(BTC)).symbol == "tETHUSD"
        assert (await records.account_info()).username == "AccountName"
        assert (await records.summary()).taker == Decimal("0.002")


async def test_orders_by_their_ids() -> None:
    async with exchange_of(always(200, [order_row(118, 5)])) as (found, questions):
        (order,) = await found.records.active_orders(ids=[OrderId(118)])
        assert order.order_id == 118
        assert questions.last == {"id": [118]}


async def test_a_span_and_a_limit_are_kept() -> None:
    span = Span(start=at(START), end=at(START + 5000), limit=3)
    rows = [trade(n, START + n) for n in range(10, 0, -1)]
    async with exchange_of(always(200, rows)) as (found, questions):
        told = await found.records.trade_history(span=span)
        assert [trade.fill.trade_id for trade in told] == [10, 9, 8]
        assert (questions.last["start"], questions.last["end"]) == (START, START + 5000)
        with pytest.raises(InvalidInput):
            await found.records.trade_history(span=Span(limit=0))


async def test_pages_overlap_and_every_trade_is_told_once() -> None:
    everything = [trade(n, START + n // 3) for n in range(200)]

    def answer(path: str, fields: Fields) -> Answer:
        end, limit = int(str(fields.get("end", 10**15))), int(str(fields["limit"]))
        rows = [row for row in reversed(everything) if int(str(row[2])) <= end]
        return 200, rows[: min(limit, 50)]

    async with exchange_of(answer) as (found, questions):
        told = await found.records.trade_history(span=Span(limit=1000))
        assert sorted(trade.fill.trade_id for trade in told) == list(range(200))
        assert [trade.fill.at for trade in told] == sorted(
            (trade.fill.at for trade in told), reverse=True
        )
        assert len(questions.asked) == 5


async def test_a_row_nobody_can_read_does_not_hide_the_others() -> None:
    rows = [trade(1, START), ["what", "is", "this"], trade(2, START)]
    async with exchange_of(always(200, rows)) as (found, _):
        assert len(await found.records.trade_history()) == 2


@pytest.mark.parametrize("answer", [(200, "{}"), (200, ["base"]), (200, [None] * 10)])
async def test_an_answer_of_another_shape_is_said_so(answer: Answer) -> None:
    async with exchange_of(always(*answer)) as (found, _):
        with pytest.raises(ExchangeRefused):
            await found.records.margin_base()


async def test_strange_names_never_become_an_address() -> None:
    async with exchange_of(always(200, [])) as (found, questions):
        for ask in (
            found.records.order_history(Symbol("tBTC/../x")),
            found.records.ledgers("US/D"),
            found.records.margin_of(Symbol("base")),
            found.records.order_trades(Symbol("x"), OrderId(1)),
        ):
            with pytest.raises(UnknownSymbol):
                await ask
        assert questions.asked == []


async def test_a_claim_is_a_write() -> None:
    row = next(sample["row"] for sample in SAMPLES if sample["name"] == "20 fields, meta as text")
    async with exchange_of(always(200, notification("pm-req", row))) as (found, questions):
        claimed = await found.records.claim(142031891, Decimal("0.001"))
        assert claimed.position_id == 142031891
        assert claimed.updated_at == at(1568650294000) + timedelta()
        assert questions.asked == [("auth/w/position/claim", {"id": 142031891, "amount": "0.001"})]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((200, notification("pm-req", None, "ERROR", "no")), ExchangeRefused),
        ((500, ["error", 10001, "position: not found"]), ExchangeRefused),
        ((200, notification("pm-req", [])), ExchangeUnreachable),
        ((200, []), ExchangeUnreachable),
        (LOST, ExchangeUnreachable),
        ((500, ["error", 10114, "nonce: small."]), ExchangeRefused),
    ],
)
async def test_a_claim_goes_out_once(answer: Answer, kind: type[Exception]) -> None:
    async with exchange_of(always(*answer)) as (found, questions):
        with pytest.raises(kind):
            await found.records.claim(1)
        assert len(questions.asked) == 1


@pytest.mark.parametrize(
    ("description", "is_moved"),
    [
        ("Deposit (BITCOIN) #2111748 on wallet exchange", True),
        ("Bitcoin Withdrawal #2111748 on wallet Exchange", True),
        ("Crypto Withdrawal fee on wallet exchange", True),
        ("Transfer of 5.0 UST from wallet Exchange to Exchange SA(a->b) on wallet exchange", True),
        ("Transfer of 300 USD from wallet Funding to Deposit on wallet exchange", True),
        ("Interest Payment on wallet deposit", False),
        ("Margin Funding Payment on wallet funding", False),
        ("Trading fees for 0.81 BTC (BTCUSD) @ 1020.0 on BFX (0.1%) on wallet exchange", False),
        ("Exchange 0.136 AAVE for USD @ 60.343 on wallet exchange", False),
        ("Settlement @ 185.79 on wallet margin", False),
        ("Deposit (WIRE) #7", True),
        ("", False),
    ],
)
async def test_what_was_moved_is_told_by_its_description(description: str, is_moved: bool) -> None:
    row = [7, "BTC", "exchange", 1573521810000, None, "-0.5", "0.5", None, description]
    async with exchange_of(always(200, [row])) as (found, questions):
        (entry,) = await found.ledger(None)
        assert entry.moved is is_moved
        assert "start" not in questions.last
        await found.ledger(entry.at)
        assert questions.last["start"] == 1573521810000
