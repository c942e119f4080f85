"""Who plays on the local Telegram, and where it listens."""

from dataclasses import dataclass
from pathlib import Path

from bot.telegram.sandbox.loopback import is_loopback

LOCAL_TOKEN = "42:demo-token-of-the-local-telegram"  # noqa: S105 - opens nothing outside loopback


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedUser:
    """A person somebody plays on the chat page or through the control API."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedGroup:
    """The one group chat; every played person and the bot are members."""

    id: int = -1001000000001
    title: str = "Trading desk"


OLIVIA = PlayedUser(id=1001, first_name="Olivia", username="olivia")
STEN = PlayedUser(id=2002, first_name="Sten", username="sten_s", language_code="sv")


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxConfig:
    """Settings of one local Telegram; `port=0` takes a free port, `state=None` keeps all in memory.

    `query_lifetime` is in seconds: a button press answered later is refused as too old.
    `bot_may_begin=False` forbids the bot to write to a person who never wrote, as in the real one.
    `group_privacy=True` hides plain group talk from the bot; commands, mentions and replies pass.
    """

    port: int = 0
    host: str = "127.0.0.1"
    token: str = LOCAL_TOKEN
    bot_username: str = "genesis_demo_bot"
    bot_name: str = "Genesis"
    users: tuple[PlayedUser, ...] = (OLIVIA, STEN)
    group: PlayedGroup = PlayedGroup()
    state: Path | None = None
    pace: bool = False
    query_lifetime: float = 60.0
    bot_may_begin: bool = True
    group_privacy: bool = True

    def __post_init__(self) -> None:
        identity, _, secret = self.token.partition(":")
        if not (identity.isdecimal() and secret) or self.token.split() != [self.token]:
            raise ValueError("a bot token looks like 42:secret, without spaces")
        if not is_loopback(self.host):
            raise ValueError(f"the local Telegram listens on loopback only, not on {self.host}")

    @property
    def bot_id(self) -> int:
        """The bot's own user id: the number before the colon of the token."""
        return int(self.token.partition(":")[0])
