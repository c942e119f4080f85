"""Signatures, nonces, and secrets that stay secret."""

import hashlib
import hmac
import pickle
import traceback
from datetime import UTC, datetime, timedelta

import pytest

from engine.bitfinex.auth import ApiKey, Nonces, Secret
from tests.unit.bitfinex.doubles import SteppedClock, config
from tests.unit.bitfinex.recorded import needs_shared, ours, shared

START = datetime(2026, 1, 1, tzinfo=UTC)


def key_about_to_use(nonce: int, key: str = "key1", secret: str = "secret1") -> ApiKey:
    return ApiKey(key, Secret(secret), Nonces(lambda: START - timedelta(days=9999), nonce - 1))


@pytest.mark.parametrize("vector", ours("signatures.json"), ids=lambda vector: vector["path"])
def test_signs_a_private_call(vector: dict[str, object]) -> None:
    key = key_about_to_use(int(str(vector["nonce"])), str(vector["key"]), str(vector["secret"]))
    headers = key.headers(str(vector["path"]), str(vector["body"]).encode())
    assert headers["bfx-signature"] == vector["signature"]
    assert headers["bfx-nonce"] == str(vector["nonce"])
    assert headers["bfx-apikey"] == vector["key"]


@needs_shared
def test_signs_as_the_shared_vectors() -> None:
    (vectors,) = shared("signature_vectors.json")
    rest, ws = vectors["rest"], vectors["ws"]
    assert isinstance(rest, list)
    assert isinstance(ws, list)
    for vector in rest:
        key = key_about_to_use(int(vector["nonce"]), vector["api_key"], vector["api_secret"])
        headers = key.headers(vector["path"], vector["raw_body"].encode())
        assert headers["bfx-signature"] == vector["bfx_signature"]
    for vector in ws:
        key = key_about_to_use(vector["authNonce"], secret=vector["api_secret"])
        greeting = key.greeting(dms=False)
        assert greeting["authPayload"] == vector["authPayload"]
        assert greeting["authSig"] == vector["authSig"]


def test_greeting_signs_its_own_payload() -> None:
    greeting = key_about_to_use(1700000000000002).greeting(dms=False)
    payload = str(greeting["authPayload"])
    expected = hmac.new(b"secret1", payload.encode(), hashlib.sha384).hexdigest()
    assert payload == "AUTH1700000000000002"
    assert greeting["authSig"] == expected
    assert "dms" not in greeting


def test_greeting_asks_for_the_dead_man_switch_only_when_told() -> None:
    assert key_about_to_use(5).greeting(dms=True)["dms"] == 4


def test_nonces_grow_while_the_clock_stands_still_or_steps_back() -> None:
    nonces = Nonces(SteppedClock(10, 10, 3, 2, 11).now)
    given = [nonces.next() for _ in range(5)]
    assert given == sorted(set(given))
    assert given[-1] == int((START + timedelta(seconds=11)).timestamp()) * 1_000_000


def test_nonces_start_above_the_floor() -> None:
    nonces = Nonces(lambda: START, floor=2**53 - 10)
    assert nonces.last == 2**53 - 10
    assert nonces.next() == 2**53 - 9
    assert nonces.last == 2**53 - 9


def test_secrets_show_themselves_nowhere() -> None:
    secret = Secret("very secret")
    everywhere = f"{secret} {secret!r} {[secret]} {config()!r}"
    assert "very secret" not in everywhere
    assert "secret1" not in everywhere
    assert "key1" not in everywhere
    assert secret.reveal() == "very secret"
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_secrets_are_not_in_tracebacks_with_their_locals() -> None:
    key = key_about_to_use(5)
    try:
        key.headers("auth/r/wallets", None)  # type: ignore[arg-type]  # a caller's mistake
    except TypeError as error:
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
        assert "secret1" not in "".join(told.format())
    else:
        pytest.fail("nothing was raised")
