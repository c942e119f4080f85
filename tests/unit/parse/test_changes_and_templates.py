"""What `/amend`, `/order`, `/bracket` and `/template` mean, and how they are refused."""

from decimal import Decimal

import pytest

from bot.telegram.parse import (
    Amendment,
    Missing,
    MissingWord,
    TemplateVerb,
    TemplateWish,
    WrongWord,
)
from engine.model.bracket import Fallback
from engine.model.change import OrderChange
from tests.unit.parse.lines import draft, guarded, refused, understood

SAVE = "/template save dip buy tBTCUSD 0.01 limit 30000"
BRACKET = "/bracket buy tBTCUSD 0.01 limit 30000 sl 29000 tp 33000"


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("price 30000", OrderChange(price=Decimal(30000))),
        ("limit 30000", OrderChange(price=Decimal(30000))),
        ("AMOUNT 0.02", OrderChange(amount=Decimal("0.02"))),
        ("stop 29000 price 28900", OrderChange(trigger=Decimal(29000), price=Decimal(28900))),
        ("trail 500", OrderChange(trail=Decimal(500))),
    ],
)
def test_a_change(words: str, change: OrderChange) -> None:
    assert understood(f"/amend #12 {words}") == Amendment(number=12, change=change)


def test_a_change_may_be_asked_for_later() -> None:
    assert understood("/amend 12") == Amendment(number=12)


def test_an_orders_number() -> None:
    assert understood("/order 12") == 12
    assert understood("/order #12") == 12


def test_a_bracket_in_its_own_words() -> None:
    meant = guarded(f"{BRACKET} fallback close")
    assert meant.entry == draft("/buy tBTCUSD 0.01 limit 30000")
    assert (meant.stop_loss, meant.take_profit) == (Decimal(29000), Decimal(33000))
    assert meant.fallback is Fallback.CLOSE
    assert guarded(BRACKET).fallback is Fallback.HOLD
    assert guarded("/buy tBTCUSD 0.01 limit 30000 tp 33000 sl 29000") == guarded(BRACKET)


@pytest.mark.parametrize(
    ("line", "wish"),
    [
        ("/template", TemplateWish(verb=TemplateVerb.LIST)),
        ("/template LIST", TemplateWish(verb=TemplateVerb.LIST)),
        ("/template export", TemplateWish(verb=TemplateVerb.EXPORT)),
        ("/template import {}", TemplateWish(verb=TemplateVerb.IMPORT)),
        ("/template use dip_2", TemplateWish(verb=TemplateVerb.USE, name="dip_2")),
        ("/template delete dip", TemplateWish(verb=TemplateVerb.DELETE, name="dip")),
        (
            SAVE,
            TemplateWish(
                verb=TemplateVerb.SAVE, name="dip", draft=draft("/buy tBTCUSD 0.01 limit 30000")
            ),
        ),
        (
            SAVE.replace("buy", "/bracket buy") + " sl 29000",
            TemplateWish(
                verb=TemplateVerb.SAVE,
                name="dip",
                draft=guarded("/buy tBTCUSD 0.01 limit 30000 sl 29000"),
            ),
        ),
    ],
)
def test_templates(line: str, wish: TemplateWish) -> None:
    assert understood(line) == wish


@pytest.mark.parametrize(
    ("line", "wrong", "says", "examples"),
    [
        ("/amend tBTCUSD", "tBTCUSD", "not an order number", ("/amend 123456789",)),
        (
            "/amend 12 29500",
            "29500",
            "number on its own",
            ("/amend 12 price 29500", "/amend 12 amount 29500"),
        ),
        ("/amend 12 prise 3", "prise", "cannot be changed", ("/amend 12 price 3",)),
        ("/amend 12 price 3 price 4", "price", "said twice", ("/amend 12 price 3",)),
        ("/amend 12 price amount 4", "amount", "of “price”", ("/amend 12 price 30000 amount 4",)),
        ("/amend 12 amount 25%", "25%", "is not a number", ("/amend 12 amount 0.01",)),
        ("/order tBTCUSD", "tBTCUSD", "not an order number", ("/order 123456789",)),
        ("/order 12 13", "13", "one word too many", ("/order 12",)),
        ("/bracket tBTCUSD 1", "tBTCUSD", "buy or sell belongs", (BRACKET,)),
        (
            "/bracket buy tBTCUSD 1 @100 sl 101",
            "101",
            "lies below its entry",
            ("/bracket buy tBTCUSD 1 @100 sl 95",),
        ),
        ("/template sav x", "sav", "save, list, use", (SAVE,)),
        ("/template bin", "bin", "save, list, use", ("/template list",)),
        ("/template use", "", "", ()),
        ("/template save a/b buy", "a/b", "is not a name", (SAVE,)),
        ("/template save dip hold", "hold", "buy, sell or bracket", (SAVE,)),
        ("/template use dip now", "now", "one word too many", ("/template use dip",)),
        (
            "/template save dip buy tBTCUSD 1 @3 tif 1h post",
            "tif",
            "its time would pass",
            ("/template save dip buy tBTCUSD 1 @3 post",),
        ),
    ],
)
def test_the_wrong_word_is_named(
    line: str, wrong: str, says: str, examples: tuple[str, ...]
) -> None:
    refusal = refused(line)
    if not wrong:
        assert isinstance(refusal, MissingWord)
        return
    assert isinstance(refusal, WrongWord)
    assert refusal.word == wrong
    assert says in refusal.sentence
    assert refusal.examples == examples


@pytest.mark.parametrize(
    ("line", "missing", "examples"),
    [
        ("/amend", Missing.ORDER, ("/amend 123456789 price 30000",)),
        ("/amend 12 price", Missing.CHANGE, ("/amend 12 price 30000",)),
        ("/order", Missing.ORDER, ("/order 123456789",)),
        ("/bracket", Missing.SIDE, (BRACKET,)),
        ("/bracket buy", Missing.SYMBOL, (BRACKET,)),
        (
            "/bracket sell tBTCUSD 1 @100",
            Missing.EXIT,
            ("/bracket sell tBTCUSD 1 @100 sl 105 tp 95",),
        ),
        ("/template save", Missing.NAME, (SAVE,)),
        ("/template save dip", Missing.LINE, (SAVE,)),
        ("/template delete", Missing.NAME, ("/template delete dip",)),
    ],
)
def test_what_is_missing_is_said(line: str, missing: Missing, examples: tuple[str, ...]) -> None:
    refusal = refused(line)
    assert isinstance(refusal, MissingWord)
    assert (refusal.missing, refusal.examples) == (missing, examples)


def test_a_long_import_is_let_through() -> None:
    assert understood("/template import " + "x" * 3_000) == TemplateWish(verb=TemplateVerb.IMPORT)
    assert isinstance(refused("/template save " + "x" * 3_000), WrongWord)
