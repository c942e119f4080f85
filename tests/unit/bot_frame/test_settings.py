"""What settings are by default, and what they may be."""

import os
import subprocess
import sys
from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.settings import load_database_settings, load_settings
from engine.model.actor import Role
from engine.model.endpoint import EndpointType, Rates
from engine.model.errors import ConfigurationError
from tests.unit.bot_frame.environment import NEEDED, loaded, refused

ROOT = Path(__file__).resolve().parents[3]


def test_little_is_needed_and_the_defaults_are_the_documented_ones() -> None:
    settings = loaded()
    assert settings.bitfinex.api_url == "https://api.bitfinex.com/v2"
    assert settings.bitfinex.public_api_url == "https://api-pub.bitfinex.com/v2"
    assert settings.bitfinex.ws_auth_uri == "wss://api.bitfinex.com/ws/2"
    assert settings.bitfinex.ws_public_uri == "wss://api-pub.bitfinex.com/ws/2"
    assert not settings.bitfinex.dms
    assert settings.telegram.api_url == "https://api.telegram.org"
    assert settings.telegram.card_expires_seconds == 60
    assert dict(settings.telegram.roles) == {}
    assert settings.database.url is None
    assert settings.database.state_dir == Path("/home/olivia/.local/share/genesis")
    assert (settings.web.host, settings.web.port) == ("127.0.0.1", 8000)
    assert settings.web.auth_required
    assert settings.market.subscribe_symbols == ("tBTCUSD", "tETHUSD")
    assert settings.region.timezone.key == "UTC"


def test_websocket_keys_are_the_rest_ones_unless_both_are_given() -> None:
    settings = loaded().bitfinex
    assert settings.ws_api_key == SecretStr(NEEDED["BITFINEX_API_KEY"])
    assert settings.ws_api_secret == SecretStr(NEEDED["BITFINEX_API_SECRET"])
    own = loaded(BITFINEX_WS_API_KEY="ws-k3y", BITFINEX_WS_API_SECRET="ws-hush").bitfinex
    assert own.ws_api_key == SecretStr("ws-k3y")
    assert own.api_key == SecretStr(NEEDED["BITFINEX_API_KEY"])


def test_the_public_address_follows_the_private_one() -> None:
    local = {
        "BITFINEX_API_URL": "http://127.0.0.1:8002/v2/",
        "BITFINEX_WS_AUTH_URI": "ws://localhost:8002/ws/2",
    }
    assert loaded(**local).bitfinex.public_api_url == "http://127.0.0.1:8002/v2"


def test_an_empty_value_is_as_good_as_none() -> None:
    assert loaded(METRICS_ACCESS_TOKEN="", PORT=" ").web.port == 8000
    assert "TELEGRAM_BOT_TOKEN is missing" in refused(TELEGRAM_BOT_TOKEN="  ")


def test_everybody_has_the_highest_of_their_roles() -> None:
    telegram = loaded(
        TELEGRAM_CHAT_ID="7",
        TELEGRAM_ADMINS="1, 2",
        TELEGRAM_TRADERS="2,3,7",
        TELEGRAM_VIEWERS="3, 4,",
        TELEGRAM_GROUPS="-1001234567890",
    ).telegram
    assert telegram.roles == {
        1: Role.ADMIN,
        2: Role.ADMIN,
        3: Role.TRADER,
        4: Role.VIEWER,
        7: Role.ADMIN,
    }
    assert telegram.groups == {-1001234567890}


def test_a_group_that_gets_the_alerts_admits_nobody() -> None:
    assert dict(loaded(TELEGRAM_CHAT_ID="-1001234567890").telegram.roles) == {}


def test_lists_are_read() -> None:
    web = loaded(
        METRICS_IP_ALLOWLIST="10.0.0.7, 192.168.1.0/24",
        ALLOWED_ORIGINS="https://desk.example.org/,http://localhost:3000",
    ).web
    assert web.metrics_ip_allowlist == (ip_network("10.0.0.7/32"), ip_network("192.168.1.0/24"))
    assert web.allowed_origins == ("https://desk.example.org", "http://localhost:3000")


