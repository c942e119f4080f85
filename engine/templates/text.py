"""Templates as JSON text, for files that people keep and pass on; strict where they come in."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Final

import msgspec

from engine.model.errors import InvalidInput
from engine.model.template import OrderTemplate
from engine.templates.checks import misfits

LONGEST_TEXT: Final = 64 * 1024
VERSION: Final = 1
EXAMPLE: Final = '{"genesis_templates": 1, "templates": [...]}'


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    genesis_templates: int
    templates: list[msgspec.Raw]


_documents: Final = msgspec.json.Decoder(_Document)
_entries: Final = msgspec.json.Decoder(OrderTemplate)
_names: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_defaults: Final = {field.name: field.default for field in fields(OrderTemplate)}


def dumps(templates: Sequence[OrderTemplate]) -> str:
    """A text that `loads` takes in; what is as always is left out."""
    whole = {"genesis_templates": VERSION, "templates": [_said(one) for one in templates]}
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()


def loads(text: str) -> tuple[OrderTemplate, ...]:
    """All that a text holds. `InvalidInput` names the entry and the field that is wrong.

    Nothing is guessed and nothing left out: an unknown field, a name twice, a number that is none
    or more than 64 KB, and the whole text is refused.
    """
    if len(text.encode(errors="surrogatepass")) > LONGEST_TEXT:
        raise InvalidInput(f"The text is longer than {LONGEST_TEXT // 1024} KB. Nothing was taken.")
    entries = [_entry(number, raw) for number, raw in enumerate(_document(text).templates, 1)]
    known: dict[str, int] = {}
    for number, template in enumerate(entries, 1):
        if (first := known.setdefault(template.name.lower(), number)) != number:
            raise InvalidInput(
                f"Entry {number} ({template.name}): name: entry {first} has it too. "
                "Nothing was taken."
            )
    return tuple(entries)


def _said(template: OrderTemplate) -> dict[str, object]:
    said = {name: getattr(template, name) for name in _defaults}
    return {name: value for name, value in said.items() if value != _defaults[name]}


def _document(text: str) -> _Document:
    try:
        document = _documents.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise InvalidInput(
            f"The text is not an export of templates: {error}. It should look like {EXAMPLE}. "
            "Nothing was taken."
        ) from error
    if document.genesis_templates != VERSION:
        raise InvalidInput(
            f"The text is of version {document.genesis_templates}; this is version {VERSION}. "
            "Nothing was taken."
        )
    return document


def _entry(number: int, raw: msgspec.Raw) -> OrderTemplate:
    try:
        template = _entries.decode(raw)
        unknown = _names.decode(raw).keys() - _defaults.keys()
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise InvalidInput(f"Entry {number}: {error}. Nothing was taken.") from error
    if unknown:
        names = ", ".join(sorted(unknown))[:64]
        raise InvalidInput(f"Entry {number}: unknown field {names}. Nothing was taken.")
    if wrong := misfits(template):
        name = template.name[:32]
        raise InvalidInput(f"Entry {number} ({name}): {' '.join(wrong)} Nothing was taken.")
    return template
