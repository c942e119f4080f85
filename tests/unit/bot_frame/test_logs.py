"""Whatever is logged, by us or by a library: one shape, and no secret in it."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs import configure_logs
from bot.redaction import Redactor
from bot.settings import LogSettings

SECRETS = ("hush-of-the-desk", "p@ss'w\"o\\rd/%")
TOKEN = "7123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"


class Listener:
    """Logs set up with a stream that can be read."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    def listen(self, style: str, level: str = "INFO") -> None:
        settings = LogSettings.model_validate({"LOG_FORMAT": style, "LOG_LEVEL": level})
        configure_logs(settings, SECRETS, self.stream)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def listener() -> Iterator[Listener]:
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    yield Listener()
    root.handlers[:], level = before
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def test_ours_and_theirs_have_one_shape(listener: Listener) -> None:
    listener.listen("json")
    structlog.get_logger("desk").info("order_sent", symbol="tBTCUSD", amount=0.5)
    logging.getLogger("aiogram").warning("retry in %d s", 5)
    ours, theirs = listener.lines
    assert ours["event"] == "order_sent"
    assert ours["symbol"] == "tBTCUSD"
    assert theirs["event"] == "retry in 5 s"
    assert theirs["level"] == "warning"
    for line in listener.lines:
        assert str(line["timestamp"]).endswith("Z")
        datetime.fromisoformat(str(line["timestamp"]))


def test_the_level_holds_for_both(listener: Listener) -> None:
    listener.listen("json", "WARNING")
    structlog.get_logger().info("small talk")
    logging.getLogger("asyncio").info("small talk")
    logging.getLogger("anything").debug("small talk")
    assert listener.text == ""


def test_the_console_has_no_colours_where_nobody_sees_them(listener: Listener) -> None:
    listener.listen("console")
    structlog.get_logger().info("order_sent", symbol="tBTCUSD")
    assert "\x1b" not in listener.text
    assert "symbol=tBTCUSD" in listener.text


def test_a_second_set_up_replaces_the_first(listener: Listener) -> None:
    listener.listen("console")
    listener.listen("json")
    structlog.get_logger().info("once")
    assert len(listener.lines) == 1


@pytest.mark.parametrize("style", ["json", "console"])
@pytest.mark.parametrize("secret", [*SECRETS, TOKEN])
def test_no_secret_comes_out_whoever_says_it(listener: Listener, style: str, secret: str) -> None:
    listener.listen(style)
    log = structlog.get_logger()
    log.info(f"said {secret}", field=secret, nested={"a": [secret, (secret, {secret})]})
    log.info("said", **{secret: 1})
    log.info("bytes", body=secret.encode(), thing=ValueError(secret), cls={"k": {secret: secret}})
    logging.getLogger("aiohttp.client").error("to %s with %r", f"https://x/bot{secret}/m", secret)
    logging.getLogger("asyncio").error("extra", extra={"headers": {"x": secret}})
    try:
        raise ValueError(secret)
    except ValueError:
        log.exception("failed")
        logging.getLogger("alembic").exception("failed")
    log.error("grouped", exc_info=ExceptionGroup("both", [OSError(secret), KeyError(secret)]))
    assert listener.text
    assert "***" in listener.text
    spoken = {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]}
    assert not any(spelling in listener.text for spelling in spoken)


@pytest.mark.parametrize(
    "said",
    [
        "Authorization: Bearer abc.def.ghi",
        "{'Authorization': 'Basic b2xpdmlhOmFiYw=='}",
        "bfx-signature: abc",
        "<CIMultiDict('bfx-apikey': 'abc', 'bfx-signature': 'abcdef', 'bfx-nonce': '5')>",
        '{\\"apiKey\\": \\"abc\\", \\"authSig\\": \\"abcdef\\"}',
        '{"apiKey":"abc","authSig":"abc","authNonce":"5"}',
        "[('authorization', 'abc')]",
        "postgresql+asyncpg://olivia:abc@db/genesis",
    ],
)
def test_what_looks_like_credentials_is_masked(said: str) -> None:
    shown = Redactor([]).text(said)
    assert "abc" not in shown
    assert "b2xp" not in shown


def test_what_is_named_like_a_secret_is_masked() -> None:
    shown = Redactor([]).value(
        {"api_key": "abc", "JWT_SECRET_KEY": b"abc", "password": 12345, "symbol": "tBTCUSD"}
    )
    assert shown == {
        "api_key": "***",
        "JWT_SECRET_KEY": "***",
        "password": "***",
        "symbol": "tBTCUSD",
    }


def test_plain_words_and_numbers_stay_as_they_are() -> None:
    event = {"event": "at 12:30 the basic order 1700000000123 was sent", "n": 5, "ok": True}
    assert Redactor(SECRETS).value(event) == event


def test_a_structure_without_an_end_is_cut() -> None:
    loop: list[object] = []
    loop.append(loop)
    assert "..." in str(Redactor([]).value(loop))


_secrets = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="*"),
    min_size=4,
    max_size=60,
)
_around = st.text(max_size=30)


def _wrapped(leaf: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.tuples(inner, inner),
            st.dictionaries(st.text(max_size=8), inner, max_size=3),
        ),
        max_leaves=8,
    )


@settings(deadline=None)
@given(secrets=st.lists(_secrets, min_size=1, max_size=4), data=st.data())
def test_planted_secrets_never_come_out(secrets: list[str], data: st.DataObject) -> None:
    planted = st.builds(
        lambda before, secret, after: before + secret + after,
        _around,
        st.sampled_from(secrets),
        _around,
    )
    leaf = st.one_of(planted, planted.map(lambda text: text.encode(errors="replace")))
    event = data.draw(_wrapped(leaf))
    for text in _texts(Redactor(secrets).value(event)):
        assert not any(secret in text for secret in secrets)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (text for pair in value.items() for item in pair for text in _texts(item))
    elif isinstance(value, list):
        yield from (text for item in value for text in _texts(item))
    else:
        yield str(value)
