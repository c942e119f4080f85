"""Nothing secret is ever left where somebody could read it, whatever goes wrong."""

import asyncio
import io
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import structlog
from sqlalchemy.engine import make_url

from bot.app import Service, build
from bot.logs import configure_logs
from bot.settings import load_settings
from engine.model.errors import ConfigurationError
from engine.people.totp import spelled
from tests.eventually import eventually_asked
from tests.journeys.authenticator import Authenticator, secret_in
from tests.journeys.client import Client, token
from tests.journeys.people import QUICK, Person, joined
from tests.journeys.search import found, in_database, in_objects, told
from tests.stage import OLIVIA, Stage, ready, scenery
from tests.strait import Strait, strait, to_socket

NEWCOMER, GUESSER = 9001, 9002
KEY, SECRET = "planted-key-Wq7Zr2", "planted-secret-Tn4Kx9-Bd6"
PASSWORD, WEBHOOK = "planted-password-Jm3Vc8", "planted-webhook-Hs5Lp1_Yf0"
JWT, METRICS = "planted-jwt-Gr8Nw2-Ue6Ai4-Ko1Td9-Zx7", "planted-metrics-Cb2Fy5"
CODE = re.compile(r"/start ([A-Z0-9-]{10,})")


@dataclass
class Play:
    """A whole service with planted secrets, and everything it says."""

    stage: Stage
    database: Strait
    database_url: str
    proxy_port: list[int]
    log: io.StringIO
    folder: Path
    planted: dict[str, str]
    secret: bytes = b""
    web: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def service(self, style: str) -> AsyncIterator[Service]:
        """It runs, and logs all there is to say."""
        environ = {**self.stage.environ, "LOG_LEVEL": "DEBUG", "LOG_FORMAT": style}
        settings = load_settings(environ, None)
        configure_logs(settings.logs, settings.secrets, self.log)
        async with build(settings, self.stage.clock) as service:
            self.proxy_port[:] = [int(service.web_url.rpartition(":")[2])]
            await ready(service.web_url, self.stage.http)
            yield service
            await self.look_at_web(service)

    async def look_at_web(self, service: Service) -> None:
        """Note all that the side app tells."""
        for path in ("health", "ready", "metrics", "nothing"):
            headers = {"Authorization": f"Bearer {METRICS}"}
            url = f"{service.web_url}/{path}?token={METRICS}"
            async with self.stage.http.get(url, headers=headers) as answer:
                self.web.append(f"{dict(answer.headers)} {await answer.text()}")

    async def telegram_fault(self, **what: object) -> None:
        """The next calls of the bot go wrong."""
        url = f"{self.stage.telegram.url}/control/fault"
        async with self.stage.http.post(url, json=what) as answer:
            assert answer.status == 200, await answer.text()


@pytest.fixture
def quiet_after() -> Iterator[None]:
    """Logs are as they were when the test is over."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


@pytest.fixture
async def play(database_url: str, tmp_path: Path, quiet_after: None) -> AsyncIterator[Play]:
    """Everything but the service."""
    port: list[int] = []

    async def to_service() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if not port:
            raise ConnectionRefusedError
        return await asyncio.open_connection("127.0.0.1", port[0])

    place = make_url(database_url)
    socket = f"{place.query['host']}/.s.PGSQL.{place.query['port']}"
    exchange = replace(QUICK, keys={KEY: SECRET})
    async with strait(to_socket(socket)) as database, strait(to_service) as proxy:
        login = f"{place.username}:{PASSWORD}@127.0.0.1:{database.port}"
        settings = {
            "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{proxy.port}/telegram",
            "TELEGRAM_WEBHOOK_SECRET": WEBHOOK,
            "JWT_SECRET_KEY": JWT,
            "METRICS_ACCESS_TOKEN": METRICS,
            "FOUR_EYES_NOTIONAL": "10000",
        }
        url = f"postgresql+asyncpg://{login}/{place.database}"
        async with scenery(url, tmp_path, exchange, **settings) as stage:
            bot_token = stage.environ["TELEGRAM_BOT_TOKEN"]
            planted = {
                "API key": KEY,
                "API secret": SECRET,
                "bot token": bot_token.partition(":")[2],
                "database password": PASSWORD,
                "webhook secret": WEBHOOK,
                "JWT key": JWT,
                "metrics token": METRICS,
            }
            yield Play(stage, database, database_url, port, io.StringIO(), tmp_path, planted)


async def enrols(play: Play, olivia: Person) -> Authenticator:
    """Set up an authenticator, with a wrong code first."""
    shown = await olivia.asks("/2fa", "Set up your authenticator")
    app = Authenticator(olivia, secret_in(shown.text))
    play.secret = app.secret
    play.planted["TOTP secret"] = spelled(app.secret)
    await shows(play, app, "tries are left", app.wrong())
    await shows(play, app, "Your authenticator is set up", await app.code())
    return app


async def shows(play: Play, app: Authenticator, words: str, code: str) -> None:
    """Send a code, which nobody may find anywhere later."""
    play.planted[f"TOTP code {len(play.planted)}"] = code
    said = await app.person.says(code)
    await app.person.hears(words, after=said)


async def invites(play: Play, olivia: Person) -> None:
    """Somebody is invited and comes in; somebody else guesses."""
    invitation = await olivia.asks("/users invite trader", "/start ")
    code = CODE.search(invitation.text)
    assert code is not None
    play.planted["invitation code"] = code[1]
    guesser = await joined(play.stage, GUESSER)
    await guesser.asks("/start AAAA-BBBB-CCCC", "code")
    newcomer = await joined(play.stage, NEWCOMER)
    await newcomer.asks(f"/start {code[1]}", "Welcome")
    await newcomer.asks(f"/start {code[1]}", "You")


async def trades(play: Play, olivia: Person) -> None:
    """Orders well and ill: refused, unanswered, malformed, and with Telegram in trouble."""
    stage = play.stage
    await olivia.places("/buy tBTCUSD 0.01 limit 20000")
    card = await olivia.asks("/buy tBTCUSD 0.01", "Expires in")
    await play.telegram_fault(kind="500", method="editMessageText")
    await play.telegram_fault(kind="429", method="sendMessage", retry_after=1)
    await play.telegram_fault(kind="drop", method="sendMessage")
    await olivia.taps(card, card.buttons[0])
    await olivia.sees(card, "Filled")
    for fault in ({"kind": "garbage"}, {"kind": "html", "where": "/"}, {"kind": "unknown_frame"}):
        await stage.control("fault", **fault)
    await stage.control("fault", kind="auth_failed", text=f"apikey: {KEY} is invalid")
    lost = await olivia.says("/balance")
    await stage.control("drop")
    await olivia.hears("does not accept the API key", after=lost)
    await stage.passes(120)
    await olivia.hears("link up", after=lost)
    large = await olivia.asks("/buy tBTCUSD 0.5", "Expires in")
    await olivia.taps(large, large.buttons[0])
    await olivia.sees(large, "Waiting for a second person")
    await olivia.taps(large, "Withdraw")


async def over_the_api(play: Play, service: Service, app: Authenticator) -> None:
    """Somebody's program sets a limit: with a wrong code and a right one, and a broken token."""
    shown = token(play.stage.clock, key=JWT)
    client = Client(play.stage, service.web_url, shown)
    play.planted |= {"API token": shown, "its signature": shown.rpartition(".")[2]}
    wish = {"max_trades": 30}
    for code, status in ((app.wrong(), 403), (await app.code(), 200)):
        play.planted[f"TOTP code {len(play.planted)}"] = code
        told = await client.asks("/risk/max-trades", wish, X_Code=code, Idempotency_Key="one")
        assert told[0] == status, told
        play.web.append(str(told))
    play.web.append(str(await client.asks("/risk/max-trades", wish, token=f"{shown}x")))
    play.web.append(str(await client.asks("/risk/max-trades", wish, X_Code=f"{code}1")))


