"""What can be said on the command line."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path


@dataclass
class Arguments(argparse.Namespace):
    """Everything any command takes, with its default."""

    command: str = ""
    web_port: int = 8000
    chat_port: int = 8001
    exchange_port: int = 8002
    port: int = 0
    data: list[Path] = field(default_factory=list)
    speed: float = 1.0
    seed: int = 0
    state: Path | None = None
    symbol: list[str] = field(default_factory=list)
    key: list[tuple[str, str]] = field(default_factory=list)
    balance: list[tuple[str, Decimal]] = field(default_factory=list)
    maker_fee: Decimal = Decimal("0.001")
    taker_fee: Decimal = Decimal("0.002")
    token: str | None = None
    scope: str = "read"
    hours: float | None = None
    member: str = ""
    action: str = ""
    who: str = ""
    revision: str = ""


def parse(words: Sequence[str]) -> Arguments:
    """The arguments; a wrong one ends the program with code 2 and a line that says why."""
    parser = argparse.ArgumentParser(
        prog="genesis", description="Trade on Bitfinex from a Telegram chat."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, summary: str) -> argparse.ArgumentParser:
        # What is not said is left alone, so that the defaults stand in one place above.
        return commands.add_parser(name, help=summary, argument_default=argparse.SUPPRESS)

    command("run", "the service, from the environment and .env")
    _demo(command("demo", "everything local and real; no account needed"))
    _exchange(command("exchange", "only the exchange simulator"))
    _telegram(command("telegram", "only the local Telegram and its chat page"))
    _database(command("db", "the database's schema"))
    _token(command("token", "a token for the side app, printed on this console"))
    _people(command("people", "who may act, for whoever owns this machine"))
    return parser.parse_args(words, namespace=Arguments())


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--web-port", type=_port, help="side app (default 8000, 0: any)")
    parser.add_argument("--chat-port", type=_port, help="chat page (default 8001, 0: any)")
    parser.add_argument("--exchange-port", type=_port, help="exchange (default 8002, 0: any)")
    parser.add_argument("--state", type=Path, help="where everything is kept between runs")
    _feed(parser)


def _exchange(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, help="(default 8002, 0: any)")
    parser.add_argument("--symbol", action="append", help="what is traded; repeatable")
    parser.add_argument("--key", action="append", type=_key, metavar="KEY:SECRET")
    parser.add_argument("--balance", action="append", type=_balance, metavar="CUR=AMOUNT")
    parser.add_argument("--maker-fee", type=_decimal, help="0.001 is 0.1 %%")
    parser.add_argument("--taker-fee", type=_decimal, help="0.002 is 0.2 %%")
    parser.add_argument("--state", type=Path, help="file that keeps the account between runs")
    _feed(parser)
    parser.set_defaults(port=8002)


def _telegram(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, help="(default 8001, 0: any)")
    parser.add_argument("--token", help="the bot token to accept")
    parser.add_argument("--state", type=Path, help="folder that keeps the chats between runs")
    parser.set_defaults(port=8001)


def _database(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("upgrade", "downgrade", "current"))
    parser.add_argument("revision", nargs="?", default="", help="for downgrade: where to")


def _token(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scope", choices=("read", "trade", "admin"), help="(default read)")
    parser.add_argument(
        "--hours", type=_hours, help="for how long it is good (default ACCESS_TOKEN_EXPIRE_MINUTES)"
    )
    parser.add_argument(
        "--for",
        dest="member",
        metavar="NAME_OR_ID",
        help="the member it speaks for: it opens what both its scope and their role allow "
        "(default: the only admin)",
    )


def _people(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        nargs="?",
        default="list",
        choices=("list", "pair", "forget-authenticator", "end-tokens"),
        help="list everybody (default); pair: print a code that makes an admin, good for an hour; "
        "forget-authenticator: take a lost one off; end-tokens: end a member's API tokens",
    )
    parser.add_argument("who", nargs="?", help="a member's name or Telegram id")


def _feed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        nargs="+",
        action="extend",
        metavar="FILE",
        help="1-minute candles to replay (mts,open,close,high,low,volume; CSV or CSV.gz)",
    )
    parser.add_argument("--speed", type=_speed, help="how many times faster than the clock")
    parser.add_argument("--seed", type=int, help="seed of the random walk and the book")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; example: 8001")
    return int(text)


def _speed(text: str) -> float:
    speed = float(_decimal(text))
    if not 0 < speed <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not between 0 and 100000; example: 60")
    return speed


def _hours(text: str) -> float:
    hours = float(_decimal(text))
    if not 0 < hours <= 720:
        raise argparse.ArgumentTypeError(f"{text!r} is not between 0 and 720; example: 8")
    return hours


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise argparse.ArgumentTypeError(f"{text!r} is no number; example: 0.002")
    return value


def _key(text: str) -> tuple[str, str]:
    key, colon, secret = text.partition(":")
    if not (key and colon and secret):
        raise argparse.ArgumentTypeError("write KEY:SECRET; example: demo-key:demo-secret")
    return key, secret


def _balance(text: str) -> tuple[str, Decimal]:
    currency, equals, amount = text.partition("=")
    if not (currency and equals):
        raise argparse.ArgumentTypeError(f"{text!r}: write CUR=AMOUNT; example: USD=100000")
    return currency, _decimal(amount)
