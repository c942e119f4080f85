"""Drives `genesis demo` as a stranger would: buy, fill, stop, start again, still there.

Usage: smoke.py PATH_OF_GENESIS. Needs the standard library only; leaves nothing behind.
"""

# ruff: noqa: S310, S603, T201 - a script that talks to its own child, and to a terminal

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, TypeVar

OLIVIA = 1001
START_PATIENCE = 120.0
PATIENCE = 30.0
NAMES = ("Chat", "Side app", "Exchange")

T = TypeVar("T")
Json = dict[str, object]


class Demo:
    """One run of the demo over a state folder."""

    def __init__(self, genesis: str, state: Path, output: Path) -> None:
        self.state = state
        self._output = output
        self._text = ""
        command = [genesis, "demo", "--state", str(state), "--seed", "7"]
        command += ["--web-port", "0", "--chat-port", "0", "--exchange-port", "0"]
        with output.open("wb") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=out, cwd=state.parent)

    def ready(self) -> None:
        """Wait until it has told its addresses and every part of it is ready."""
        until(lambda: len(self._addresses()) == 3, "the demo's addresses", self, START_PATIENCE)
        self.chat, self.web, self.exchange = self._addresses()
        ready = self.web.removesuffix("/health") + "/ready"
        until(lambda: status_of(ready) == 200, "the service to be ready", self)

    def interrupt(self) -> None:
        """Ctrl-C, a clean end, and nobody left."""
        self.process.send_signal(signal.SIGINT)
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            fail(f"the demo did not stop within {PATIENCE:.0f} s", self)
        if code != 0:
            fail(f"the demo ended with exit code {code}", self)
        until(lambda: not survivors(self.state), "its processes to end", self)

    def say(self, text: str) -> int:
        """Olivia writes; the message's id."""
        told = post(f"{self.chat}/control/say", {"user_id": OLIVIA, "text": text})
        return int(str(told["message_id"]))

    def tap(self, message: int, button: str) -> None:
        """Olivia presses a button."""
        press = {"user_id": OLIVIA, "message_id": message, "button": button, "wait": 10}
        post(f"{self.chat}/control/tap", press)

    def messages(self) -> dict[int, tuple[str, str]]:
        """The bot's messages in Olivia's chat: text, and the labels of its buttons."""
        told = get(f"{self.chat}/control/messages?chat_id={OLIVIA}")["messages"]
        assert isinstance(told, list)
        return {each["message_id"]: words(each) for each in told if each["from"]["is_bot"]}

    def hear(self, *wanted: str, after: int) -> tuple[int, str, str]:
        """The first message of the bot after another that holds all these words."""

        def heard() -> tuple[int, str, str] | None:
            for number, (text, buttons) in sorted(self.messages().items()):
                if number > after and all(word in text + buttons for word in wanted):
                    return number, text, buttons
            return None

        return until(heard, f"a message with {wanted}", self)

    def account(self) -> Json:
        """What the exchange itself says of the account."""
        state = get(f"{self.exchange}/control/state")
        wallets = [row[:3] for row in rows(state, "wallets")]
        return {"wallets": wallets, "orders": state["orders"], "history": rows(state, "history")}

    def end(self) -> None:
        """Make sure that nothing of it runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def said(self) -> str:
        """What it wrote on the terminal."""
        return self._output.read_text(errors="replace")

    def _addresses(self) -> list[str]:
        if self.process.poll() is not None:
            fail(f"the demo ended at once with exit code {self.process.returncode}", self)
        text = self.said()
        found = [re.search(rf"^ *{n} +(http://\S+)", text, re.M) for n in NAMES]
        return [match[1].rstrip("/") for match in found if match]


def main() -> None:
    """Everything, or exit code 1 with the reason."""
    genesis = str(Path(sys.argv[1]).absolute())
    with tempfile.TemporaryDirectory(prefix="genesis-smoke-") as folder:
        state = Path(folder) / "state"
        with running(genesis, state) as demo:
            card, btc = trade(demo)
            shown = demo.messages()[card]
            account = demo.account()
            demo.interrupt()
            step("stopped cleanly by Ctrl-C")
        with running(genesis, state) as demo:
            if demo.messages().get(card) != shown:
                fail("the chat has forgotten the card", demo)
            if demo.account() != account:
                fail("the exchange has another account now", demo)
            if bitcoins(demo) != btc:
                fail("the balance is not what it was", demo)
            step("started again: chat, balance and order are still there")
            demo.interrupt()
            step("stopped again")


@contextmanager
def running(genesis: str, state: Path) -> Iterator[Demo]:
    """A demo that is ready."""
    demo = Demo(genesis, state, state.with_name("output.txt"))
    try:
        demo.ready()
        step("the demo is ready")
        yield demo
    finally:
        demo.end()


def trade(demo: Demo) -> tuple[int, str]:
    """Buy from the chat until the alert has come; the card's id, and the bitcoins then held."""
    before = bitcoins(demo)
    asked = demo.say("/buy tBTCUSD 0.01")
    card, _, buttons = demo.hear("0.01 BTC", "Confirm", after=asked)
    step("the card is shown")
    demo.tap(card, next(label for label in buttons.splitlines() if "Confirm" in label))
    demo.hear("0.01 BTC", after=card)
    until(lambda: "Filled" in demo.messages()[card][0], "the card to say so", demo)
    step("the order is filled, and the alert has come")
    after = bitcoins(demo)
    if after == before:
        fail(f"the balance is still {before} BTC", demo)
    history = rows(demo.account(), "history")
    if len(history) != 1:
        fail(f"the exchange has seen not one order but these: {history}", demo)
    return card, after


