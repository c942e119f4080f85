"""Signatures, nonces, and secrets that stay secret."""

import hashlib
import hmac
import pickle
import traceback
from datetime import UTC, datetime, timedelta

import pytest

from engine.bitfinex.auth import ApiKey, Secret
from engine.bitfinex.nonces import MemoryNonces, Nonces
from tests.unit.bitfinex.doubles import config
from tests.unit.bitfinex.recorded import needs_shared, ours, shared

START = datetime(2026, 1, 1, tzinfo=UTC)


def key_about_to_use(nonce: int, key: str = "key1", secret: str = "secret1") -> ApiKey:
    nonces = Nonces(lambda: START - timedelta(days=9999), MemoryNonces(nonce), key)
    return ApiKey(key, Secret(secret), nonces)


@pytest.mark.parametrize("vector", ours("signatures.json"), ids=lambda vector: vector["path"])
async def test_signs_a_private_call(vector: dict[str, object]) -> None:
    key = key_about_to_use(int(str(vector["nonce"])), str(vector["key"]), str(vector["secret"]))
    headers = await key.headers(str(vector["path"]), str(vector["body"]).encode())
    assert headers["bfx-signature"] == vector["signature"]
    assert headers["bfx-nonce"] == str(vector["nonce"])
    assert headers["bfx-apikey"] == vector["key"]


@needs_shared
async def test_signs_as_the_shared_vectors() -> None:
    (vectors,) = shared("signature_vectors.json")
    rest, ws = vectors["rest"], vectors["ws"]
    assert isinstance(rest, list)
    assert isinstance(ws, list)
    for vector in rest:
        key = key_about_to_use(int(vector["nonce"]), vector["api_key"], vector["api_secret"])
        headers = await key.headers(vector["path"], vector["raw_body"].encode())
        assert headers["bfx-signature"] == vector["bfx_signature"]
    for vector in ws:
        key = key_about_to_use(vector["authNonce"], secret=vector["api_secret"])
        greeting = await key.greeting(dms=False)
        assert greeting["authPayload"] == vector["authPayload"]
        assert greeting["authSig"] == vector["authSig"]


async def test_greeting_signs_its_own_payload() -> None:
    greeting = await key_about_to_use(1700000000000002).greeting(dms=False)
    payload = str(greeting["authPayload"])
    expected = hmac.new(b"secret1", payload.encode(), hashlib.sha384).hexdigest()
    assert payload == "AUTH1700000000000002"
    assert greeting["authSig"] == expected
    assert "dms" not in greeting


async def test_greeting_asks_for_the_dead_man_switch_only_when_told() -> None:
    assert (await key_about_to_use(5).greeting(dms=True))["dms"] == 4


def test_secrets_show_themselves_nowhere() -> None:
    secret = Secret("very secret")
    everywhere = f"{secret} {secret!r} {[secret]} {config()!r}"
    assert "very secret" not in everywhere
    assert "secret1" not in everywhere
    assert "key1" not in everywhere
    assert secret.reveal() == "very secret"
    with pytest.raises(TypeError):
        pickle.dumps(secret)


async def test_secrets_are_not_in_tracebacks_with_their_locals() -> None:
    key = key_about_to_use(5)
    try:
        await key.headers("auth/r/wallets", None)  # type: ignore[arg-type]  # a caller's mistake
    except TypeError as error:
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
        assert "secret1" not in "".join(told.format())
    else:
        pytest.fail("nothing was raised")
