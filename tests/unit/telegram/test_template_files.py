"""Templates travel as a file: the same when they come back, refused whole when damaged."""

from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest

from bot.telegram import templates
from engine.model.bracket import Fallback
from engine.model.errors import InvalidInput
from engine.model.order import OrderType, Side
from engine.model.template import OrderTemplate, SizeKind
from tests.unit.parse.lines import draft, guarded

DIP = OrderTemplate(
    name="dip",
    symbol="tBTCUSD",
    side=Side.BUY,
    size=Decimal(250),
    size_kind=SizeKind.QUOTE,
    currency="USD",
    type=OrderType.LIMIT,
    price=Decimal(30000),
    stop_loss=Decimal(29000),
    fallback=Fallback.CLOSE,
)
TOP = OrderTemplate(name="top", symbol="tBTCUSD", side=Side.SELL, size=Decimal("0.01"))


def file(*lines: object, version: int = 1) -> bytes:
    return msgspec.json.encode({"genesis_templates": version, "templates": lines})


def test_a_file_comes_back_as_it_was() -> None:
    data = templates.written([DIP, TOP])
    assert templates.read(data) == (DIP, TOP)
    assert b"null" not in data
    assert b'"side": "sell"' in data


def test_a_template_is_the_line_it_was_made_of() -> None:
    line = "/buy tBTCUSD $250 limit 30000 sl 29000 fallback close"
    assert templates.template_of("dip", guarded(line)) == DIP
    assert templates.line_of(DIP) == line
    plain = "/sell tBTCUSD 25% trail 500 reduce margin"
    kept = templates.template_of("x", draft(plain))
    assert templates.line_of(kept) == plain
    assert templates.draft_of(kept) == draft(plain)


def test_numbers_may_be_numbers_and_stay_exact() -> None:
    text = b'{"genesis_templates":1,"templates":[{"name":"a","symbol":"tBTCUSD","side":"buy",'
    (one,) = templates.read(text + b'"size":0.1,"type":"limit","price":30000.55}]}')
    assert (one.size, one.price) == (Decimal("0.1"), Decimal("30000.55"))


GOOD: dict[str, object] = {"name": "a", "symbol": "tBTCUSD", "side": "buy", "size": "0.01"}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no file of templates"),
        (b"{", "no file of templates"),
        (b"[]", "no file of templates"),
        (b'{"genesis_templates": 1}', "missing required field `templates`"),
        (b'{"genesis_templates": 1, "templates": [], "x": 1}', "unknown field `x`"),
        (file(version=2), "of version 2, not 1"),
        (file(7), "Template 1: Expected `object`"),
        (file(GOOD, {"name": "b"}), "Template 2: Object missing required field"),
        (file({**GOOD, "sise": 1}), "Template 1 has an unknown field, sise"),
        (file({**GOOD, "size": "1e400"}), "Template 1 has a number that cannot be"),
        (file({**GOOD, "size": "NaN"}), "Template 1 has a number that cannot be"),
        (file({**GOOD, "size": "-1"}), "has a sign"),
        (file({**GOOD, "size": "0"}), "is zero"),
        (file({**GOOD, "name": "a b"}), "Template 1"),
        (file({**GOOD, "symbol": "tBTCUSD 5 limit"}), "Template 1"),
        (file({**GOOD, "type": "limit"}), "Template 1"),
        (file({**GOOD, "price": "3"}), "Template 1 says something that no order can say"),
        (file({**GOOD, "type": "limit", "price": "3", "oco_stop": "2"}), "wrong side"),
        (file({**GOOD, "currency": "USD"}), "says something that no order can say"),
        (file({**GOOD, "fallback": "close"}), "says something that no order can say"),
        (file(GOOD, GOOD), "Two templates are called a"),
        (file(*[{**GOOD, "name": f"n{n}"} for n in range(201)]), "has 201 templates"),
        (b" " * (templates.MOST_BYTES + 1), "at most"),
    ],
)
def test_a_damaged_file_is_refused_whole(data: bytes, says: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        templates.read(data)
    assert says in caught.value.sentence


def test_a_long_list_is_no_smaller_than_its_parts() -> None:
    many = [replace(DIP, name=f"dip-{number}") for number in range(templates.MOST_TEMPLATES)]
    data = templates.written(many)
    assert len(data) <= templates.MOST_BYTES
    assert templates.read(data) == tuple(many)
