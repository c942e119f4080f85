"""API tokens: each a member's, worth what the member may do at this moment, and ended at once."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import jwt
import pytest
import pytest_asyncio

from bot.web.tokens import Scope
from tests.eventually import eventually_asked
from tests.journeys.authenticator import enrolled
from tests.journeys.client import KEY, Client, token
from tests.journeys.people import QUICK, STAFF, House, Person
from tests.stage import scenery, service_on

pytestmark = pytest.mark.asyncio(loop_scope="module")
ANY_LATER = timedelta(hours=1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(
    shared_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """One house for all tests here; each brings its own people."""
    folder = tmp_path_factory.mktemp("house")
    async with (
        scenery(shared_database_url, folder, QUICK, JWT_SECRET_KEY=KEY, **STAFF) as stage,
        service_on(stage) as service,
    ):
        yield House(stage, service.web_url)


@pytest_asyncio.fixture(loop_scope="module")
async def client(house: House) -> Client:
    """Olivia's program."""
    return Client(house.stage, house.web_url, token(house.stage.clock))


def forged(house: House, person: Person, **claims: object) -> str:
    """A token of ours in which something is otherwise, or missing."""
    told = jwt.decode(
        token(house.stage.clock, person.id),
        KEY,
        algorithms=["HS256"],
        options={"verify_iat": False, "verify_exp": False},
    )
    kept = {name: value for name, value in {**told, **claims}.items() if value is not None}
    return jwt.encode(kept, KEY, algorithm="HS256")


async def test_only_a_member_s_own_token_of_now_opens_anything(
    house: House, client: Client
) -> None:
    admin, clock = await house.admin(), house.stage.clock
    later = (clock.now() + ANY_LATER).timestamp()
    for shown in (
        "",
        "nonsense",
        token(clock, key="ab" * 32),
        token(clock, lifetime=timedelta(microseconds=1)),
        token(clock, 9_999),
        forged(house, admin, sub="console"),
        forged(house, admin, sub="api:anybody"),
        forged(house, admin, sub=f"tg:{admin.id} "),
        forged(house, admin, jti=None),
        forged(house, admin, iat=None),
        forged(house, admin, iat=later),
        forged(house, admin, iat=float("nan")),
        forged(house, admin, exp=float("inf")),
        forged(house, admin, scope="root"),
        forged(house, admin, iss="somebody"),
    ):
        status, told = await client.asks("/risk/status", token=shown)
        assert (status, told["code"]) == (401, "unauthorized"), shown
    assert (await client.asks("/risk/status", token=forged(house, admin)))[0] == 200


async def test_an_unsigned_token_opens_nothing(client: Client) -> None:
    head, body, _ = client.token.split(".")
    unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"
    for shown in (f"{unsigned}.{body}.", f"{head}.{body}.", f"{head}.{body}.AAAA"):
        status, _ = await client.asks("/risk/status", token=shown)
        assert status == 401


async def test_the_lower_of_scope_and_role_counts_at_each_request(
    house: House, client: Client
) -> None:
    trader, boss = await house.trader(), await house.admin()
    wide = client.of(trader, Scope.ADMIN)
    detail = await wide.fails(403, "not_allowed", "/risk/max-trades", {"max_trades": 1})
    assert detail == "This needs the role admin; you are trader."
    narrow = client.of(boss, Scope.READ)
    for path in ("pause", "resume", "windows", "max-trades", "guards", "circuit/reset", "panic"):
        assert "scope" in await narrow.fails(403, "not_allowed", f"/risk/{path}", {})
    await wide.done("/risk/evaluate", {"symbol": "tBTCUSD", "amount": "0.01"})

    card = await boss.asks(f"/users role {trader.id} viewer", "Expires in")
    await boss.taps(card, "Make viewer")
    detail = await wide.fails(403, "not_allowed", "/risk/pause", {})
    assert detail == "This needs the role trader; you are viewer."
    await wide.done("/risk/status")
    assert (await client.done("/risk/status"))["paused"] is None


