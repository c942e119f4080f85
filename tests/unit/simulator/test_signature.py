"""Signatures against the shared vectors, and what a keyring lets through."""

import json
from pathlib import Path

import pytest

from engine.simulator.config import SimulatorConfig
from engine.simulator.keyring import Keyring
from engine.simulator.wire.refusal import Refusal
from engine.simulator.wire.signature import check_signature, read_nonce, sign

FIXTURES = Path(__file__).resolve().parents[3] / "../shared/bitfinex/fixtures"


def test_signatures_equal_the_official_clients() -> None:
    path = FIXTURES / "signature_vectors.json"
    if not path.exists():
        pytest.skip("the shared fixtures are not beside this checkout")
    vectors = json.loads(path.read_text())
    for vector in vectors["rest"]:
        config = SimulatorConfig(keys={vector["api_key"]: vector["api_secret"]})
        headers = {
            "bfx-apikey": vector["api_key"],
            "bfx-nonce": vector["nonce"],
            "bfx-signature": vector["bfx_signature"],
        }
        body = vector["raw_body"].encode()
        credential = Keyring(config, {}).rest(headers, f"/v2/{vector['path']}", body)
        assert credential.key == vector["api_key"]
        with pytest.raises(Refusal, match="digest"):
            Keyring(config, {}).rest(headers, f"/v2/{vector['path']}", body + b" ")
    for vector in vectors["ws"]:
        signed = sign(vector["api_secret"], vector["authPayload"].encode())
        assert signed == vector["authSig"]


def test_the_node_clients_doubled_payload_is_accepted() -> None:
    keyring = Keyring(SimulatorConfig(keys={"k": "s"}), {})
    payload = "AUTH1212"
    assert keyring.websocket("k", "12", payload, sign("s", payload.encode())).account == "main"
    with pytest.raises(Refusal, match="nonce: small"):
        keyring.websocket("k", "12", payload, sign("s", payload.encode()))
    with pytest.raises(Refusal, match="digest"):
        keyring.websocket("k", "99", payload, sign("s", payload.encode()))


def test_upper_case_signatures_are_wrong() -> None:
    with pytest.raises(Refusal):
        check_signature("s", b"x", sign("s", b"x").upper())


@pytest.mark.parametrize("text", ["", "-1", "1.5", "1e3", "\u0661", "9007199254740992", "9" * 40])
def test_odd_nonces_are_refused(text: str) -> None:
    with pytest.raises(Refusal):
        read_nonce(text)
