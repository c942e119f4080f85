"""How long a start takes and what it holds when idle: `python -m tests.bench.start`.

Beside it, in the same run: the bare import of aiogram, which every start pays.
"""

import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

STARTS = 4
IDLE_SECONDS = 10
GENESIS = [sys.executable, "-m", "bot"]


def main() -> None:
    """Measure and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(1, STARTS + 1):
            bare = _bare_import()
            took, idle = _demo(Path(folder))
            _say(
                f"start {number}: ready in {took:5.2f} s, import of aiogram {bare:5.2f} s,"
                f" beyond it {took - bare:5.2f} s; idle {idle}"
            )
        _say(f"service and database alone, idle: {_service(Path(folder))}")


def _bare_import() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import aiogram"], check=True)
    return time.perf_counter() - began


def _demo(folder: Path) -> tuple[float, str]:
    words = ["demo", "--state", str(folder / "demo"), "--seed", "7"]
    words += ["--web-port", "0", "--chat-port", "0", "--exchange-port", "0"]
    began = time.perf_counter()
    with _running(words, folder / "demo.log") as process:
        web = _told(process, folder / "demo.log", r"Side app\s+(http://\S+)/health")
        _until_ready(web)
        took = time.perf_counter() - began
        return took, _memory(process)


def _service(folder: Path) -> str:
    with (
        _running(["exchange", "--port", "0"], folder / "exchange.log") as exchange,
        _running(["telegram", "--port", "0"], folder / "telegram.log") as telegram,
    ):
        rest = _told(exchange, folder / "exchange.log", r"REST (http://\S+),")
        chat = _told(telegram, folder / "telegram.log", r"at (http://\S+)")
        socket = rest.replace("http", "ws").replace("/v2", "/ws/2")
        environ = {
            "BITFINEX_API_KEY": "demo-key",
            "BITFINEX_API_SECRET": "demo-secret",
            "BITFINEX_API_URL": rest,
            "BITFINEX_WS_AUTH_URI": socket,
            "BITFINEX_WS_PUBLIC_URI": socket,
            "TELEGRAM_API_URL": chat,
            "TELEGRAM_BOT_TOKEN": "42:demo-token-of-the-local-telegram",
            "TELEGRAM_CHAT_ID": "1001",
            "GENESIS_STATE_DIR": str(folder / "run"),
            "PORT": "18089",
        }
        with _running(["run"], folder / "run.log", environ) as service:
            _until_ready("http://127.0.0.1:18089")
            time.sleep(IDLE_SECONDS)
            return _memory(service)


@contextmanager
def _running(
    words: list[str], log: Path, environ: dict[str, str] | None = None
) -> Iterator[psutil.Popen]:
    with log.open("wb") as output:
        process = psutil.Popen(
            [*GENESIS, *words],
            stdout=output,
            stderr=output,
            env={"PATH": "/usr/bin:/bin", "HOME": str(log.parent), **(environ or {})},
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _told(process: psutil.Popen, log: Path, pattern: str) -> str:
    while True:
        found = re.search(pattern, log.read_text())
        if found:
            return found[1]
        if process.poll() is not None:
            raise SystemExit(log.read_text())
        time.sleep(0.02)


def _until_ready(web: str) -> None:
    while True:
        try:
            with urllib.request.urlopen(f"{web}/ready", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)


def _memory(process: psutil.Popen) -> str:
    family = [process, *process.children(recursive=True)]
    megabytes = [member.memory_full_info().pss / 1e6 for member in family]
    return f"{megabytes[0]:.0f} MB service + {sum(megabytes[1:]):.0f} MB database (PSS)"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
