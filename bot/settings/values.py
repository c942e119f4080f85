"""What a setting's text may be, and what becomes of it."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from types import MappingProxyType
from typing import Annotated
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, PlainValidator, SecretStr

from engine.model.account import Wallet
from engine.model.endpoint import Patterns, patterns_of
from engine.model.market import TIMEFRAMES

Purse = tuple[Wallet, str]

SHORTEST_SECRET = 4
SHORTEST_KEY = 32
LONGEST_NAME = 64
LARGEST_ID = 2**52
WEBHOOK_PORTS = (None, 443, 80, 88, 8443)

_PLACEHOLDER = re.compile(
    r"""change[-_ ]?(me|this|it) | replace[-_ ]?(me|this|with) | placeholder | insert[-_ ]
    | ^your[-_ ]? | ^<.*>$ | ^x+$ | ^[.*_-]+$ | ^\$?\{.*\}$
    | ^(my|super|a|the|some)?[-_ ]?(api|bot|jwt)?[-_ ]?(secret|password|token|key)([-_ ]?key)?$
    | ^(todo|tbd|none|null|example|dummy|fake|default|undefined|abc-def1234.*)$""",
    re.IGNORECASE | re.VERBOSE,
)
_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,200}", re.ASCII)
_PURSE = re.compile(
    r"(?:(exchange|margin):)?([A-Z0-9]{2,12})=([0-9]{1,15}(?:\.[0-9]{1,8})?)", re.ASCII
)
_SYMBOL = re.compile(r"t(?:[A-Z0-9]{6}|[A-Z0-9]{2,12}:[A-Z0-9]{2,12})", re.ASCII)
_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)+", re.ASCII)
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}", re.ASCII)
_HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", re.ASCII)
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\[\]:-]{1,260}", re.ASCII)


def is_placeholder(text: str) -> bool:
    """Whether this stands where a secret should, as in an example file."""
    return _PLACEHOLDER.search(text.strip()) is not None


def is_loopback(host: str) -> bool:
    """Whether a host's name or address certainly means this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def address(*schemes: str, tail: str = "") -> Callable[[object], str]:
    """A check of a URL: these schemes, the last one of them to this machine only.

    Raises `ValueError` with words that follow a setting's name; never with the URL itself.
    """
    secure, plain = schemes

    def check(given: object) -> str:
        text = str(given).rstrip("/")
        parts = _parted(text)
        if parts.scheme not in schemes or not parts.hostname:
            raise ValueError(f"must be an address that begins with {secure}://")
        if parts.username is not None or parts.query or parts.fragment:
            raise ValueError("must be an address without a user name, '?' or '#'")
        if parts.scheme == plain and not is_loopback(parts.hostname):
            raise ValueError(
                f"must begin with {secure}://: over {plain}:// to another machine "
                "its keys could be read on the way"
            )
        if not parts.path.endswith(tail):
            raise ValueError(f"must end in {tail}, like {secure}://{parts.hostname}{tail}")
        return text

    return check


def _parted(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - reading it is the check
    except ValueError:
        raise ValueError("is not an address") from None
    if any(letter.isspace() for letter in text):
        raise ValueError("is not an address: it has a space in it")
    return parts


def _secret(given: object) -> SecretStr:
    text = str(given)
    if is_placeholder(text):
        raise ValueError("is a placeholder: put the real value there")
    if len(text) < SHORTEST_SECRET:
        raise ValueError("is too short to be a secret")
    if not text.isascii() or any(letter.isspace() for letter in text):
        raise ValueError("has a space or a strange letter in it: copy it again")
    return SecretStr(text)


def _webhook_url(given: object) -> str:
    text = address("https", "http")(given)
    parts = _parted(text)
    if not _PATH.fullmatch(parts.path):
        raise ValueError("must end in a path of plain letters, like https://example.com/telegram")
    if not is_loopback(parts.hostname or "") and parts.port not in WEBHOOK_PORTS:
        raise ValueError("must use port 443, 80, 88 or 8443: Telegram delivers to no other")
    return text


def _webhook_secret(given: object) -> SecretStr:
    secret = _secret(given)
    if not _WEBHOOK_SECRET.fullmatch(secret.get_secret_value()):
        raise ValueError(
            "must be 16 to 256 letters, digits, _ and -, "
            "for example what 'openssl rand -hex 32' prints"
        )
    return secret


def _token(given: object) -> SecretStr:
    text = _secret(given).get_secret_value()
    if is_placeholder(text.partition(":")[2]):
        raise ValueError("is a placeholder: put the token from @BotFather there")
    if not _TOKEN.fullmatch(text):
        raise ValueError("must look like 123456789:AAE..., as @BotFather gave it")
    return SecretStr(text)


def _signing_key(given: object) -> SecretStr:
    secret = _secret(given)
    if len(secret.get_secret_value()) < SHORTEST_KEY:
        raise ValueError(
            f"is too short: it needs at least {SHORTEST_KEY} characters, "
            "for example what 'openssl rand -hex 32' prints"
        )
    return secret


def _database(given: object) -> SecretStr:
    text = str(given)
    if not text.startswith("postgresql+asyncpg://"):
        raise ValueError("must begin with postgresql+asyncpg://")
    parts = _parted(text)
    if not parts.path.strip("/"):
        raise ValueError("must name a database: postgresql+asyncpg://user:password@host/NAME")
    if parts.password is not None and is_placeholder(parts.password):
        raise ValueError("has a placeholder for a password: put the real one there")
    return SecretStr(text)


def _folder(given: object) -> Path:
    try:
        return Path(str(given)).expanduser().absolute()
    except RuntimeError:
        raise ValueError("must be a folder; the user that '~' means is not known") from None


def _listed(given: object) -> list[str]:
    parts = (part.strip() for part in str(given).split(","))
    return list(dict.fromkeys(part for part in parts if part))


def _ids(given: object) -> frozenset[int]:
    return frozenset(_whole(part) for part in _listed(given))


def _whole(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,16}", text, re.ASCII) or not 0 < abs(int(text)) < LARGEST_ID:
        raise ValueError("must be numeric ids such as 123456789")
    return int(text)


def _people(given: object) -> frozenset[int]:
    ids = _ids(given)
    if any(number < 0 for number in ids):
        raise ValueError("must be ids of persons: an id below zero is a group's")
    return ids


def _groups(given: object) -> frozenset[int]:
    ids = _ids(given)
    if any(number > 0 for number in ids):
        raise ValueError("must be ids of groups, below zero: like -1001234567890")
    return ids


def _chat(given: object) -> int:
    try:
        return _whole(str(given))
    except ValueError:
        raise ValueError("must be a numeric id; /start in the chat shows yours") from None


def _patterns(given: object) -> Patterns:
    return patterns_of(str(given))


def _symbols(given: object) -> tuple[str, ...]:
    symbols = tuple(_listed(given))
    if not 1 <= len(symbols) <= 12 or not all(map(_SYMBOL.fullmatch, symbols)):
        raise ValueError("must be 1 to 12 symbols such as tBTCUSD,tETHUSD")
    return symbols


def _timeframes(given: object) -> tuple[str, ...]:
    timeframes = tuple(_listed(given))
    if not set(timeframes) <= set(TIMEFRAMES):
        raise ValueError(f"must be lengths of candles among {','.join(TIMEFRAMES)}")
    return timeframes


def _networks(given: object) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part) for part in _listed(given))
    except ValueError:
        raise ValueError("must be addresses or networks such as 10.0.0.7,192.168.1.0/24") from None


