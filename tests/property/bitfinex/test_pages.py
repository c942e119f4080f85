"""Any span of any record is found whole, newest first, however the exchange caps its pages."""

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.bitfinex.pages import Record, newest
from engine.bitfinex.wire import Row, identity, moment
from engine.model.records import Span
from tests.property.bitfinex.test_history import START, Exchange, trade_row
from tests.unit.bitfinex.answering import at

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(row: Row) -> tuple[int, int]:
    found = moment(row, 2)
    assert found is not None
    return identity(row, 0), int(found.timestamp() * 1000)


RECORD = Record(read=read, name=lambda item: item[0], at=lambda item: at(item[1]), page=2500)


@patient
@given(
    stamps=st.lists(st.integers(-50, 120), max_size=300),
    cap=st.integers(30, 60),
    limit=st.integers(1, 400),
    bounds=st.tuples(st.none() | st.integers(-60, 60), st.none() | st.integers(0, 130)),
)
async def test_a_span(
    stamps: list[int], cap: int, limit: int, bounds: tuple[int | None, int | None]
) -> None:
    assume(max((stamps.count(mts) for mts in set(stamps)), default=0) < cap)
    start, end = (None if bound is None else START + bound for bound in bounds)
    rows = [trade_row(number, mts) for number, mts in enumerate(stamps)]
    span = Span(
        start=None if start is None else at(start),
        end=None if end is None else at(end),
        limit=limit,
    )
    found = await newest(Exchange(rows, 2, cap).read, "x", RECORD, span)
    wanted = sorted(
        (START + mts for mts in stamps
         if (start is None or START + mts >= start) and (end is None or START + mts <= end)),
        reverse=True,
    )  # fmt: skip
    assert [mts for _, mts in found] == wanted[:limit]
    assert len({number for number, _ in found}) == len(found)
