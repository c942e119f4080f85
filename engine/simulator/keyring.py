"""API keys: whose they are, what they may, and the nonces they have used."""

from dataclasses import dataclass

from engine.simulator.config import SimulatorConfig
from engine.simulator.wire.json import Fields
from engine.simulator.wire.refusal import AUTH_FAIL, Refusal, generic
from engine.simulator.wire.signature import check_signature, nonce_small, read_nonce

MAIN = "main"
SCOPES = ("account", "history", "orders", "positions", "funding", "settings", "wallets")
CLOSED_SCOPES = ("withdraw", "ui_withdraw", "bfxpay")
ALL_SCOPES = SCOPES + CLOSED_SCOPES
SCOPE_OF = (
    ("orders/", "history"),
    ("trades/", "history"),
    ("ledgers/", "history"),
    ("movements/", "history"),
    ("positions/hist", "history"),
    ("position", "positions"),
    ("deriv/", "positions"),
    ("info/margin", "positions"),
    ("wallets", "wallets"),
    ("transfer", "wallets"),
    ("order", "orders"),
    ("funding", "funding"),
    ("info/user", "account"),
    ("summary", "account"),
    ("logins", "account"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """One API key."""

    key: str
    secret: str
    account: str
    read_only: bool = False
    paper: bool = False
    denied: frozenset[str] = frozenset()

    def may(self, scope: str, *, write: bool = False) -> bool:
        """Whether the key has the scope; `denied` names `SCOPE` or `SCOPE:write`."""
        if scope in self.denied or scope not in SCOPES:
            return False
        return not write or not (self.read_only or f"{scope}:write" in self.denied)

    @property
    def caps(self) -> Fields:
        """What the websocket says of it when it signs in (sheet, 6.6)."""
        return {
            scope: {"read": int(self.may(scope)), "write": int(self.may(scope, write=True))}
            for scope in ALL_SCOPES
        }

    def require(self, scope: str, *, write: bool = False) -> None:
        if not self.may(scope, write=write):
            raise generic("api_key: permission invalid")


class Keyring:
    """Checks signatures, and that each key's nonces only rise, over REST and websocket alike."""

    def __init__(self, config: SimulatorConfig, nonces: dict[str, int]) -> None:
        self._nonces = nonces
        self._credentials = {
            key: Credential(
                key=key,
                secret=secret,
                account=config.accounts.get(key, MAIN),
                read_only=key in config.read_only,
                paper=key in config.paper,
                denied=frozenset(config.denied.get(key, ())),
            )
            for key, secret in config.keys.items()
        }

    @property
    def account_names(self) -> list[str]:
        return sorted({credential.account for credential in self._credentials.values()} or {MAIN})

    def rest(self, headers: dict[str, str], path: str, body: bytes) -> Credential:
        """Who signed `"/api" + path + nonce + body` (sheet, 1.2); raises `Refusal`."""
        credential = self._known(headers.get("bfx-apikey", ""))
        nonce = headers.get("bfx-nonce", "")
        signed = f"/api{path}{nonce}".encode() + body
        check_signature(credential.secret, signed, headers.get("bfx-signature", ""))
        self._advance(credential.key, nonce)
        return credential

    def websocket(self, key: str, nonce: str, payload: str, signature: str) -> Credential:
        """Who signed `payload` as received, which must begin with `AUTH` and the nonce."""
        credential = self._known(key)
        check_signature(credential.secret, payload.encode(), signature)
        if not payload.startswith(f"AUTH{nonce}"):
            raise Refusal(AUTH_FAIL, "apikey: digest invalid")
        self._advance(credential.key, nonce)
        return credential

    def _known(self, key: str) -> Credential:
        found = self._credentials.get(key)
        if found is None:
            raise Refusal(AUTH_FAIL, "apikey: invalid")
        return found

    def _advance(self, key: str, text: str) -> None:
        nonce = read_nonce(text)
        if nonce <= self._nonces.get(key, 0):
            raise nonce_small()
        self._nonces[key] = nonce


def scope_of(path: str) -> str | None:
    """The scope that a private REST path needs; None where any key will do."""
    bare = path.split("/auth/", 1)[-1].partition("/")[2]
    if bare.startswith("orders/") and not bare.endswith("/hist"):
        return "orders"
    return next((scope for start, scope in SCOPE_OF if bare.startswith(start)), None)
