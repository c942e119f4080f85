"""Risk over REST: who may, what is said, and that it holds in the chat too."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from bot.web.tokens import Caller, Scope, Tokens
from engine.clock import SystemClock
from tests.journeys.people import QUICK
from tests.stage import Json, Stage, scenery, service_on

KEY = "5f" * 32
OLD = timedelta(microseconds=1)


def token(scope: Scope, key: str = KEY, lifetime: timedelta = timedelta(hours=1)) -> str:
    """A token as `genesis token` prints it."""
    caller = Caller(user_id="desk", scope=scope)
    return Tokens(SecretStr(key), SystemClock()).mint(caller, lifetime)


@dataclass(frozen=True)
class Client:
    """Somebody with a token at the side app."""

    stage: Stage
    url: str
    token: str

    async def asks(
        self, path: str, body: object = None, token: str | None = None, **headers: str
    ) -> tuple[int, Json]:
        """A GET without a body, a POST with one."""
        shown = self.token if token is None else token
        named = {"Authorization": f"Bearer {shown}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        method = "GET" if body is None else "POST"
        address = f"{self.url}/api/v2{path}"
        async with self.stage.http.request(method, address, json=body, headers=named) as answer:
            told: Json = await answer.json(content_type=None)
            return answer.status, told

    async def done(self, path: str, body: object = None, **headers: str) -> Json:
        """The answer, which is a yes."""
        status, told = await self.asks(path, body, **headers)
        assert status == 200, told
        return told


@pytest.fixture
async def client(database_url: str, tmp_path: Path) -> AsyncIterator[Client]:
    async with (
        scenery(database_url, tmp_path, QUICK, JWT_SECRET_KEY=KEY) as stage,
        service_on(stage) as service,
    ):
        yield Client(stage, service.web_url, token(Scope.ADMIN))


async def test_who_may(client: Client) -> None:
    another = "ab" * 32
    for shown in ("", "nonsense", token(Scope.ADMIN, another), token(Scope.ADMIN, KEY, OLD)):
        status, told = await client.asks("/risk/status", token=shown)
        assert (status, told["code"]) == (401, "unauthorized"), shown
    read = token(Scope.READ)
    status, _ = await client.asks("/risk/status", token=read)
    assert status == 200
    for path in ("pause", "resume", "windows", "max-trades", "guards", "circuit/reset"):
        status, told = await client.asks(f"/risk/{path}", {}, token=read)
        assert (status, told["code"]) == (403, "not_allowed"), path
    assert (await client.done("/risk/status"))["paused"] is None


async def test_an_unsigned_token_opens_nothing(client: Client) -> None:
    head, body, _ = token(Scope.ADMIN).split(".")
    unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"
    for forged in (f"{unsigned}.{body}.", f"{head}.{body}.", f"{head}.{body}.AAAA"):
        status, _ = await client.asks("/risk/status", token=forged)
        assert status == 401


async def test_windows_are_set_in_the_seed_s_words(client: Client) -> None:
    schedule = {
        "timezone": "Europe/Stockholm",
        "windows": {"mon": [["08:00", "17:00"]], "fri": [["22:00", "02:00"]]},
        "paused": True,
    }
    told = await client.done("/risk/windows", schedule)
    kept = told["schedule"]
    assert isinstance(kept, dict)
    assert {name: kept[name] for name in ("timezone", "paused")} == {
        "timezone": "Europe/Stockholm",
        "paused": True,
    }
    assert kept["windows"]["fri"] == [["22:00", "02:00"]]
    await client.stage.asks("/status", "Trading is paused", "API desk")
    told = await client.done("/risk/windows", {"windows": {}, "paused": False})
    assert told["paused"] is None

    status, told = await client.asks("/risk/windows", {"windows": {"mon": [["25:00", "1"]]}})
    assert status == 400
    assert "08:00" in str(told["detail"])


async def test_pause_and_resume_are_done_once_for_one_key(client: Client) -> None:
    told = await client.done("/risk/pause", {"reason": "news"}, Idempotency_Key="one")
    assert isinstance(told["paused"], dict)
    assert told["paused"]["reason"] == "news"
    await client.stage.hears("Trading paused", "API desk", "news")
    assert (await client.done("/risk/resume", {}))["paused"] is None
    again = await client.done("/risk/pause", {"reason": "news"}, Idempotency_Key="one")
    assert again["paused"] is None, "the same wish does nothing again"
    status, told = await client.asks("/risk/resume", {})
    assert (status, told["code"]) == (409, "refused")
    assert told["reasons"] == [
        {"code": "not_paused", "detail": "Trading is not paused; nothing to resume."}
    ]


async def test_figures_are_set_all_or_none(client: Client) -> None:
    told = await client.done("/risk/max-trades", {"max_trades": 7})
    assert isinstance(told["limits"], dict)
    assert told["limits"]["max_trades_per_day"] == 7
    await client.done("/risk/max-trades-symbol", {"max_trades": 3})
    counter = await client.done("/risk/trade-counter")
    assert (counter["total"], counter["max_per_day"], counter["max_per_symbol_per_day"]) == (
        0,
        7,
        3,
    )
    wrong = {"figures": {"max_daily_loss_percent": "5", "max_drawdown_percent": "5000"}}
    status, told = await client.asks("/risk/guards", wrong)
    assert status == 400
    assert "max_drawdown_percent" in str(told["detail"])
    limits = (await client.done("/risk/guards"))["limits"]
    assert isinstance(limits, dict)
    assert limits["max_daily_loss_percent"] == "0"
    told = await client.done("/risk/guards", {"figures": {"max_daily_loss_percent": 5}})
    assert told["tripped"] == []
    status, told = await client.asks("/risk/guards", {"reset": ["daily loss"]})
    assert status == 409
    status, told = await client.asks("/risk/max-trades", {"max_trade": 7})
    assert status == 400
    assert "max_trade" in str(told["detail"])


async def test_an_order_is_evaluated_and_nothing_is_sent(client: Client) -> None:
    wish = {"symbol": "tBTCUSD", "amount": "0.01", "price": 30000}
    told = await client.done("/risk/evaluate", wish)
    assert told["allowed"] is True
    await client.done("/risk/pause", {})
    told = await client.done("/risk/evaluate", wish | {"price": 3})
    assert told["allowed"] is False
    reasons = told["reasons"]
    assert isinstance(reasons, list)
    assert {"trading_paused", "price_band"} <= {reason["code"] for reason in reasons}
    assert (await client.done("/risk/evaluate", wish | {"amount": "-0.01"}))["reduces"] is True
    assert not await client.stage.orders_at_exchange()


async def test_a_panic_ends_everything_and_is_one_for_one_key(client: Client) -> None:
    card = await client.stage.asks("/buy tBTCUSD 0.01 limit 20000", "limit 20,000")
    await client.stage.tap(card, "Confirm buy")
    await client.stage.becomes(card, "Working")
    told = await client.done("/risk/panic", {}, Idempotency_Key="all")
    assert isinstance(told["panic"], dict)
    assert (told["panic"]["name"], told["panic"]["orders"]) == ("API desk", 1)
    await client.stage.hears("The panic is over: all is flat")
    again = await client.done("/risk/panic", {}, Idempotency_Key="all")
    assert isinstance(again["panic"], dict)
    assert again["panic"]["at"] == told["panic"]["at"]
    (order,) = await client.stage.orders_at_exchange()
    assert "CANCELED" in str(order[13])
    status, _ = await client.asks("/risk/panic", {}, token=token(Scope.READ))
    assert status == 403


async def test_a_size_comes_from_what_one_is_ready_to_lose(client: Client) -> None:
    wish = {"symbol": "tBTCUSD", "risk_percent": "1", "stop": "29000", "entry": "30000"}
    status, told = await client.asks("/risk/position-size", wish)
    if status == 409:  # equity is known once everything held has a price
        assert "quity" in str(told["detail"])
    else:
        assert told["stop"] == "29000"


async def test_without_a_desk_and_without_a_key_nobody_is_let_in(
    database_url: str, tmp_path: Path
) -> None:
    async with (
        scenery(database_url, tmp_path, QUICK, JWT_SECRET_KEY="") as stage,
        service_on(stage) as service,
        aiohttp.ClientSession() as http,
        http.get(f"{service.web_url}/api/v2/risk/status") as answer,
    ):
        assert answer.status == 401
        assert "JWT_SECRET_KEY" in await answer.text()
