"""`genesis people` and `genesis token`: who owns the machine can help who is locked out."""

import itertools
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import jwt
import pytest

from bot.cli.launch import FINE, MISUSED
from bot.web.tokens import Scope
from tests.eventually import eventually_asked
from tests.integration.cli.terminal import Ended, Terminal
from tests.journeys.authenticator import enrolled
from tests.journeys.client import KEY, Client, token
from tests.journeys.people import QUICK, Person, joined
from tests.stage import OLIVIA, STEN, Stage, scenery, service_on


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    traders = {"TELEGRAM_TRADERS": str(STEN)}
    async with scenery(database_url, tmp_path, QUICK, JWT_SECRET_KEY=KEY, **traders) as stage:
        yield stage


@dataclass(frozen=True)
class Shell:
    """A terminal on the server."""

    genesis: Terminal
    environ: Mapping[str, str]

    async def ends(self, *words: str) -> Ended:
        return await self.genesis.type(words, self.environ).ended()

    async def says(self, *words: str) -> str:
        ended = await self.ends(*words)
        assert ended.code == FINE, ended
        assert "Traceback" not in ended.err
        return ended.out

    async def complains(self, *words: str) -> str:
        ended = await self.ends(*words)
        assert ended.code == MISUSED, ended
        return ended.line


async def test_a_sole_admin_who_lost_the_phone_is_helped_while_the_service_runs(
    genesis: Terminal, stage: Stage
) -> None:
    shell = Shell(genesis, stage.environ)
    async with service_on(stage) as service:
        olivia = Person(stage, OLIVIA)
        await enrolled(olivia)
        listed = await shell.says("people")
        assert f"{OLIVIA} \u00b7 Olivia" in listed
        assert "admin by settings \u00b7 authenticator" in listed
        assert f"{STEN} \u00b7 {STEN} \u00b7 trader by settings \u00b7 no authenticator" in listed

        said = await shell.says("people", "forget-authenticator", "olivia")
        assert "has no authenticator any more" in said
        await olivia.hears("An authenticator was taken off", "Done at the server's console.")
        await olivia.asks("/2fa", "Set up your authenticator")
        await olivia.asks("/audit 3", "The console", "took off the authenticator of Olivia")
        assert "has no authenticator" in await shell.complains(
            "people", "forget-authenticator", str(STEN)
        )

        await _pairs(stage, shell)
        await _makes_tokens(Client(stage, service.web_url, token(stage.clock)), shell)
        kept = token(stage.clock)
        await Client(stage, service.web_url, kept).done("/risk/status")
    # what was ruled outlasts the service, and is done without one, too
    assert "tokens made until" in await shell.says("people")
    await shell.says("people", "end-tokens", str(OLIVIA))
    async with service_on(stage) as service:
        await Client(stage, service.web_url, token(stage.clock)).done("/risk/status")
        dead = Client(stage, service.web_url, kept)
        assert "was ended" in await dead.fails(401, "unauthorized", "/risk/status")


async def _pairs(stage: Stage, shell: Shell) -> None:
    first = _code_in(await shell.says("people", "pair"))
    second = _code_in(await shell.says("people", "pair"))
    people = itertools.count(7001)

    async def welcomed() -> Person | None:
        """Somebody new at each try: whoever shows a code too early is told off for it."""
        person = await joined(stage, next(people))
        said = await person.says(f"/start {second}")
        answer = await person.hears("", after=said)
        return person if "Welcome" in answer.text else None

    admin = await eventually_asked(welcomed)
    assert admin is not None
    early = await joined(stage, next(people))
    await early.asks(f"/start {first}", "not good")
    await admin.asks("/users", "People")
    late = await joined(stage, next(people))
    await late.asks(f"/start {second}", "not good")


async def _makes_tokens(client: Client, shell: Shell) -> None:
    printed = (await shell.says("token", "--for", "Olivia", "--scope", "trade")).strip()
    claims = jwt.decode(printed, KEY, algorithms=["HS256"], options={"verify_iat": False})
    assert (claims["sub"], claims["scope"]) == (f"tg:{OLIVIA}", "trade")
    assert round(claims["exp"] - claims["iat"]) == 60 * 60
    assert len(claims["jti"]) == 16
    made = replace(client, token=printed)
    await made.done("/risk/status")
    await Person(client.stage, OLIVIA).asks("/audit 1", "make token", claims["jti"])

    assert "within a second" in await shell.says("people", "end-tokens", str(OLIVIA))

    async def ended() -> bool:
        return (await made.asks("/risk/status"))[0] == 401

    await eventually_asked(ended)
    await client.of(Person(client.stage, OLIVIA), Scope.READ).done("/risk/status")


def _code_in(said: str) -> str:
    return said.partition("/start ")[2].split()[0]


async def test_what_makes_no_sense_is_said_in_one_line(
    genesis: Terminal, stage: Stage, home: Mapping[str, str]
) -> None:
    shell = Shell(genesis, {**stage.environ, "ACCESS_TOKEN_EXPIRE_MINUTES": "90"})
    assert "of the scope trade at most" in await shell.complains(
        "token", "--for", str(STEN), "--scope", "admin"
    )
    assert "genesis people lists everybody" in await shell.complains("token", "--for", "nobody")
    assert "genesis people lists everybody" in await shell.complains(
        "people", "end-tokens", "tg:1; DROP TABLE journal"
    )
    assert "Say whom" in await shell.complains("people", "forget-authenticator")
    assert "takes no name" in await shell.complains("people", "pair", "Olivia")
    printed = (await shell.says("token", "--for", f"tg:{STEN}")).strip()
    claims = jwt.decode(printed, KEY, algorithms=["HS256"], options={"verify_iat": False})
    assert (claims["scope"], round(claims["exp"] - claims["iat"])) == ("read", 90 * 60)

    printed = (await shell.says("token", "--scope", "admin", "--hours", "2")).strip()
    claims = jwt.decode(printed, KEY, algorithms=["HS256"], options={"verify_iat": False})
    assert (claims["sub"], claims["scope"]) == (f"tg:{OLIVIA}", "admin"), "the only admin's"
    two = Shell(genesis, {**stage.environ, "TELEGRAM_ADMINS": "4001"})
    assert "genesis token --for NAME_OR_ID" in await two.complains("token", "--scope", "read")

    keyless = Shell(genesis, {**stage.environ, "JWT_SECRET_KEY": ""})
    assert "JWT_SECRET_KEY is missing" in await keyless.complains("token", "--for", "Olivia")
    assert "TELEGRAM_BOT_TOKEN is missing" in await Shell(
        genesis, {**home, "DATABASE_URL": stage.environ["DATABASE_URL"]}
    ).complains("people")
    await shell.says("db", "downgrade", "0009")
    assert "genesis db upgrade" in await shell.complains("people")
    await shell.says("db", "downgrade", "base")
    assert "The database is empty" in await shell.complains("people")
