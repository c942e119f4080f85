"""Risk over REST: what is said, that it is done once, and that it holds in the chat too."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.web.pace import MOST_CHANGED, PERIOD
from bot.web.tokens import Scope
from tests.journeys.client import KEY, Client, token
from tests.journeys.people import QUICK, Person
from tests.stage import OLIVIA, STEN, scenery, service_on

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(
    shared_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Client]:
    """One house for all tests here."""
    folder = tmp_path_factory.mktemp("house")
    async with (
        scenery(
            shared_database_url, folder, QUICK, JWT_SECRET_KEY=KEY, TELEGRAM_ADMINS=str(STEN)
        ) as stage,
        service_on(stage) as service,
    ):
        yield Client(stage, service.web_url, token(stage.clock))


@pytest_asyncio.fixture(loop_scope="module")
async def client(program: Client) -> Client:
    """Trading goes on when a test begins."""
    if (await program.done("/risk/status"))["paused"] is not None:
        await program.done("/risk/resume", {})
    return program


async def test_a_panic_ends_everything_and_is_one_for_one_key(client: Client) -> None:
    card = await client.stage.asks("/buy tBTCUSD 0.01 limit 20000", "limit 20,000")
    await client.stage.tap(card, "Confirm buy")
    await client.stage.becomes(card, "Working")
    told = await client.done("/risk/panic", {}, Idempotency_Key="all")
    assert isinstance(told["panic"], dict)
    assert (told["panic"]["name"], told["panic"]["orders"]) == (told["panic"]["name"], 1)
    assert "(API)" in told["panic"]["name"]
    await client.stage.hears("The panic is over. No margin position")
    again = await client.done("/risk/panic", {}, Idempotency_Key="all")
    assert isinstance(again["panic"], dict)
    assert again["panic"]["at"] == told["panic"]["at"]
    spot = {"spot": True}
    await client.fails(422, "key_used", "/risk/panic", spot, Idempotency_Key="all")
    (order,) = await client.stage.orders_at_exchange()
    assert "CANCELED" in str(order[13])
    status, _ = await client.asks(
        "/risk/panic", {}, token=token(client.stage.clock, scope=Scope.READ)
    )
    assert status == 403


async def test_a_reason_is_one_line_that_can_be_read(client: Client) -> None:
    """It goes into an alert, which nobody may write in Genesis's name."""
    for reason in ("news\n\nTrading resumed by Olivia.", "a\x00b", "\u202enews"):
        detail = await client.fails(400, "invalid_input", "/risk/pause", {"reason": reason})
        assert detail == "The reason is one line of printable characters."
    assert (await client.done("/risk/status"))["paused"] is None


async def test_pause_and_resume_are_done_once_for_one_key(client: Client) -> None:
    told = await client.done("/risk/pause", {"reason": "news"}, Idempotency_Key="one")
    assert isinstance(told["paused"], dict)
    assert told["paused"]["reason"] == "news"
    assert told["paused"]["actor_id"] == f"tg:{OLIVIA}"
    await client.stage.hears("Trading paused", "(API)", "news")
    again = await client.done("/risk/pause", {"reason": "news"}, Idempotency_Key="one")
    assert again == told, "the same key and the same words have the same answer"
    for _ in range(2):
        assert (await client.done("/risk/resume", {}, Idempotency_Key="one"))["paused"] is None

    status, told = await client.asks("/risk/pause", {"reason": "news"}, Idempotency_Key="one")
    assert (status, told["code"]) == (409, "refused"), "trading is not paused by it"
    assert "somebody has changed it since" in str(told["detail"])
    assert (await client.done("/risk/status"))["paused"] is None
    await client.done("/risk/pause", {})
    status, told = await client.asks("/risk/resume", {}, Idempotency_Key="one")
    assert status == 409, "trading is paused again, and stays so"
    await client.done("/risk/resume", {})
    status, told = await client.asks("/risk/resume", {})
    assert (status, told["code"]) == (409, "refused")
    assert told["reasons"] == [
        {"code": "not_paused", "detail": "Trading is not paused; nothing to resume."}
    ]


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
    await client.stage.asks("/status", "Trading is paused", "(API)")
    told = await client.done("/risk/windows", {"windows": {}, "paused": False})
    assert told["paused"] is None

    status, told = await client.asks("/risk/windows", {"windows": {"mon": [["25:00", "1"]]}})
    assert status == 400
    assert "08:00" in str(told["detail"])


