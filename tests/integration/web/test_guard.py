"""Deny by default; nothing internal is told."""

import asyncio
import json

import pytest
from aiohttp import web

from bot.web.codes import LockedOut, WrongCode
from bot.web.doors import Door, open_doors
from bot.web.errors import STATUS
from bot.web.guard import HEADERS, LARGEST_BODY
from bot.web.server import WebServer
from engine.model.errors import (
    ConfigurationError,
    InvalidInput,
    JournalDamaged,
    LinkDown,
    NotAllowed,
    SecondFactorMissing,
    SecondFactorNeeded,
    SecondPersonNeeded,
)
from tests.integration.web.desk import Desk
from tests.journeys.client import KEY, token
from tests.unit.bot_frame.environment import loaded


async def secret(request: web.Request) -> web.Response:
    return web.Response(text=f"open {len(await request.read())}")


async def broken(_request: web.Request) -> web.Response:
    raise RuntimeError("hush: internals")


async def damaged(_request: web.Request) -> web.Response:
    raise JournalDamaged("hush: entry 5")


async def wrong(_request: web.Request) -> web.Response:
    raise InvalidInput("amount: 'abc' is no number.")


async def down(_request: web.Request) -> web.Response:
    raise LinkDown


def more_routes(app: web.Application) -> None:
    app.router.add_post("/secret", secret)
    for name, handler in {"broken": broken, "damaged": damaged, "wrong": wrong}.items():
        app.router.add_get(f"/{name}/{{id}}", handler)
    app.router.add_get("/down", down)


async def test_a_route_nobody_listed_is_closed(desk: Desk) -> None:
    await desk.open(more_routes)
    answer = await desk.ask("/secret", "POST")
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert json.loads(answer.body)["code"] == "unauthorized"


async def test_without_authentication_it_is_open(desk: Desk) -> None:
    await desk.open(more_routes, AUTH_REQUIRED="false")
    assert (await desk.ask("/secret", "POST", b"abc")).body == "open 3"


@pytest.mark.parametrize(
    ("path", "status", "code", "detail"),
    [
        ("/broken/1", 500, "internal", "The log has the details"),
        ("/damaged/1", 500, "internal", "The log has the details"),
        ("/wrong/1", 400, "invalid_input", "amount: 'abc' is no number."),
        ("/down", 503, "link_down", "There is no link to the exchange"),
        ("/nowhere", 404, "not_found", "nothing at this address"),
        ("/%2e%2e/etc/passwd", 404, "not_found", "nothing at this address"),
    ],
)
async def test_errors_are_problems_without_internals(
    desk: Desk, path: str, status: int, code: str, detail: str
) -> None:
    await desk.open(more_routes, AUTH_REQUIRED="false")
    answer = await desk.ask(path)
    told = json.loads(answer.body)
    assert answer.status == told["status"] == status
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert told["code"] == code
    assert detail in told["detail"]
    assert "hush" not in answer.body


async def test_a_wrong_method_is_told_the_right_ones(desk: Desk) -> None:
    await desk.open()
    answer = await desk.ask("/health", "DELETE")
    assert answer.status == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics", "/nowhere"])
async def test_every_answer_carries_the_security_headers(desk: Desk, path: str) -> None:
    await desk.open()
    answer = await desk.ask(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["Server"] == "genesis"


async def test_a_foreign_name_is_refused_on_loopback(desk: Desk) -> None:
    await desk.open(ALLOWED_ORIGINS="https://desk.example.org")
    for host in ("evil.example.org", "evil.example.org:8000", "", "[", "127.0.0.1.evil.example"):
        answer = await desk.ask("/health", Host=host)
        assert answer.status in {400, 421}, host
    for host in ("localhost", "127.0.0.1:1", "[::1]:8000", "LOCALHOST:80", "desk.example.org"):
        assert (await desk.ask("/health", Host=host)).status == 200


async def test_an_open_address_takes_any_name(desk: Desk) -> None:
    await desk.open(HOST="0.0.0.0", JWT_SECRET_KEY="5e" * 32)
    assert (await desk.ask("/health", Host="desk.example.org")).status == 200


async def test_large_bodies_are_refused_whatever_they_say(desk: Desk) -> None:
    await desk.open(more_routes, AUTH_REQUIRED="false")
    large = b"x" * (LARGEST_BODY + 1)
    told = await desk.ask("/secret", "POST", large)
    assert told.status == 413
    assert json.loads(told.body)["detail"] == "The body is too large."

    host, port = desk.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /secret HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
    writer.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(large), large))
    await writer.drain()
    status = await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    await writer.wait_closed()
    assert b" 413 " in status


