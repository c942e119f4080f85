"""The exchange's errors in our words, by the body."""

import pytest

from engine.bitfinex.errors import NonceSmall, answer_of
from engine.model.errors import (
    CredentialsRefused,
    ExchangeError,
    ExchangeRefused,
    ExchangeUnreachable,
    RateLimited,
)

CASES: list[tuple[int, bytes, type[ExchangeError]]] = [
    (500, b'["error",10001,"Order not found."]', ExchangeRefused),
    (200, b'["error",10020,"symbol: invalid"]', ExchangeRefused),
    (500, b'["error",null,"ERR_WRONG_AMOUNT"]', ExchangeRefused),
    (500, b'["error"]', ExchangeRefused),
    (500, b'["error",10100,"apikey: digest invalid"]', CredentialsRefused),
    (500, b'["error",10001,"api_key: permission invalid"]', CredentialsRefused),
    (500, b'["error",10114,"nonce: small."]', NonceSmall),
    (500, b'["error",11010,"ratelimit: error"]', RateLimited),
    (429, b'{"error":"ERR_RATE_LIMIT"}', RateLimited),
    (200, b'{"error":"ERR_RATE_LIMIT"}', RateLimited),
    (429, b"<html>slow down</html>", RateLimited),
    (429, b"[]", RateLimited),
    (500, b'["error",20060,"maintenance"]', ExchangeUnreachable),
    (503, b'{"code":503,"error":"temporarily_unavailable"}', ExchangeUnreachable),
    (502, b"<html><h1>Bad gateway</h1></html>", ExchangeUnreachable),
    (403, b"<!DOCTYPE html>", ExchangeUnreachable),
    (200, b"", ExchangeUnreachable),
    (500, b"[]", ExchangeUnreachable),
    (400, b'{"message":"no"}', ExchangeRefused),
]


@pytest.mark.parametrize(("status", "body", "kind"), CASES)
def test_an_error_is_told_by_its_body(status: int, body: bytes, kind: type[ExchangeError]) -> None:
    with pytest.raises(ExchangeError) as caught:
        answer_of(status, body)
    assert type(caught.value) is kind
    assert caught.value.sentence


def test_the_exchanges_own_words_are_kept() -> None:
    with pytest.raises(ExchangeRefused, match="minimum size for TRXUSD is 22"):
        answer_of(500, b'["error",10001,"Invalid order: minimum size for TRXUSD is 22"]')


def test_no_data_is_no_error() -> None:
    assert answer_of(200, b"[]") == []
