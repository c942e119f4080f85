"""Templates are the lines they stand for, also after a journey as a file."""

from decimal import Decimal

import pytest

from bot.telegram import templates
from engine.model.bracket import Fallback
from engine.model.order import OrderType, Side
from engine.model.template import OrderTemplate, SizeKind
from engine.templates import text
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


def test_a_template_is_the_line_it_was_made_of() -> None:
    line = "/buy tBTCUSD $250 limit 30000 sl 29000 fallback close"
    assert templates.template_of("dip", guarded(line)) == DIP
    assert templates.line_of(DIP) == line
    assert templates.template_of("DIP", guarded(line)) == DIP
    plain = "/sell tBTCUSD 25% trail 500 reduce margin"
    kept = templates.template_of("x", draft(plain))
    assert templates.line_of(kept) == plain
    assert templates.draft_of(kept) == draft(plain)


@pytest.mark.parametrize(
    "line",
    [
        "/buy tBTCUSD 0.01",
        "/sell tAAVE:USD 25% trail 50 reduce margin",
        "/buy BTC/EUR 250eur stoplimit 31000 31100 hidden",
        "/sell tBTCUSD max limit 31000 post oco 29000",
        "/buy tBTCUSD 1 ioc 30000 tp 31000 sl 29000",
    ],
)
def test_what_can_be_said_can_travel(line: str) -> None:
    said = guarded(line) if "sl" in line.split() else draft(line)
    kept = templates.template_of("x", said)
    (back,) = text.loads(text.dumps([kept]))
    assert templates.draft_of(back) == said
