"""One-time codes that a person reads and types; only their digests are kept."""

import hashlib
import hmac
import re
import secrets
from typing import Final

# No letter or digit that is taken for another.
_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_PARTS, _LENGTH = 3, 4
_CODE: Final = re.compile(f"[{_LETTERS}]{{{_PARTS * _LENGTH}}}")


def new_code() -> str:
    """Twelve letters and digits in three parts, `ABCD-EFGH-JKMN`: 59 bits."""
    parts = ("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(_PARTS))
    return "-".join(parts)


def is_code(text: str) -> bool:
    """Whether it has the shape of one, however its parts and letters were typed."""
    return len(text) <= 40 and _CODE.fullmatch(_plain(text)) is not None


def digest_of(code: str) -> str:
    """SHA-256, hex; dashes, spaces and small letters make no difference."""
    return hashlib.sha256(_plain(code).encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two digests are equal, in the same time whatever they are."""
    return hmac.compare_digest(one.encode(), other.encode())


def _plain(text: str) -> str:
    return re.sub(r"[\s-]", "", text).upper()
