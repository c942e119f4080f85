"""Bad settings end with one line that says what to mend, and exit code 2."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot.cli.launch import MISUSED
from tests.integration.cli.terminal import Terminal
from tests.stage import Stage

NOWHERE = "postgresql+asyncpg://postgres@127.0.0.1:1/genesis"


async def complaint(genesis: Terminal, environ: Mapping[str, str], *words: str) -> str:
    """The one line that `genesis run` ends with."""
    ended = await genesis.type(words or ("run",), environ).ended()
    assert ended.code == MISUSED, ended
    assert ended.line.startswith("genesis: "), ended
    assert "Traceback" not in ended.err
    return ended.line


async def test_nothing_set(genesis: Terminal, home: Mapping[str, str]) -> None:
    told = await complaint(genesis, home)
    assert "TELEGRAM_BOT_TOKEN is missing" in told
    assert "BITFINEX_API_KEY is missing" in told
    assert "@BotFather" in told


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TELEGRAM_BOT_TOKEN", "", "is missing"),
        ("TELEGRAM_BOT_TOKEN", "123456789:your-token-here", "placeholder"),
        ("BITFINEX_API_SECRET", "changeme", "placeholder"),
        ("BITFINEX_API_KEY", "<your api key>", "placeholder"),
        ("PORT", "99999", "65535"),
        ("CARD_EXPIRES_SECONDS", "soon", "seconds from 1 to 3600"),
        ("TELEGRAM_CHAT_IDS", "1", "TELEGRAM_CHAT_ID"),
    ],
)
async def test_one_wrong_setting(
    genesis: Terminal, stage: Stage, name: str, value: str, words: str
) -> None:
    told = await complaint(genesis, {**stage.environ, name: value})
    assert name in told
    assert words in told


async def test_port_taken(genesis: Terminal, stage: Stage) -> None:
    port = str(make_url(stage.simulator.url).port)
    told = await complaint(genesis, {**stage.environ, "PORT": port})
    assert f"PORT {port} is taken" in told


async def test_database_unreachable(genesis: Terminal, stage: Stage) -> None:
    told = await complaint(genesis, {**stage.environ, "DATABASE_URL": NOWHERE})
    assert "DATABASE_URL" in told


async def test_wrong_telegram_token(genesis: Terminal, stage: Stage) -> None:
    token = "42:another-token-of-somebody"
    told = await complaint(genesis, {**stage.environ, "TELEGRAM_BOT_TOKEN": token})
    assert "TELEGRAM_BOT_TOKEN" in told
    assert token not in told


async def test_wrong_exchange_key(genesis: Terminal, stage: Stage) -> None:
    told = await complaint(genesis, {**stage.environ, "BITFINEX_API_SECRET": "not-the-secret"})
    assert "BITFINEX_API_KEY" in told
    assert "not-the-secret" not in told


async def test_settings_from_a_file(genesis: Terminal, stage: Stage, tmp_path: Path) -> None:
    folder = tmp_path / "with a .env"
    folder.mkdir()
    (folder / ".env").write_text("TELEGRAM_BOT_TOKEN=nonsense\n")
    environ = {k: v for k, v in stage.environ.items() if k != "TELEGRAM_BOT_TOKEN"}
    ended = await genesis.type(["run"], environ, folder).ended()
    assert ended.code == MISUSED
    assert "TELEGRAM_BOT_TOKEN must look like" in ended.line
