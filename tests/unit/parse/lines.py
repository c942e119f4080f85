"""Whole lines as an operator sends them, read or refused."""

import re
from datetime import UTC, datetime

import pytest

from bot.telegram import parse
from bot.telegram.parse import (
    Amendment,
    CancelTarget,
    MissingWord,
    Spoken,
    TemplateWish,
    WrongWord,
)
from engine.model.draft import BracketDraft, OrderDraft
from engine.model.errors import InvalidInput
from engine.model.order import Side

NOW = datetime(2026, 11, 22, 13, 30, 15, 123456, tzinfo=UTC)

Order = OrderDraft | BracketDraft
Meaning = (
    Order | CancelTarget | Amendment | TemplateWish | tuple[str, object] | str | int | Spoken | None
)


def understood(line: str) -> Meaning:
    """What the chat makes of a line."""
    spoken = parse.split_command(line)
    if spoken is None:
        return None
    match spoken.name:
        case "buy" | "sell":
            return parse.order(Side(spoken.name), spoken.words, NOW)
        case "bracket":
            return parse.bracket(spoken.words, NOW)
        case "amend":
            return parse.amend(spoken.words)
        case "order":
            return parse.order_number(spoken.words)
        case "template":
            return parse.template(spoken.words, NOW)
        case "cancel":
            return parse.cancel_target(spoken.words)
        case "close":
            return parse.close(spoken.words)
        case "price":
            return parse.symbol(spoken.words, "/price tBTCUSD")
        case "orders":
            return parse.optional_symbol(spoken.words, "/orders tBTCUSD")
        case "pause":
            return parse.reason(spoken.rest)
    return spoken


def draft(line: str) -> OrderDraft:
    """The order a line means."""
    meaning = understood(line)
    assert isinstance(meaning, OrderDraft)
    return meaning


def guarded(line: str) -> BracketDraft:
    """The bracket a line means."""
    meaning = understood(line)
    assert isinstance(meaning, BracketDraft)
    return meaning


def refused(line: str) -> WrongWord | MissingWord:
    """The refusal of a line, after a look at whether it teaches."""
    with pytest.raises(InvalidInput) as caught:
        understood(line)
    refusal = caught.value
    assert isinstance(refusal, WrongWord | MissingWord)
    teaches(refusal)
    return refusal


def teaches(refusal: InvalidInput) -> None:
    """One calm printable line that ends with examples, each of which can be read."""
    assert isinstance(refusal, WrongWord | MissingWord)
    sentence = refusal.sentence
    assert refusal.examples
    assert sentence.endswith(" or ".join(refusal.examples))
    for example in refusal.examples:
        assert example.startswith("/")
        assert _works(example)
    assert sentence.isprintable()
    assert "!" not in re.sub("“.*”", "", sentence)
    assert len(sentence) < 400


def _works(example: str) -> bool:
    """A name alone, the example for a misspelt name, may still ask for its words."""
    try:
        return understood(example) is not None
    except MissingWord:
        return " " not in example