def _origins(given: object) -> tuple[str, ...]:
    origins = tuple(part.rstrip("/") for part in _listed(given))
    if not all(map(_ORIGIN.fullmatch, origins)):
        raise ValueError("must be origins such as https://desk.example.com; '*' is not allowed")
    return origins


def _host(given: object) -> str:
    host = str(given).removeprefix("[").removesuffix("]")
    try:
        return str(ip_address(host))
    except ValueError:
        if _HOST.fullmatch(host):
            return host
    raise ValueError("must be an address to listen on, such as 127.0.0.1")


def _zone(given: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(given))
    except (ValueError, OSError, KeyError):  # a name that is not found is a KeyError
        raise ValueError("must be a time zone such as Europe/Stockholm") from None


def _purses(given: object) -> Mapping[Purse, Decimal]:
    purses = dict(map(_purse, _listed(given)))
    if not purses:
        raise ValueError("must name at least one balance, such as USD=10000")
    return MappingProxyType(purses)


def _purse(text: str) -> tuple[Purse, Decimal]:
    found = _PURSE.fullmatch(text)
    if found is None:
        raise ValueError("must be balances such as USD=10000,BTC=0.5,margin:USD=5000")
    wallet, currency, amount = found.groups()
    return (Wallet(wallet or Wallet.EXCHANGE), currency), Decimal(amount)


def _instance(given: object) -> str:
    text = str(given)
    if len(text) > LONGEST_NAME or not text.isprintable():
        raise ValueError(f"must be a name of at most {LONGEST_NAME} letters")
    return text


Purses = Annotated[Mapping[Purse, Decimal], PlainValidator(_purses)]
Secret = Annotated[SecretStr, PlainValidator(_secret)]
BotToken = Annotated[SecretStr, PlainValidator(_token)]
WebhookUrl = Annotated[str, PlainValidator(_webhook_url)]
WebhookSecret = Annotated[SecretStr, PlainValidator(_webhook_secret)]
SigningKey = Annotated[SecretStr, PlainValidator(_signing_key)]
DatabaseUrl = Annotated[SecretStr, PlainValidator(_database)]
Folder = Annotated[Path, PlainValidator(_folder)]
People = Annotated[frozenset[int], PlainValidator(_people)]
Groups = Annotated[frozenset[int], PlainValidator(_groups)]
ChatId = Annotated[int, PlainValidator(_chat)]
EndpointPatterns = Annotated[Patterns, PlainValidator(_patterns)]
Symbols = Annotated[tuple[str, ...], PlainValidator(_symbols)]
Timeframes = Annotated[tuple[str, ...], PlainValidator(_timeframes)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], PlainValidator(_networks)]
Origins = Annotated[tuple[str, ...], PlainValidator(_origins)]
Host = Annotated[str, PlainValidator(_host)]
TimeZone = Annotated[ZoneInfo, PlainValidator(_zone)]
HttpUrl = Annotated[str, PlainValidator(address("https", "http"))]
RestUrl = Annotated[str, PlainValidator(address("https", "http", tail="/v2"))]
SocketUrl = Annotated[str, PlainValidator(address("wss", "ws", tail="/ws/2"))]
InstanceName = Annotated[str, PlainValidator(_instance)]
Upper = BeforeValidator(lambda given: str(given).upper())
Lower = BeforeValidator(lambda given: str(given).lower())
