"""Templates as JSON text, for files that people keep and pass on; strict where they come in."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import msgspec

from engine.model.account import Wallet
from engine.model.bracket import Fallback
from engine.model.errors import InvalidInput
from engine.model.order import OrderType, Side
from engine.model.template import OrderTemplate, SizeKind
from engine.templates.checks import misfits

LONGEST_TEXT: Final = 64 * 1024
VERSION: Final = 1
EXAMPLE: Final = '{"genesis_templates": 1, "templates": [...]}'


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    genesis_templates: int
    templates: list[msgspec.Raw]


class _Entry(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    name: str
    symbol: str
    side: Side
    size: Decimal
    size_kind: SizeKind = SizeKind.BASE
    currency: str | None = None
    type: OrderType = OrderType.MARKET
    price: Decimal | None = None
    trigger: Decimal | None = None
    trail: Decimal | None = None
    oco_stop: Decimal | None = None
    wallet: Wallet = Wallet.EXCHANGE
    post_only: bool = False
    reduce_only: bool = False
    hidden: bool = False
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    fallback: Fallback = Fallback.HOLD


_documents: Final = msgspec.json.Decoder(_Document)
_entries: Final = msgspec.json.Decoder(_Entry)


def dumps(templates: Sequence[OrderTemplate]) -> str:
    """A text that `loads` takes in; what is as always is left out."""
    entries = [msgspec.convert(template, _Entry, from_attributes=True) for template in templates]
    whole = {"genesis_templates": VERSION, "templates": entries}
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
        read = _entries.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise InvalidInput(f"Entry {number}: {error}. Nothing was taken.") from error
    template = msgspec.convert(read, OrderTemplate, from_attributes=True)
    if wrong := misfits(template):
        name = template.name[:32]
        raise InvalidInput(f"Entry {number} ({name}): {' '.join(wrong)} Nothing was taken.")
    return template
