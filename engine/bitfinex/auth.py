"""Keys, nonces and signatures (facts sheet 1.2, 6.6)."""

import hashlib
import hmac

from engine.bitfinex.nonces import Nonces
from engine.bitfinex.turns import Turns

_DEAD_MAN_SWITCH = 4
_SHORTEST_ECHO = 8


class Secret:
    """A text that shows itself to nobody who does not ask for it by name."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> str:
        raise TypeError("A secret is not written down.")


class ApiKey:
    """One key of the account: its nonces, and the lock under which they leave in order.

    Whoever signs holds `lock` until the exchange has heard it.
    """

    __slots__ = ("_echoes", "_key", "_secret", "lock", "nonces")

    def __init__(self, key: str, secret: Secret, nonces: Nonces) -> None:
        self._key = key
        self._secret = secret
        self.nonces = nonces
        self.lock = Turns(1)
        told = (word.encode() for word in (key, secret.reveal()))
        self._echoes = tuple(word for word in told if len(word) >= _SHORTEST_ECHO)

    def unsaid(self, heard: bytes) -> bytes:
        """What the exchange says, without our key where it repeats that to us."""
        for word in self._echoes:
            heard = heard.replace(word, b"***")
        return heard

    def unsaid_words(self, heard: str) -> str:
        """As `unsaid`."""
        return self.unsaid(heard.encode()).decode()

    async def headers(self, path: str, body: bytes, *, urgent: bool = False) -> dict[str, str]:
        """Headers of one private call; `path` begins `auth/`, `body` is what will be sent."""
        nonce = str(await self.nonces.next(urgent=urgent))
        return {
            "bfx-apikey": self._key,
            "bfx-nonce": nonce,
            "bfx-signature": self._sign(f"/api/v2/{path}{nonce}".encode() + body),
            "content-type": "application/json",
        }

    async def greeting(self, *, dms: bool) -> dict[str, str | int]:
        """The `auth` message of a private socket."""
        nonce = await self.nonces.next()
        payload = f"AUTH{nonce}"
        message: dict[str, str | int] = {
            "event": "auth",
            "apiKey": self._key,
            "authNonce": nonce,
            "authPayload": payload,
            "authSig": self._sign(payload.encode()),
        }
        return message | {"dms": _DEAD_MAN_SWITCH} if dms else message

    def _sign(self, message: bytes) -> str:
        return hmac.new(self._secret.reveal().encode(), message, hashlib.sha384).hexdigest()
