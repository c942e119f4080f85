"""Every setting: its name, its default, and what it must be."""

# pydantic's base class is typed with Any, which mypy lays to the charge of each subclass.
# mypy: disallow-any-explicit=False

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.settings.dry_run import DryRunSettings
from bot.settings.group import Group
from bot.settings.risk import RiskSettings
from bot.settings.safeguards import SafeguardSettings
from bot.settings.values import (
    BotToken,
    ChatId,
    DatabaseUrl,
    EndpointPatterns,
    Folder,
    Groups,
    Host,
    HttpUrl,
    InstanceName,
    Lower,
    Networks,
    Origins,
    People,
    RestUrl,
    Secret,
    SigningKey,
    SocketUrl,
    Symbols,
    Timeframes,
    TimeZone,
    Upper,
    WebhookSecret,
    WebhookUrl,
    is_loopback,
)
from engine.model.actor import Role
from engine.model.endpoint import PER_MINUTE, EndpointType, Rates


def _per_minute(kind: EndpointType) -> int:
    calls: int = Field(
        PER_MINUTE[kind],
        alias=f"RATE_LIMIT_{kind}",
        ge=1,
        le=1000,
        description="calls a minute from 1 to 1000",
    )
    return calls


class BitfinexSettings(Group):
    """Keys and addresses of the exchange; the websocket's keys default to the REST ones.

    Only a dry run goes without keys.
    """

    api_key: Secret | None = Field(
        None, alias="BITFINEX_API_KEY", description="the API key from Bitfinex's settings, API keys"
    )
    api_secret: Secret | None = Field(
        None, alias="BITFINEX_API_SECRET", description="the secret shown beside the API key"
    )
    ws_api_key: Secret | None = Field(
        None, alias="BITFINEX_WS_API_KEY", description="another API key, for the websocket alone"
    )
    ws_api_secret: Secret | None = Field(
        None, alias="BITFINEX_WS_API_SECRET", description="the secret of BITFINEX_WS_API_KEY"
    )
    api_url: RestUrl = Field(
        "https://api.bitfinex.com/v2",
        alias="BITFINEX_API_URL",
        description="the address of the private REST interface",
    )
    public_api_url: RestUrl = Field(
        "https://api-pub.bitfinex.com/v2",
        alias="BITFINEX_PUBLIC_API_URL",
        description="the address of the public REST interface (BITFINEX_API_URL if that is set)",
    )
    ws_auth_uri: SocketUrl = Field(
        "wss://api.bitfinex.com/ws/2",
        alias="BITFINEX_WS_AUTH_URI",
        description="the address of the private websocket",
    )
    ws_public_uri: SocketUrl = Field(
        "wss://api-pub.bitfinex.com/ws/2",
        alias="BITFINEX_WS_PUBLIC_URI",
        description="the address of the public websocket",
    )
    dms: bool = Field(
        False,
        alias="BITFINEX_DMS",
        description="true or false: whether the exchange cancels all orders, stops too, "
        "when the link drops",
    )


class RateSettings(Group):
    """How often the exchange's REST interface may be asked, by kind of endpoint."""

    patterns: EndpointPatterns = Field(
        (),
        alias="RATE_LIMIT_PATTERNS",
        description="REGEX=>TYPE, separated by semicolons",
    )
    public_market: int = _per_minute(EndpointType.PUBLIC_MARKET)
    private_account: int = _per_minute(EndpointType.PRIVATE_ACCOUNT)
    private_trading: int = _per_minute(EndpointType.PRIVATE_TRADING)
    private_margin: int = _per_minute(EndpointType.PRIVATE_MARGIN)

    @property
    def rates(self) -> Rates:
        """As the exchange's client takes them."""
        kinds = {kind: getattr(self, kind.lower()) for kind in EndpointType}
        return Rates(per_minute=kinds, patterns=self.patterns)


class TelegramSettings(Group):
    """The bot, and who may talk to it."""

    bot_token: BotToken = Field(
        alias="TELEGRAM_BOT_TOKEN", description="the token @BotFather gave (123456789:AAE...)"
    )
    chat_id: ChatId | None = Field(
        None,
        alias="TELEGRAM_CHAT_ID",
        description="the numeric id of the chat that gets the alerts; a person's is admitted as "
        "admin",
    )
    admins: People = Field(
        frozenset(), alias="TELEGRAM_ADMINS", description="numeric user ids, comma separated"
    )
    traders: People = Field(
        frozenset(), alias="TELEGRAM_TRADERS", description="numeric user ids, comma separated"
    )
    viewers: People = Field(
        frozenset(), alias="TELEGRAM_VIEWERS", description="numeric user ids, comma separated"
    )
    groups: Groups = Field(
        frozenset(),
        alias="TELEGRAM_GROUPS",
        description="numeric ids of group chats where money may move, comma separated",
    )
    card_expires_seconds: int = Field(
        60,
        alias="CARD_EXPIRES_SECONDS",
        ge=1,
        le=3600,
        description="seconds from 1 to 3600 for which a card can be confirmed",
    )
    api_url: HttpUrl = Field(
        "https://api.telegram.org",
        alias="TELEGRAM_API_URL",
        description="the address of the Bot API",
    )
    webhook_url: WebhookUrl | None = Field(
        None,
        alias="TELEGRAM_WEBHOOK_URL",
        description="the public address where Telegram brings updates (unset: long polling)",
    )
    webhook_secret: WebhookSecret | None = Field(
        None,
        alias="TELEGRAM_WEBHOOK_SECRET",
        description="what Telegram shows at that address: 16 to 256 letters, digits, _ and -",
    )

    @property
    def roles(self) -> Mapping[int, Role]:
        """Each admitted person's role, the highest where there are several."""
        owner = {self.chat_id} if self.chat_id is not None and self.chat_id > 0 else set()
        return (
            dict.fromkeys(self.viewers, Role.VIEWER)
            | dict.fromkeys(self.traders, Role.TRADER)
            | dict.fromkeys(self.admins | owner, Role.ADMIN)
        )