async def test_a_key_is_held_to_the_words_it_came_with_first(client: Client) -> None:
    await client.done("/risk/max-trades", {"max_trades": 7}, Idempotency_Key="held")
    for other in ({"max_trades": 70}, {"max_trades": "7"}, {}):
        detail = await client.fails(
            422, "key_used", "/risk/max-trades", other, Idempotency_Key="held"
        )
        assert "Nothing was done; use a new key" in detail
    told = await client.done("/risk/max-trades", {"max_trades": 7}, Idempotency_Key="held")
    assert isinstance(told["limits"], dict)
    assert told["limits"]["max_trades_per_day"] == 7
    # a wish that failed holds its key too
    await client.fails(400, "invalid_input", "/risk/pause", {"why": 1}, Idempotency_Key="held")
    await client.fails(422, "key_used", "/risk/pause", {}, Idempotency_Key="held")
    assert (await client.done("/risk/status"))["paused"] is None

    # somebody else's key is another key
    another = client.of(Person(client.stage, STEN))
    await another.done("/risk/max-trades", {"max_trades": 0}, Idempotency_Key="held")
    status, told = await client.asks("/risk/max-trades", {"max_trades": 7}, Idempotency_Key="held")
    assert (status, told["code"]) == (409, "refused"), "7 is not what holds now"
    counter = await client.done("/risk/trade-counter")
    assert counter["max_per_day"] == 0
    status, told = await client.asks("/risk/status", Idempotency_Key="x" * 129)
    assert status == 400


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
    await client.done("/risk/guards", {"figures": {"max_daily_loss_percent": 0}})
    await client.done("/risk/max-trades", {"max_trades": 0})
    await client.done("/risk/max-trades-symbol", {"max_trades": 0})
    status, told = await client.asks("/risk/guards", {"reset": ["daily loss"]})
    assert status == 409
    status, told = await client.asks("/risk/max-trades", {"max_trade": 7})
    assert status == 400
    assert "max_trade" in str(told["detail"])


async def test_an_order_is_evaluated_and_nothing_is_sent(client: Client) -> None:
    wish = {"symbol": "tBTCUSD", "amount": "0.01", "price": 30000}
    before = await client.stage.orders_at_exchange()
    told = await client.done("/risk/evaluate", wish)
    assert told["allowed"] is True
    await client.done("/risk/pause", {})
    told = await client.done("/risk/evaluate", wish | {"price": 3})
    assert told["allowed"] is False
    reasons = told["reasons"]
    assert isinstance(reasons, list)
    assert {"trading_paused", "price_band"} <= {reason["code"] for reason in reasons}
    assert (await client.done("/risk/evaluate", wish | {"amount": "-0.01"}))["reduces"] is True
    assert await client.stage.orders_at_exchange() == before


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


async def test_a_token_that_has_leaked_fills_no_disk(client: Client) -> None:
    """A minute has only so many changes in it, and what stops something is none of them."""
    told = await asyncio.gather(
        *(client.asks("/risk/max-trades", {"max_trades": -1}) for _ in range(2 * MOST_CHANGED))
    )
    codes = Counter((status, answer["code"]) for status, answer in told)
    assert set(codes) == {(400, "invalid_input"), (429, "too_often")}
    assert codes[429, "too_often"] >= MOST_CHANGED
    assert (await client.done("/risk/pause", {"reason": "news"}))["paused"] is not None
    await client.stage.passes(PERIOD.total_seconds() + 1)
    assert (await client.done("/risk/resume", {}))["paused"] is None