def test_rates_are_read_and_default_to_the_published_ones() -> None:
    assert loaded().rates.rates == Rates()
    rates = loaded(
        RATE_LIMIT_PRIVATE_TRADING="7", RATE_LIMIT_PATTERNS="^auth/r/x=>PRIVATE_MARGIN"
    ).rates.rates
    assert rates.per_minute[EndpointType.PRIVATE_TRADING] == 7
    assert rates.per_minute[EndpointType.PUBLIC_MARKET] == 240
    ((pattern, kind),) = rates.patterns
    assert (pattern.pattern, kind) == ("^auth/r/x", EndpointType.PRIVATE_MARGIN)


def test_nothing_can_be_changed_afterwards() -> None:
    settings = loaded()
    with pytest.raises(ValidationError):
        settings.web.port = 1
    with pytest.raises(ValidationError):
        settings.web = loaded(PORT="1").web


def test_only_what_is_handed_in_is_read() -> None:
    program = (
        "from tests.unit.bot_frame.environment import loaded; "
        "print(loaded().web.port, dict(loaded().telegram.roles))"
    )
    strange = {"PORT": "7777", "WEB": "not json", "TELEGRAM_ADMINS": "99"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **strange, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "8000 {}\n"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "65536", "a port number"),
        ("PORT", "eighty", "a port number"),
        ("HOST", "not a host", "an address to listen on"),
        ("TELEGRAM_CHAT_ID", "@channel", "a numeric id"),
        ("TELEGRAM_ADMINS", "olivia", "numeric ids"),
        ("TELEGRAM_ADMINS", "-100123", "a group's"),
        ("TELEGRAM_GROUPS", "100123", "below zero"),
        ("TELEGRAM_BOT_TOKEN", "no-colon-here", "@BotFather"),
        ("CARD_EXPIRES_SECONDS", "0", "from 1 to 3600"),
        ("CARD_EXPIRES_SECONDS", "1e999", "from 1 to 3600"),
        ("WS_TICKER_STALE_SECS", "nan", "from 1 to 3600"),
        ("WS_TICKER_STALE_SECS", "inf", "from 1 to 3600"),
        ("WS_SUBSCRIBE_SYMBOLS", "BTCUSD", "tBTCUSD"),
        ("WS_SUBSCRIBE_SYMBOLS", "t\u0412TCUSD", "tBTCUSD"),
        ("WS_SUBSCRIBE_SYMBOLS", ",", "tBTCUSD"),
        ("WS_CANDLE_TIMEFRAMES", "1m,7m", "1m,5m,15m"),
        ("BITFINEX_DMS", "perhaps", "true or false"),
        ("BITFINEX_API_URL", "api.bitfinex.com/v2", "https://"),
        ("BITFINEX_API_URL", "https://api.bitfinex.com", "/v2"),
        ("BITFINEX_API_URL", "https://api.bitfinex.com:99999/v2", "not an address"),
        ("BITFINEX_API_URL", "https://olivia:hush@api.bitfinex.com/v2", "without a user name"),
        ("BITFINEX_API_URL", "http://exchange.example.org/v2", "could be read on the way"),
        ("BITFINEX_WS_AUTH_URI", "ws://exchange.example.org/ws/2", "could be read on the way"),
        ("BITFINEX_WS_AUTH_URI", "wss://exchange.example.org/", "/ws/2"),
        ("TELEGRAM_API_URL", "http://bots.example.org", "could be read on the way"),
        ("DATABASE_URL", "postgres://u:p@h/db", "postgresql+asyncpg://"),
        ("DATABASE_URL", "postgresql+asyncpg://u:p@h/", "must name a database"),
        ("ALLOWED_ORIGINS", "*", "not allowed"),
        ("METRICS_IP_ALLOWLIST", "10.0.0.0/99", "networks"),
        ("LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING or ERROR"),
        ("LOG_FORMAT", "xml", "console or json"),
        ("TIMEZONE", "Mars/Phobos", "Europe/Stockholm"),
        ("TIMEZONE", "../../etc/passwd", "Europe/Stockholm"),
        ("JWT_SECRET_KEY", "short-but-not-funny", "at least 32"),
        ("BITFINEX_API_KEY", "with a space", "copy it again"),
        ("RATE_LIMIT_PRIVATE_TRADING", "0", "from 1 to 1000"),
        ("RATE_LIMIT_PUBLIC_MARKET", "many", "from 1 to 1000"),
        ("RATE_LIMIT_PATTERNS", "auth/w", "REGEX=>TYPE"),
        ("RATE_LIMIT_PATTERNS", "^auth=>PRIVATE", "PRIVATE_TRADING"),
        ("RATE_LIMIT_PATTERNS", "(a*)*=>PUBLIC_MARKET", "for ever"),
        ("BITFINEX_API_KEY", "v" * 10_001, "too long"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_right(name: str, value: str, words: str) -> None:
    told = refused(**{name: value})
    assert f"{name} " in told
    assert words in told


@pytest.mark.parametrize(
    "name",
    ["BITFINEX_API_KEY", "BITFINEX_API_SECRET", "TELEGRAM_BOT_TOKEN", "JWT_SECRET_KEY"],
)
@pytest.mark.parametrize(
    "value",
    ["changeme", "CHANGE_ME_please", "your-key-here", "<key>", "xxxxxxxx", "${API_KEY}", "secret"],
)
def test_placeholders_are_refused(name: str, value: str) -> None:
    assert f"{name} is a placeholder" in refused(**{name: value})


@pytest.mark.parametrize(
    "token", ["123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11", "123456:your-token"]
)
def test_placeholder_tokens_are_refused(token: str) -> None:
    assert "TELEGRAM_BOT_TOKEN is a placeholder" in refused(TELEGRAM_BOT_TOKEN=token)


def test_contradictions_are_told() -> None:
    assert "JWT_SECRET_KEY is missing" in refused(HOST="0.0.0.0")
    assert "JWT_SECRET_KEY is a placeholder" in refused(HOST="0.0.0.0", JWT_SECRET_KEY="changeme")
    assert "without BITFINEX_WS_API_SECRET" in refused(BITFINEX_WS_API_KEY="ws-k3y")
    assert "BITFINEX_API_SECRET is missing" in refused(BITFINEX_API_SECRET="")


def test_an_open_host_is_fine_with_a_key_or_without_authentication() -> None:
    assert not loaded(HOST="0.0.0.0", JWT_SECRET_KEY="5e" * 32).web.loopback
    assert not loaded(HOST="::", AUTH_REQUIRED="false").web.auth_required


def test_orders_and_their_reports_go_to_one_exchange() -> None:
    simulator = "http://127.0.0.1:8002/v2"
    assert "different exchanges" in refused(BITFINEX_API_URL=simulator)
    assert "different exchanges" in refused(BITFINEX_WS_AUTH_URI="ws://127.0.0.1:8002/ws/2")
    assert "need real prices" in refused(BITFINEX_PUBLIC_API_URL=simulator)
    assert "need real prices" in refused(BITFINEX_WS_PUBLIC_URI="ws://[::1]:8002/ws/2")


def test_all_problems_are_told_at_once() -> None:
    told = refused(PORT="-1", TELEGRAM_BOT_TOKEN="", LOG_FORMAT="xml", BITFINEX_APIKEY="1")
    for name in ("PORT", "TELEGRAM_BOT_TOKEN", "LOG_FORMAT", "BITFINEX_APIKEY"):
        assert f"{name} " in told


def test_what_is_wrong_once_is_told_once() -> None:
    told = refused(BITFINEX_API_KEY="changeme")
    assert "BITFINEX_WS_API_KEY" not in told


def test_a_wrong_secret_is_never_shown() -> None:
    secrets = {
        "TELEGRAM_BOT_TOKEN": "hunter2-a",
        "JWT_SECRET_KEY": "hunter2-b",
        "DATABASE_URL": "mysql://olivia:hunter2-c@db/x",
        "BITFINEX_API_SECRET": "hunter2 d",
        "TELEGRAM_CHAT_ID": "hunter2-e",
        "BITFINEX_API_URL": "https://u:hunter2-f@h/v2",
    }
    assert "hunter2" not in refused(**secrets)


def test_secrets_are_known_and_hidden() -> None:
    settings = loaded(
        DATABASE_URL="postgresql+asyncpg://olivia:p%40ssage@db/genesis",
        METRICS_ACCESS_TOKEN="scrape-me-gently",
    )
    assert {
        NEEDED["BITFINEX_API_SECRET"],
        NEEDED["TELEGRAM_BOT_TOKEN"],
        "scrape-me-gently",
        "p%40ssage",
        "p@ssage",
    } <= settings.secrets
    assert not any(secret in repr(settings) for secret in settings.secrets)


def test_the_state_folder_follows_the_user() -> None:
    assert loaded(XDG_DATA_HOME="/data").database.state_dir == Path("/data/genesis")
    assert loaded(GENESIS_STATE_DIR="/srv/g").database.state_dir == Path("/srv/g")


def test_nothing_at_all_says_what_to_begin_with() -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_settings({}, None)
    told = caught.value.sentence
    for name in ("BITFINEX_API_KEY", "BITFINEX_API_SECRET", "TELEGRAM_BOT_TOKEN"):
        assert f"{name} is missing" in told


def test_the_database_alone_needs_no_keys(tmp_path: Path) -> None:
    environ = {"HOME": "/home/olivia", "PG_BINDIR": "/usr/lib/postgresql/18/bin"}
    settings = load_database_settings(environ, tmp_path / ".env")
    assert settings == loaded(PG_BINDIR="/usr/lib/postgresql/18/bin").database
    with pytest.raises(ConfigurationError, match=r"BITFINEX_DM .*DATABASE_URL must begin"):
        load_database_settings({**environ, "DATABASE_URL": "x", "BITFINEX_DM": "1"}, None)


@pytest.mark.parametrize(
    ("url", "secret", "words"),
    [
        ("https://desk.example.com/telegram", "", "without TELEGRAM_WEBHOOK_SECRET"),
        ("", "k" * 16, "without TELEGRAM_WEBHOOK_URL"),
        ("http://desk.example.com/telegram", "k" * 16, "must begin with https://"),
        ("https://desk.example.com/", "k" * 16, "must end in a path"),
        ("https://desk.example.com/{x}", "k" * 16, "must end in a path"),
        ("https://desk.example.com:8080/telegram", "k" * 16, "443, 80, 88 or 8443"),
        ("https://desk.example.com/telegram", "short", "16 to 256"),
        ("https://desk.example.com/telegram", "not allowed! not allowed", "strange letter"),
    ],
)
def test_a_webhook_that_cannot_work(url: str, secret: str, words: str) -> None:
    told = refused(TELEGRAM_WEBHOOK_URL=url, TELEGRAM_WEBHOOK_SECRET=secret)
    assert words in told


def test_a_webhook_that_can() -> None:
    url = "https://desk.example.com:8443/telegram/genesis"
    settings = loaded(TELEGRAM_WEBHOOK_URL=url, TELEGRAM_WEBHOOK_SECRET="k3y_of-the-webhook")
    assert settings.telegram.webhook_url == url
    assert "k3y_of-the-webhook" in settings.secrets


def test_what_needs_a_code_and_a_second_person() -> None:
    usual = loaded().safeguards.needs
    assert sorted(usual.factor.classes) == ["limits", "resume", "users"]
    assert not usual.factor.required
    assert not usual.four_eyes.notional
    needs = loaded(
        SECOND_FACTOR_FOR=" Orders,flatten ",
        SECOND_FACTOR_ORDER_NOTIONAL="2500.5",
        SECOND_FACTOR_REQUIRED="true",
        SECOND_FACTOR_GRACE_SECONDS="0",
        FOUR_EYES_NOTIONAL="10000",
        FOUR_EYES_EXPIRES_SECONDS="30",
    ).safeguards.needs
    assert sorted(needs.factor.classes) == ["flatten", "orders"]
    assert str(needs.factor.order_notional) == "2500.5"
    assert needs.factor.required
    assert not needs.factor.grace
    assert str(needs.four_eyes.notional) == "10000"
    assert needs.four_eyes.lifetime.total_seconds() == 30
    assert loaded(SECOND_FACTOR_FOR="none").safeguards.needs.factor.classes == frozenset()


def test_what_cannot_be_needed() -> None:
    assert "SECOND_FACTOR_FOR must be none, or some of" in refused(SECOND_FACTOR_FOR="orders,all")
    assert "name orders" in refused(SECOND_FACTOR_ORDER_NOTIONAL="5")
    assert "FOUR_EYES_NOTIONAL must be" in refused(FOUR_EYES_NOTIONAL="-1")
    assert "did you mean FOUR_EYES_NOTIONAL" in refused(FOUR_EYES_NOTIONALS="1")
