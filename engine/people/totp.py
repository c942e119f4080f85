"""Codes of an authenticator app: RFC 6238 over RFC 4226, SHA-1, six digits, thirty seconds."""

import base64
import hashlib
import hmac
import re
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

STEP_SECONDS: Final = 30
DIGITS: Final = 6
WINDOW: Final = 1
"""How many steps a phone's clock may be off, either way."""
SECRET_BYTES: Final = 20

_CODE: Final = re.compile(r"\s*([0-9]{3})\s?([0-9]{3})\s*")


def digits_of(text: str) -> str | None:
    """The six digits that a text is, perhaps parted in the middle; None for any other text."""
    found = _CODE.fullmatch(text)
    return found[1] + found[2] if found else None


def step_of(moment: datetime) -> int:
    """Which thirty seconds since 1970 a moment falls into."""
    return int(moment.timestamp()) // STEP_SECONDS


def code_at(secret: bytes, step: int) -> str:
    """The six digits of a step (RFC 4226, section 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: bytes, code: str, now: datetime, *, after: int) -> int | None:
    """The step within the window whose code this is; none up to `after` counts any more.

    Every step is compared, in a time that does not tell which of them came near.
    """
    found = None
    for step in range(step_of(now) - WINDOW, step_of(now) + WINDOW + 1):
        right = hmac.compare_digest(code_at(secret, step).encode(), code.encode())
        if right and step > after:
            found = step
    return found


def spelled(secret: bytes) -> str:
    """The secret as it is typed into an app."""
    return base64.b32encode(secret).decode().rstrip("=")


def address_of(secret: bytes, *, issuer: str, account: str) -> str:
    """The `otpauth://` address a QR picture holds."""
    label = quote(f"{issuer}:{account}", safe=":")
    return f"otpauth://totp/{label}?{urlencode({'secret': spelled(secret), 'issuer': issuer})}"