async def test_a_taken_port_is_told_in_one_line(desk: Desk) -> None:
    await desk.open()
    port = desk.url.rpartition(":")[2]
    settings = loaded(PORT=port).web
    second = WebServer(desk.app(settings), settings)
    with pytest.raises(ConfigurationError) as caught:
        await second.start()
    assert f"PORT {port} is taken" in caught.value.sentence
    assert "\n" not in caught.value.sentence
    assert (await desk.ask("/health")).status == 200


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
async def test_a_foreign_address_is_told_in_one_line(desk: Desk, host: str) -> None:
    settings = loaded(HOST=host, PORT="0", JWT_SECRET_KEY="5e" * 32).web
    server = WebServer(desk.app(settings), settings)
    with pytest.raises(ConfigurationError) as caught:
        await server.start()
    assert f"HOST {host} is not" in caught.value.sentence


async def test_after_stopping_nobody_answers() -> None:
    settings = loaded(PORT="0").web
    async with asyncio.timeout(5):
        server = WebServer(web.Application(), settings)
        await server.start()
        host, port = server.url.removeprefix("http://").split(":")
        await server.stop()
    with pytest.raises(OSError, match=r"refused|failed"):
        await asyncio.open_connection(host, int(port))


async def test_a_door_may_not_hide_a_page_of_ours(desk: Desk) -> None:
    async def nothing(_request: web.Request) -> web.Response:
        return web.Response()

    door = Door(path="/metrics", host="desk.example.com", answer=nothing)
    with pytest.raises(ConfigurationError, match="choose another path"):
        open_doors(desk.app(loaded().web), [door])


async def test_another_site_s_page_cannot_act_where_no_token_is_asked_for(desk: Desk) -> None:
    """A page in the operator's browser can send plain text anywhere, and its origin with it."""
    await desk.open(AUTH_REQUIRED="false")
    path = "/api/v2/risk/panic"
    plain = await desk.ask(path, "POST", b'{"spot":true}', Content_Type="text/plain")
    assert plain.status == 415
    json_type = {"Content_Type": "application/json"}
    foreign = await desk.ask(path, "POST", b"{}", **json_type, Origin="http://evil.example")
    assert foreign.status == 403
    ours = await desk.ask(path, "POST", b"{}", **json_type)
    assert ours.status == 503, "nobody leads here"


@pytest.mark.parametrize(
    "no",
    [
        NotAllowed,
        SecondFactorNeeded,
        SecondFactorMissing,
        SecondPersonNeeded,
        WrongCode,
        LockedOut,
    ],
)
def test_who_may_not_is_told_so(no: type[NotAllowed]) -> None:
    assert STATUS[no.code] == 403


async def test_a_good_token_opens_nothing_while_nobody_knows_its_member(desk: Desk) -> None:
    await desk.open(JWT_SECRET_KEY=KEY)
    bearer = {"Authorization": f"Bearer {token(desk.clock)}"}
    for path, method in (("/api/v2/risk/status", "GET"), ("/api/v2/risk/panic", "POST")):
        answer = await desk.ask(path, method, **bearer)
        assert (answer.status, json.loads(answer.body)["code"]) == (503, "deposed")
    desk.clock.advance(13 * 3600)
    assert (await desk.ask("/api/v2/risk/status", **bearer)).status == 401