async def test_who_is_frozen_or_revoked_is_out_at_once_and_old_tokens_stay_dead(
    house: House, client: Client
) -> None:
    trader, boss = await house.trader(), await house.admin()
    theirs = client.of(trader)
    await theirs.done("/risk/status")
    await boss.asks(f"/users freeze {trader.id}", "Frozen")
    assert "frozen" in await theirs.fails(403, "not_allowed", "/risk/status")
    card = await boss.asks(f"/users thaw {trader.id}", "Expires in")
    await boss.taps(card, "Give rights back")
    assert "was ended" in await theirs.fails(401, "unauthorized", "/risk/pause", {})

    again = client.of(trader)
    await again.done("/risk/status")
    card = await boss.asks(f"/users revoke {trader.id}", "Expires in")
    await boss.taps(card, "Revoke")
    assert "off the list" in await again.fails(403, "not_allowed", "/risk/status")


async def test_a_button_ends_a_member_s_tokens_and_new_ones_are_good(
    house: House, client: Client
) -> None:
    trader, other, boss = await house.trader(), await house.trader(), await house.admin()
    first, second, others = client.of(trader), client.of(trader, Scope.READ), client.of(other)
    shown = await boss.asks(f"/users show {trader.id}", "Trades within the limits")
    assert "End API tokens" in shown.buttons
    await boss.taps(shown, "End API tokens")
    card = await boss.hears("End the API tokens of", after=shown.id)
    await first.done("/risk/status")
    await boss.taps(card, "End API tokens")

    for ended in (first, second):
        assert "was ended" in await ended.fails(401, "unauthorized", "/risk/status")
    await others.done("/risk/status")
    await client.of(trader).done("/risk/status")
    await trader.hears("Your API tokens were ended")
    await house.stage.hears("ended the API tokens of")
    await boss.asks("/audit 5", "ended the API tokens of", "was ended")
    await trader.asks(f"/users tokens {other.id}", "needs the role admin")


async def test_a_body_that_comes_late_is_judged_when_it_is_there(
    house: House, client: Client
) -> None:
    trader, boss = await house.trader(), await house.admin()
    host, port = house.web_url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        b"POST /api/v2/risk/pause HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
        b"Authorization: Bearer " + client.of(trader).token.encode() + b"\r\n\r\n{"
    )
    await writer.drain()
    await boss.asks(f"/users freeze {trader.id}", "Frozen")
    writer.write(b"}")
    await writer.drain()
    status = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    await writer.wait_closed()
    assert b" 403 " in status
    assert (await client.done("/risk/status"))["paused"] is None


async def test_the_journal_names_the_member_and_the_way(house: House, client: Client) -> None:
    admin = await house.admin()
    theirs = client.of(admin)
    await admin.asks("/help", "What you can say")
    await theirs.done("/risk/pause", {"reason": "news"})
    name = f"Person {admin.id} (API)"
    # the member hears it too: somebody else may have their token
    await house.stage.hears("Trading paused", name, "news", "Asked for over the API.")
    await theirs.done("/risk/max-trades", {"max_trades": 0})
    await theirs.done("/risk/resume", {})
    told = await admin.asks(f"/audit {admin.id}", "paused trading · over the API")
    assert "resumed trading · over the API" in told.text
    await admin.asks("/pause lunch", "paused")
    told = await admin.asks(f"/audit {admin.id} 1", "paused trading", "lunch")
    assert "over the API" not in told.text
    await theirs.done("/risk/resume", {})


async def resumed(client: Client) -> bool:
    return (await client.done("/risk/status"))["paused"] is None


async def test_what_needs_a_code_needs_one_over_the_api_for_each_wish(
    house: House, client: Client
) -> None:
    admin, stage = await house.admin(), house.stage
    theirs, app = client.of(admin), await enrolled(admin)  # in the chat a grace is open now
    await theirs.done("/risk/pause", {})
    detail = await theirs.fails(403, "second_factor_needed", "/risk/resume", {})
    assert detail == "This needs the 6-digit code of your authenticator, in the header X-Code."
    assert "X-Code" in await theirs.fails(
        400, "invalid_input", "/risk/resume", {}, X_Code="123 456"
    )
    wrong = await theirs.fails(403, "wrong_code", "/risk/resume", {}, X_Code=app.wrong())
    assert "4 tries are left" in wrong
    assert not await resumed(client)

    code = await app.code()
    one: Mapping[str, str] = {"Idempotency_Key": "one", "X_Code": code}
    assert (await theirs.done("/risk/resume", {}, **one))["paused"] is None
    assert (await theirs.done("/risk/resume", {}, **one))["paused"] is None, "the same wish"
    await theirs.done("/risk/pause", {})
    await theirs.fails(403, "second_factor_needed", "/risk/resume", {})
    await theirs.fails(403, "wrong_code", "/risk/resume", {}, X_Code=code)
    assert "1 to 128" in await theirs.fails(
        400, "invalid_input", "/risk/pause", {}, Idempotency_Key=" "
    )
    # nor does a key that begins like the first one's
    await theirs.fails(403, "second_factor_needed", "/risk/resume", {}, Idempotency_Key="one:x")

    # one code is good for both halves of one request
    both = {"windows": {}, "paused": False}
    await theirs.done("/risk/windows", both, X_Code=await app.code())
    assert await resumed(client)
    # and it opens no grace in the chat
    await stage.passes(301)
    await theirs.done("/risk/max-trades", {"max_trades": 0}, X_Code=await app.code())
    await admin.asks("/pause", "paused")
    card = await admin.asks("/resume", "Trading is paused", "Expires in")
    assert "6-digit code" in await admin.taps(card, "Resume")
    await admin.asks(f"/audit {admin.id} 20", "refused: This needs the 6-digit code")
    await client.done("/risk/resume", {})


