"""What is typed wrongly is answered with how to type it, and exit code 2."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot.cli.launch import FINE, MISUSED
from tests.integration.cli.terminal import ROOT, Terminal
from tests.stage import Stage

WRONG = (
    ((), "COMMAND"),
    (("fly",), "invalid choice: 'fly'"),
    (("demo", "--chat-port", "99999"), "'99999' is no port; example: 8001"),
    (("demo", "--chat-port", "http"), "'http' is no port"),
    (("demo", "--speed", "fast"), "'fast' is no number"),
    (("demo", "--speed", "0"), "not between 0 and 100000"),
    (("demo", "--sped", "2"), "--sped"),
    (("exchange", "--key", "lonely"), "KEY:SECRET"),
    (("exchange", "--balance", "USD"), "CUR=AMOUNT"),
    (("db", "fly"), "invalid choice"),
    (("token", "--scope", "all"), "invalid choice: 'all'"),
    (("token", "--hours", "0"), "not between 0 and 720"),
    (("people", "shoot"), "invalid choice: 'shoot'"),
)


@pytest.mark.parametrize(("words", "answer"), WRONG, ids=" ".join)
async def test_wrong_words(
    genesis: Terminal, home: Mapping[str, str], words: tuple[str, ...], answer: str
) -> None:
    ended = await genesis.type(words, home).ended()
    assert ended.code == MISUSED
    assert answer in ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""


@pytest.mark.parametrize(
    "command", ["demo", "run", "exchange", "telegram", "db", "token", "people"]
)
async def test_help_of_each_command(
    genesis: Terminal, home: Mapping[str, str], command: str
) -> None:
    ended = await genesis.type([command, "--help"], home).ended()
    assert ended.code == FINE
    assert ended.err == ""
    assert f"usage: genesis {command}" in ended.out


async def test_demo_help_names_its_options(genesis: Terminal, home: Mapping[str, str]) -> None:
    ended = await genesis.type(["demo", "--help"], home).ended()
    for option in ("--web-port", "--chat-port", "--exchange-port", "--data", "--speed", "--seed"):
        assert option in ended.out
    assert "8001" in ended.out


@pytest.mark.parametrize(
    ("name", "body", "answer"),
    [
        ("tBTCUSD-1m.csv", b"these,are,no,candles\n", "holds no candles"),
        ("tBTCUSD-1m.csv", b"1,2,3,4,5,6\nand,then,rubbish\n", "tBTCUSD-1m.csv"),
        ("tBTCUSD-1m.csv.gz", b"\x1f\x8bnot really", "tBTCUSD-1m.csv.gz"),
        ("prices.csv", b"1,2,3,4,5,6\n", "tBTCUSD-1m-2018.csv.gz"),
        ("tBTCUSD-missing.csv", None, "tBTCUSD-missing.csv"),
    ],
)
async def test_data_that_cannot_be_read(
    genesis: Terminal,
    home: Mapping[str, str],
    tmp_path: Path,
    name: str,
    body: bytes | None,
    answer: str,
) -> None:
    data = tmp_path / name
    if body is not None:
        data.write_bytes(body)
    ended = await genesis.type(["exchange", "--port", "0", "--data", str(data)], home).ended()
    assert ended.code == MISUSED, ended
    assert answer in ended.line
    assert "--data" in ended.line
    assert "--port" not in ended.line


async def test_exchange_port_taken(
    genesis: Terminal, home: Mapping[str, str], stage: Stage
) -> None:
    taken = str(make_url(stage.telegram.url).port)
    ended = await genesis.type(["exchange", "--port", taken], home).ended()
    assert ended.code == MISUSED
    assert taken in ended.line
    assert "--port" in ended.line
    assert "--data" not in ended.line


async def test_demo_port_taken(
    genesis: Terminal, home: Mapping[str, str], stage: Stage, tmp_path: Path
) -> None:
    taken = str(make_url(stage.telegram.url).port)
    ports = ["--chat-port", taken, "--web-port", "0", "--exchange-port", "0"]
    ended = await genesis.type(["demo", "--state", str(tmp_path / "demo"), *ports], home).ended()
    assert ended.code == MISUSED
    assert taken in ended.line
    assert "--chat-port" in ended.line


async def test_schema_is_told(genesis: Terminal, stage: Stage) -> None:
    ended = await genesis.type(["db", "current"], stage.environ).ended()
    assert ended.code == FINE, ended
    assert ended.out.startswith("Schema: ")


async def test_downgrade_wants_a_goal(genesis: Terminal, stage: Stage) -> None:
    ended = await genesis.type(["db", "downgrade"], stage.environ).ended()
    assert ended.code == MISUSED
    assert "genesis db downgrade REVISION" in ended.line


def test_module_and_program_are_one() -> None:
    program = Path(sys.executable).with_name("genesis")
    if not program.exists():
        pytest.skip("genesis is not installed beside this Python")
    typed = [[sys.executable, "-m", "bot", "--help"], [str(program), "--help"]]
    said = [
        subprocess.run(words, check=False, capture_output=True, text=True, cwd=ROOT)
        for words in typed
    ]
    assert said[0].stdout == said[1].stdout
    assert [one.returncode for one in said] == [FINE, FINE]
    assert "demo" in said[0].stdout