class DatabaseSettings(Group):
    """Where the book is kept; without a URL, in an embedded PostgreSQL under `state_dir`."""

    url: DatabaseUrl | None = Field(
        None,
        alias="DATABASE_URL",
        description="postgresql+asyncpg://user:password@host/name (unset: an embedded PostgreSQL)",
    )
    state_dir: Folder = Field(
        alias="GENESIS_STATE_DIR", description="the folder where everything is kept"
    )
    pg_bindir: Folder | None = Field(
        None,
        alias="PG_BINDIR",
        description="the folder of another PostgreSQL's programs (unset: those of the wheel)",
    )


class WebSettings(Group):
    """The side app: health, metrics, later the REST interface."""

    host: Host = Field("127.0.0.1", alias="HOST", description="the address to listen on")
    port: int = Field(
        8000, alias="PORT", ge=0, le=65535, description="a port number from 0 (any) to 65535"
    )
    auth_required: bool = Field(
        True, alias="AUTH_REQUIRED", description="true or false: whether callers need a token"
    )
    jwt_secret_key: SigningKey | None = Field(
        None,
        alias="JWT_SECRET_KEY",
        description="at least 32 random characters, such as 'openssl rand -hex 32' prints",
    )
    access_token_expire_minutes: int = Field(
        60,
        alias="ACCESS_TOKEN_EXPIRE_MINUTES",
        ge=1,
        le=43_200,
        description="minutes from 1 to 43200 for which a token is valid",
    )
    allowed_origins: Origins = Field(
        (), alias="ALLOWED_ORIGINS", description="origins of other web pages, comma separated"
    )
    metrics_access_token: Secret | None = Field(
        None,
        alias="METRICS_ACCESS_TOKEN",
        description="the bearer token of whoever reads /metrics (unset: this machine only)",
    )
    metrics_ip_allowlist: Networks = Field(
        (),
        alias="METRICS_IP_ALLOWLIST",
        description="addresses or networks that may read /metrics, comma separated",
    )

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach us."""
        return is_loopback(self.host)


class MarketSettings(Group):
    """What is followed live."""

    ticker_stale_secs: float = Field(
        30.0,
        alias="WS_TICKER_STALE_SECS",
        ge=1,
        le=3600,
        description="seconds from 1 to 3600 after which a live price is asked for again",
    )
    subscribe_symbols: Symbols = Field(
        ("tBTCUSD", "tETHUSD"),
        alias="WS_SUBSCRIBE_SYMBOLS",
        description="1 to 12 symbols followed from the start, comma separated",
    )
    candle_timeframes: Timeframes = Field(
        (),
        alias="WS_CANDLE_TIMEFRAMES",
        description="lengths of candles such as 1m,1h followed from the start for these symbols, "
        "comma separated (unset: each once it is asked for)",
    )


class LogSettings(Group):
    """What is logged, and how it looks."""

    level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], Upper] = Field(
        "INFO", alias="LOG_LEVEL", description="DEBUG, INFO, WARNING or ERROR"
    )
    format: Annotated[Literal["console", "json"], Lower] = Field(
        "console", alias="LOG_FORMAT", description="console or json"
    )


class RegionSettings(Group):
    """Where the operator lives."""

    timezone: TimeZone = Field(
        ZoneInfo("UTC"), alias="TIMEZONE", description="a time zone such as Europe/Stockholm"
    )


class ServiceSettings(Group):
    """This service among several on one database."""

    instance_name: InstanceName = Field(
        "",
        alias="INSTANCE_NAME",
        description="the name of this service among several on one database (unset: host and "
        "process number)",
    )


class Settings(BaseSettings):
    """All settings of a service, checked; made by `load_settings`."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    bitfinex: BitfinexSettings
    rates: RateSettings
    telegram: TelegramSettings
    safeguards: SafeguardSettings
    database: DatabaseSettings
    web: WebSettings
    market: MarketSettings
    dry_run: DryRunSettings
    risk: RiskSettings
    logs: LogSettings
    region: RegionSettings
    service: ServiceSettings

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed in: `load_settings` is the one reader of the environment."""
        return (init_settings,)

    @property
    def secrets(self) -> frozenset[str]:
        """Every value that must never be shown, parts of addresses included."""
        groups = (self.bitfinex, self.telegram, self.database, self.web)
        return frozenset(text for group in groups for text in _hidden(group) if text)


def _hidden(group: Group) -> Iterator[str]:
    for name in type(group).model_fields:
        value: object = getattr(group, name)
        if isinstance(value, SecretStr):
            text = value.get_secret_value()
            yield text
            if "://" in text:
                password = urlsplit(text).password or ""
                yield from (password, unquote(password))