def bitcoins(demo: Demo) -> str:
    """How many the chat says there are."""
    asked = demo.say("/balance")
    _, text, _ = demo.hear("BTC", after=asked)
    found = re.search(r"([0-9][0-9,.]*)\s*BTC|BTC\W+([0-9][0-9,.]*)", text)
    if found is None:
        fail(f"no number of bitcoins in {text!r}", demo)
    return found[1] or found[2]


def words(message: Json) -> tuple[str, str]:
    """A message's text, and its buttons' labels, one a line."""
    markup = message.get("reply_markup")
    rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
    return str(message.get("text", "")), "\n".join(b["text"] for row in rows for b in row)


def rows(state: Json, name: str) -> list[list[object]]:
    """A list of rows in what the exchange says."""
    found = state[name]
    assert isinstance(found, list)
    return found


def until(
    condition: Callable[[], T | None], what: str, demo: Demo, patience: float = PATIENCE
) -> T:
    """What a condition gives as soon as it gives something."""
    deadline = time.monotonic() + patience
    while not (given := condition()):
        if time.monotonic() > deadline:
            fail(f"waited {patience:.0f} s for {what}", demo)
        time.sleep(0.05)
    return given


def survivors(state: Path) -> list[str]:
    """Processes that were started for a folder, or work in it (Linux only)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().decode(errors="replace")
            traces = f"{words} {(process / 'cwd').readlink()}"
        except OSError:
            continue  # it has just ended, or is not ours
        if str(state) in traces and int(process.name) != os.getpid():
            found.append(words.replace("\0", " "))
    return found


def status_of(url: str) -> int:
    """The HTTP status of an address; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def get(url: str) -> Json:
    """The JSON at an address."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        told: Json = json.load(answer)
    return told


def post(url: str, body: Json) -> Json:
    """The JSON answered to a JSON body."""
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        told: Json = json.load(answer)
    return told


def step(text: str) -> None:
    """Say how far it is."""
    print(f"  {time.monotonic() - BEGAN:5.1f} s  {text}", flush=True)


def fail(why: str, demo: Demo) -> NoReturn:
    """End with the reason, what the chat shows, and what the demo said."""
    print(f"smoke: {why}", file=sys.stderr)
    if demo.process.poll() is None and hasattr(demo, "chat"):
        for number, (text, buttons) in sorted(demo.messages().items()):
            print(f"  [{number}] {text!r} {buttons!r}", file=sys.stderr)
    print(demo.said()[-8000:], file=sys.stderr)
    sys.exit(1)


BEGAN = time.monotonic()

if __name__ == "__main__":
    main()
