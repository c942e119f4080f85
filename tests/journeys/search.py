"""Looks for planted words wherever a service may have left them."""

import gc
import re
from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import asyncpg
import msgspec

from tests.stage import Json

OURS = ("bot.", "db.", "engine.")
THEIRS = ("bot.telegram.sandbox", "engine.simulator")
"""Programs of the other side, which know their own end of a secret."""


def pattern(words: Collection[str]) -> re.Pattern[str]:
    """Finds any of these, as it is or as it may be written."""
    return re.compile("|".join(sorted(map(_spelled, words), key=len, reverse=True)))


def _spelled(word: str) -> str:
    if word.isdecimal():  # the digits of a code, which a fraction of a second may have too
        return rf"(?<![\d.,]){word}(?!\d)"
    plain = {word, quote(word, safe=""), b64encode(word.encode()).decode(), word.encode().hex()}
    return "|".join(re.escape(each) for each in plain)


def found(text: str, planted: Mapping[str, str]) -> Sequence[str]:
    """The names of what is in a text, each with what stands around it, itself masked."""
    seen = []
    for name, word in planted.items():
        for hit in pattern([word]).finditer(text):
            around = text[max(0, hit.start() - 60) : hit.end() + 20].replace(word, "<it>")
            seen.append(f"{name}: …{around}…")
    return seen


async def in_database(url: str, planted: Mapping[str, str], secret: bytes) -> Sequence[str]:
    """What any table holds, but the one that must hold the secret."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        names = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        )
        seen = []
        for (table,) in names:
            rows = await connection.fetch(f'SELECT * FROM "{table}"')
            raw = b"\n".join(_bytes(value) for row in rows for value in row.values())
            if table == "second_factors":
                assert secret in raw, "the only place that holds the secret has it not"
                raw = raw.replace(secret, b"")
            if secret in raw:
                seen.append(f"{table} holds the raw secret")
            seen += [f"{table}: {hit}" for hit in found(raw.decode(errors="replace"), planted)]
        return seen
    finally:
        await connection.close()


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | bytearray) else str(value).encode()


def in_objects(planted: Mapping[str, str]) -> Sequence[str]:
    """What the repr or str of any object of ours that is alive shows."""
    seen: set[str] = set()
    sought = pattern(planted.values())
    for thing in gc.get_objects():
        kind = type(thing)
        home = f"{kind.__module__}."
        if not home.startswith(OURS) or home.startswith(THEIRS):
            continue
        shown = f"{thing!r} {thing}"
        if sought.search(shown):
            seen.update(f"{kind.__qualname__}: {hit}" for hit in found(shown, planted))
    return sorted(seen)


def told(folder: Path) -> Iterator[tuple[bool, str]]:
    """Every form of every message there ever was on the local Telegram: by the bot, its words."""
    for ledger in sorted(folder.glob("**/*")):
        if not ledger.is_file() or ledger.suffix not in (".jsonl", ".log", ".ndjson"):
            continue
        for line in ledger.read_bytes().splitlines():
            record: Json = msgspec.json.decode(line)
            for message in _messages(record):
                sender = message.get("from")
                assert isinstance(sender, dict)
                yield bool(sender.get("is_bot")), msgspec.json.encode(message).decode()


def _messages(record: Json) -> Iterator[Json]:
    entry = record.get("entry")
    if record.get("t") in ("posted", "changed") and isinstance(entry, dict):
        yield entry["message"]
