"""Signatures and nonces: who is speaking, and that nobody says it twice."""

import hashlib
import hmac

from engine.simulator.wire.refusal import AUTH_FAIL, NONCE, Refusal

HIGHEST_NONCE = 9_007_199_254_740_991


def sign(secret: str, text: bytes) -> str:
    """Lower-case hex HMAC-SHA384 (sheet, 1.2)."""
    return hmac.new(secret.encode(), text, hashlib.sha384).hexdigest()


def check_signature(secret: str, text: bytes, signature: str) -> None:
    """Raise `apikey: digest invalid` unless `signature` is exactly the text's."""
    if not hmac.compare_digest(sign(secret, text).encode(), signature.encode()):
        raise Refusal(AUTH_FAIL, "apikey: digest invalid")


def read_nonce(text: str) -> int:
    """The nonce as a number; anything but a plain integer up to 2^53-1 is refused."""
    if not (text.isascii() and text.isdigit()) or len(text) > 16 or int(text) > HIGHEST_NONCE:
        raise Refusal(AUTH_FAIL, "nonce: invalid")
    return int(text)


def nonce_small() -> Refusal:
    return Refusal(NONCE, "nonce: small.")
