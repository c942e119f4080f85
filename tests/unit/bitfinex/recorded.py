"""Recorded samples: our own in the checkout, and the shared ones where they exist."""

import json
from pathlib import Path

import pytest

PAYLOADS = Path(__file__).resolve().parents[2] / "payloads" / "bitfinex"
SHARED = Path(__file__).resolve().parents[3] / "../shared/bitfinex/fixtures"

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared recordings are not beside this checkout"
)


def ours(name: str) -> list[dict[str, object]]:
    """One of our own payload files."""
    found: list[dict[str, object]] = json.loads((PAYLOADS / name).read_text())
    return found


def shared(name: str) -> list[dict[str, object]]:
    """One of the shared files; empty where there is none."""
    path = SHARED / name
    if not path.exists():
        return []
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text().splitlines()]
    found = json.loads(path.read_text())
    return found if isinstance(found, list) else [found]


def raw(message: object) -> bytes:
    """A recorded message as a frame."""
    return json.dumps(message).encode()
