"""The policy that people's words make of the settings'."""

from collections.abc import Mapping
from dataclasses import fields, replace

import structlog

from engine.model.errors import InvalidInput
from engine.model.limit_words import Value, value_of
from engine.model.risk import RiskLimits

log = structlog.get_logger()


def with_words(base: RiskLimits, words: Mapping[str, str]) -> RiskLimits:
    """The policy with these words over it; a word that no longer means anything is left out."""
    limits = base
    for name, word in words.items():
        try:
            limits = _with(limits, name, value_of(name, word))
        except InvalidInput as error:  # kept by another version; the others still hold
            log.error("limit_word_not_understood", limit=name, detail=error.sentence)
    return limits


def _with(limits: RiskLimits, name: str, value: Value) -> RiskLimits:
    changed = {field.name: getattr(limits, field.name) for field in fields(RiskLimits)}
    return replace(limits, **(changed | {name: value}))


def limit_in(limits: RiskLimits, name: str) -> Value:
    """The limit of that name."""
    value: Value = getattr(limits, name)
    return value
