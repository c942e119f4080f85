"""Names that are not ours, not yet ours, or nearly ours; and the `.env` file."""

import re
from pathlib import Path

import pytest

from bot.settings.names import KNOWN, LATER
from tests.unit.bot_frame.environment import loaded, refused

ROOT = Path(__file__).resolve().parents[3]
INTERFACES = ROOT / "../shared/design/interfaces.md"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("BITFINEX_APIKEY", "BITFINEX_API_KEY"),
        ("BITFINEX_WS_URI", "BITFINEX_WS_AUTH_URI"),
        ("TELEGRAM_TOKEN", "TELEGRAM_BOT_TOKEN"),
        ("TELEGRAM_ADMIN", "TELEGRAM_ADMINS"),
        ("telegram_bot_token", "TELEGRAM_BOT_TOKEN"),
        ("METRICS_TOKEN", "METRICS_ACCESS_TOKEN"),
        ("GENESIS_STATE", "GENESIS_STATE_DIR"),
        ("WS_SYMBOLS", "WS_SUBSCRIBE_SYMBOLS"),
        ("TELEGARM_CHAT_ID", "TELEGRAM_CHAT_ID"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("MAX_TRADES_DAY", "MAX_TRADES_PER_DAY"),
        ("STOP_STREAK_MINUTES", "STOP_STREAK_LOCK_MINUTES"),
    ],
)
def test_a_wrong_name_is_refused_with_the_nearest_right_one(
    tmp_path: Path, wrong: str, right: str
) -> None:
    assert f"{wrong} is no setting of Genesis: did you mean {right}?" in refused(**{wrong: "1"})
    file = tmp_path / ".env"
    file.write_text(f"{wrong}=1\n")
    assert f"did you mean {right}?" in refused(file)


def test_a_strange_name_with_our_prefix_is_refused() -> None:
    assert "BITFINEX_QQQQQQQQQQQQQ is no setting of Genesis: remove it" in refused(
        BITFINEX_QQQQQQQQQQQQQ="1"
    )


def test_the_names_of_others_are_left_alone(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("COMPOSE_PROJECT_NAME=desk\n")
    others = {"PATH": "/bin", "HOSTNAME": "desk", "LOGNAME": "olivia", "PORTS": "1", "host": "x"}
    assert loaded(file, **others) == loaded()


def test_what_comes_later_is_refused_unless_it_holds_already() -> None:
    assert loaded(WS_CONNECT_ON_START="True", MARKETDATA_MODE="") == loaded()
    told = refused(WS_CONNECT_ON_START="false", CANDLE_STALE_SECS="5")
    assert "WS_CONNECT_ON_START is not supported yet" in told
    assert "CANDLE_STALE_SECS is not supported yet" in told


def test_every_documented_name_is_known_or_known_to_come() -> None:
    if not INTERFACES.exists():
        pytest.skip("the interfaces page is not beside the checkout")
    page = INTERFACES.read_text().partition("## Settings")[2].partition("\n## ")[0]
    quoted = " ".join(re.findall(r"`([^`]*)`", page))
    names = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b|\bHOST\b|\bPORT\b|\bTIMEZONE\b", quoted))
    values = {"PUBLIC_MARKET", "PRIVATE_ACCOUNT", "PRIVATE_TRADING", "PRIVATE_MARGIN"}
    assert len(names) > 40
    assert names - values - set(KNOWN) - set(LATER) == set()


def test_a_file_gives_what_the_environment_does_not(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "# Genesis\n"
        "PORT=9000\n"
        "export TIMEZONE='Europe/Stockholm'  # here\n"
        'METRICS_ACCESS_TOKEN="a$HOME#b"\n'
        "CARD_EXPIRES_SECONDS=30\n"
    )
    settings = loaded(file, CARD_EXPIRES_SECONDS="45")
    assert settings.web.port == 9000
    assert settings.region.timezone.key == "Europe/Stockholm"
    assert settings.telegram.card_expires_seconds == 45
    token = settings.web.metrics_access_token
    assert token is not None
    assert token.get_secret_value() == "a$HOME#b"


def test_a_file_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert loaded(tmp_path / ".env").web.port == 8000


def test_lines_that_say_nothing_or_twice_are_refused(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT\nHOST=127.0.0.1\n=hunter2\nHOST=::1\n")
    told = refused(file)
    assert "line 1 of .env is not NAME=value" in told
    assert "line 3 of .env is not NAME=value" in told
    assert "line 4 of .env sets HOST a second time" in told
    assert "hunter2" not in told


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path)
    file = tmp_path / ".env"
    file.write_bytes(b"\xff\xfe\x00PORT")
    assert "not a text in UTF-8" in refused(file)
    file.write_text("A" * 100_001)
    assert "too long" in refused(file)


def test_the_example_names_every_setting_and_nothing_else() -> None:
    named = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(named) == sorted(KNOWN)


def test_the_defaults_in_the_example_are_the_defaults(tmp_path: Path) -> None:
    text = (ROOT / ".env.example").read_text()
    others = r"^#(?=(?!DATABASE_URL|GENESIS_STATE_DIR)[A-Z_]+=)"
    file = tmp_path / ".env"
    file.write_text(re.sub(others, "", text, flags=re.MULTILINE))
    assert loaded(file) == loaded()


def test_the_example_as_it_is_says_what_to_fill_in() -> None:
    told = refused(ROOT / ".env.example", BITFINEX_API_KEY="", BITFINEX_API_SECRET="")
    assert "BITFINEX_API_KEY is missing" in told
    assert "BITFINEX_API_SECRET is missing" in told