async def test_wrong_codes_lock_out_the_right_one_too(house: House, client: Client) -> None:
    admin = await house.admin()
    theirs, app = client.of(admin), await enrolled(admin)
    wish = {"max_trades": 3}
    for _ in range(4):
        await theirs.fails(403, "wrong_code", "/risk/max-trades", wish, X_Code=app.wrong())
    await theirs.fails(403, "locked_out", "/risk/max-trades", wish, X_Code=app.wrong())
    code = await app.code()
    detail = await theirs.fails(403, "locked_out", "/risk/max-trades", wish, X_Code=code)
    assert "Too many codes were wrong" in detail
    await house.stage.hears(
        "Too many wrong codes over the API",
        "end their API tokens",
        f"Codes sent by Person {admin.id}",
    )
    await theirs.done("/risk/pause", {})  # what stops something waits for no code
    await client.done("/risk/resume", {})
    limits = (await client.done("/risk/guards"))["limits"]
    assert isinstance(limits, dict)
    assert limits["max_trades_per_day"] == 0


async def test_whoever_has_a_token_locks_nobody_out_of_the_chat(
    house: House, client: Client
) -> None:
    admin, stage = await house.admin(), house.stage
    stolen, app = client.of(admin), await enrolled(admin)
    await stage.passes(301)
    await stolen.done("/risk/pause", {})
    for left in (4, 3, 2, 1):
        told = await stolen.fails(403, "wrong_code", "/risk/resume", {}, X_Code=app.wrong())
        assert f"{left} tr" in told
    await stolen.fails(403, "locked_out", "/risk/resume", {}, X_Code=app.wrong())

    card = await admin.asks("/resume", "Trading is paused", "Expires in")
    await admin.taps(card, "Resume")
    await admin.says(await app.code())
    await stage.becomes(card, "Trading is resumed", chat=admin.id)
    # the API stays shut, also to a right code, and the token is ended without one
    await stolen.fails(403, "locked_out", "/risk/max-trades", {"max_trades": 1}, X_Code=app.wrong())
    card = await admin.asks(f"/users tokens {admin.id}", "End the API tokens")
    await admin.taps(card, "End API tokens")
    await stolen.fails(401, "unauthorized", "/risk/status")


async def test_two_at_once_with_one_code_are_one(house: House, client: Client) -> None:
    admin = await house.admin()
    theirs, app = client.of(admin), await enrolled(admin)
    code = await app.code()
    wishes = [{"max_trades": 11}, {"max_trades": 12}]
    answers = await asyncio.gather(
        *(theirs.asks("/risk/max-trades", wish, X_Code=code) for wish in wishes)
    )
    assert sorted(status for status, _ in answers)[1] == 403
    assert [status for status, _ in answers].count(200) <= 1
    await client.done("/risk/max-trades", {"max_trades": 0})


async def test_tries_of_an_ended_token_fill_no_journal(house: House, client: Client) -> None:
    trader, boss = await house.trader(), await house.admin()
    theirs = client.of(trader)
    await boss.asks(f"/users freeze {trader.id}", "Frozen")
    for _ in range(30):
        await theirs.fails(403, "not_allowed", "/risk/status")

    async def noted() -> bool:
        told = await boss.asks(f"/audit {trader.id} 20", "What")
        return told.text.count("/api/v2/risk/status") == 20

    await eventually_asked(noted)
    told = await boss.asks(f"/audit {trader.id} 20", "What")
    assert "Older" not in told.buttons