async def without_database(play: Play, olivia: Person, app: Authenticator) -> None:
    """The database goes while a code is on its way, and comes back."""
    await play.stage.passes(400)
    await olivia.asks("/pause lunch", "paused")
    card = await olivia.asks("/resume", "Expires in")
    await olivia.taps(card, "Resume")
    await olivia.hears("Send the 6-digit code", after=card.id)
    play.database.cut()
    code = await app.code()
    play.planted[f"TOTP code {len(play.planted)}"] = code
    await olivia.says(code)
    await eventually_asked(lambda: answers(olivia), patience=20.0)


async def answers(olivia: Person) -> bool:
    said = await olivia.says("/status")
    await olivia.hears("Trading", after=said)
    return True


async def nothing_waits(play: Play) -> bool:
    """Whether every update is done: until then its words are kept for after a crash."""
    return not await in_database(play.database_url, {}, play.secret)


async def test_nothing_planted_is_found_anywhere(play: Play) -> None:
    olivia = Person(play.stage, OLIVIA)
    async with play.service("console"):
        app = await enrols(play, olivia)
        await invites(play, olivia)
        await trades(play, olivia)
    async with play.service("json") as service:
        await over_the_api(play, service, app)
        await without_database(play, olivia, app)
        await olivia.asks("/audit", "Olivia")
        await play.look_at_web(service)
        seen = in_objects(play.planted)

    assert [*seen] == []
    assert found(play.log.getvalue(), play.planted) == []
    assert found("\n".join(play.web), play.planted) == []
    assert await in_database(play.database_url, play.planted, play.secret) == []
    for words in ("does not accept the API key", "telegram_unreachable", '"level"'):
        assert words in play.log.getvalue()
    said_by_bot = [words for by_bot, words in told(play.folder / "telegram") if by_bot]
    assert said_by_bot
    shown = [hit.partition(":")[0] for words in said_by_bot for hit in found(words, play.planted)]
    assert sorted(shown) == ["TOTP secret", "invitation code"]


WRONG = {
    "BITFINEX_API_KEY": "",
    "DATABASE_URL": f"postgres://olivia:{PASSWORD}@db/genesis",
    "JWT_SECRET_KEY": JWT[:20],
    "TELEGRAM_BOT_TOKEN": "planted-token-no-colon",
    "TELEGRAM_WEBHOOK_SECRET": f"{WEBHOOK}!",
    "SECOND_FACTOR_FOR": "everything",
    "FOUR_EYES_NOTIONAL": "much",
}


@pytest.mark.parametrize("name", WRONG)
async def test_no_refusal_of_settings_shows_one(play: Play, name: str) -> None:
    environ = {**play.stage.environ, name: WRONG[name]}
    with pytest.raises(ConfigurationError) as refused:
        load_settings(environ, None)
    chain = [refused.value, refused.value.__cause__, refused.value.__context__]
    said = " ".join(f"{error!r} {error}" for error in chain if error is not None)
    assert name in said
    planted = {**play.planted, "given": WRONG[name]} if WRONG[name] else play.planted
    allowed = {"SECOND_FACTOR_FOR"}
    assert name in allowed or found(said, planted) == []


async def test_no_repr_of_settings_shows_one(play: Play) -> None:
    settings = load_settings(play.stage.environ, None)
    shown = f"{settings!r} {settings}"
    assert found(shown, play.planted) == []
    assert settings.secrets >= {KEY, SECRET, PASSWORD, WEBHOOK, JWT, METRICS}
