"""What we send, read back from an order row of it, is what we meant."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.bitfinex import decode, wire
from engine.bitfinex.encode import new_order
from engine.model.account import Wallet
from engine.model.approval import ApprovedOrder
from engine.model.ids import MAX_CID, OrderKey
from engine.model.money import cut_amount, round_price
from engine.model.order import OrderStatus, OrderTerms, OrderType, Side
from engine.model.symbol import Symbol

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

CREATED = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
MILLIS = int(CREATED.timestamp() * 1000)

amounts = st.decimals("0.00000001", "99999999", places=8).map(cut_amount)
prices = st.decimals("0.00000001", "9999999", places=8).map(round_price).filter(bool)
ends = st.integers(0, 2 * 10**9).map(lambda seconds: CREATED + timedelta(seconds=seconds))
ends = ends.map(lambda moment: moment.replace(microsecond=0))
symbols = st.sampled_from(["tBTCUSD", "tAAVE:USD", "tBTCF0:USTF0", "tTESTBTC:TESTUSD"]).map(Symbol)


@st.composite
def terms(draw: st.DrawFn) -> OrderTerms:
    kind = draw(st.sampled_from(OrderType))
    limits = kind in (OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.FOK, OrderType.IOC)
    stops = kind in (OrderType.STOP, OrderType.STOP_LIMIT)
    return OrderTerms(
        symbol=draw(symbols),
        side=draw(st.sampled_from(Side)),
        amount=draw(amounts),
        type=kind,
        price=draw(prices) if limits else None,
        trigger=draw(prices) if stops else None,
        trail=draw(prices) if kind is OrderType.TRAILING_STOP else None,
        wallet=draw(st.sampled_from([Wallet.EXCHANGE, Wallet.MARGIN])),
        post_only=draw(st.booleans()),
        reduce_only=draw(st.booleans()),
        hidden=draw(st.booleans()),
        close=draw(st.booleans()),
        group=draw(st.none() | st.integers(1, 2**53)),
        leverage=draw(st.none() | st.integers(1, 100)),
        good_until=draw(st.none() | ends),
    )


def row_of(fields: dict[str, str | int], *, meta: bool) -> bytes:
    """The row (facts sheet 5.1) of an order that was submitted with these fields."""
    flags = int(fields.get("flags", 0))
    row: list[str] = ["null"] * 32
    row[0], row[2], row[3] = "118000001", str(fields["cid"]), json.dumps(fields["symbol"])
    row[4] = row[5] = str(MILLIS)
    row[6] = row[7] = str(fields["amount"])
    row[8], row[13] = json.dumps(fields["type"]), '"ACTIVE"'
    row[12] = str(flags & ~4096 if meta else flags)
    row[16] = str(fields.get("price", 0))
    row[17], row[18] = "0", str(fields.get("price_trailing", 0))
    row[19], row[24] = str(fields.get("price_aux_limit", 0)), str(int(bool(flags & 64)))
    row[1] = str(fields.get("gid", "null"))
    if "tif" in fields:
        end = datetime.fromisoformat(str(fields["tif"])).replace(tzinfo=UTC)
        row[10] = str(int(end.timestamp() * 1000))
    notes = {"$F7": 1} if meta and flags & 4096 else {}
    if "lev" in fields:
        notes |= {"$F33": int(fields["lev"]), "lev": int(fields["lev"])}
    row[31] = json.dumps(notes or None)
    return f"[{','.join(row)}]".encode()


@patient
@given(wanted=terms(), cid=st.integers(1, MAX_CID), meta=st.booleans())
def test_terms_survive_the_wire(wanted: OrderTerms, cid: int, meta: bool) -> None:
    fields = dict(new_order(ApprovedOrder(key=OrderKey(cid), terms=wanted)))
    report = decode.order(wire.exact_row(row_of(fields, meta=meta)))
    assert report.terms == wanted
    assert report.cid == cid
    assert report.remaining == wanted.amount
    assert report.status is OrderStatus.WORKING
    assert report.created_at == CREATED


@patient
@given(
    amount=st.decimals(allow_nan=False, allow_infinity=False, min_value="-1e12", max_value="1e12")
)
def test_numbers_arrive_to_the_last_digit(amount: Decimal) -> None:
    for text in (format(amount, "f"), format(amount, "E"), f'"{amount}"'):
        found = wire.number(wire.exact_row(f"[{text}]".encode()), 0)
        assert found == amount or amount.adjusted() <= -40
