"""Updates brought by Telegram instead of fetched: the same chat, and a door that stays shut."""

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import pytest

from bot.app import Service
from bot.telegram.webhook import LARGEST_UPDATE, SECRET_HEADER
from bot.web.guard import LARGEST_BODY
from tests.journeys.people import QUICK, Person
from tests.stage import OLIVIA, Json, Stage, scenery, service_on
from tests.strait import Strait, strait

SECRET = "a-secret-of-this-test_0123"
HOOK = ("TELEGRAM_WEBHOOK_URL", "TELEGRAM_WEBHOOK_SECRET")


@dataclass
class Hooked:
    """A stage whose Telegram delivers by way of a proxy; `port` is where the proxy leads to."""

    stage: Stage
    proxy: Strait
    port: list[int]

    def leads_to(self, service: Service) -> None:
        """What comes to the proxy goes to this service from now on."""
        self.port[:] = [int(service.web_url.rpartition(":")[2])]

    async def brings(self, body: object, secret: str | None = SECRET) -> int:
        """Deliver as Telegram would, or as somebody who is not; the status."""
        url = f"http://127.0.0.1:{self.proxy.port}/telegram"
        headers = {} if secret is None else {SECRET_HEADER: secret}
        data = io.BytesIO(body if isinstance(body, bytes) else msgspec.json.encode(body))
        async with self.stage.http.post(url, headers=headers, data=data) as answer:
            return answer.status


@pytest.fixture
async def hooked(database_url: str, tmp_path: Path) -> AsyncIterator[Hooked]:
    port: list[int] = []

    async def dial() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if not port:
            raise ConnectionRefusedError
        return await asyncio.open_connection("127.0.0.1", port[0])

    async with strait(dial) as proxy:
        url = f"http://127.0.0.1:{proxy.port}/telegram"
        settings = dict(zip(HOOK, (url, SECRET), strict=True))
        async with scenery(database_url, tmp_path, QUICK, **settings) as stage:
            yield Hooked(stage, proxy, port)


def said(update_id: int, text: str) -> Json:
    """An update of Olivia's."""
    chat = {"id": OLIVIA, "type": "private", "first_name": "Olivia"}
    sender = {"id": OLIVIA, "is_bot": False, "first_name": "Olivia"}
    message = {
        "message_id": update_id,
        "date": 1_700_000_000,
        "chat": chat,
        "from": sender,
        "text": text,
    }
    return {"update_id": update_id, "message": message}


async def test_a_trade_over_the_webhook_and_on_by_polling(hooked: Hooked) -> None:
    stage = hooked.stage
    olivia = Person(stage, OLIVIA)
    async with service_on(stage) as service:
        hooked.leads_to(service)
        card = await olivia.asks("/buy tBTCUSD 0.01", "Expires in")
        assert await olivia.taps(card, "Confirm buy") == "Filled."
        await olivia.sees(card, "Filled")
    asked = await olivia.says("/price tETHUSD")
    async with service_on(stage) as service:
        hooked.leads_to(service)
        await olivia.hears("tETHUSD", "Bid", after=asked)
    polling = {name: text for name, text in stage.environ.items() if name not in HOOK}
    async with service_on(replace(stage, environ=polling)):
        await olivia.asks("/orders", "No open orders")
    prices = [text for text in await olivia.heard() if text.startswith("tETHUSD")]
    assert len(prices) == 1
    assert len(await stage.orders_at_exchange()) == 1


async def test_the_door_opens_for_its_secret_alone(hooked: Hooked) -> None:
    olivia = Person(hooked.stage, OLIVIA)
    async with service_on(hooked.stage) as service:
        hooked.leads_to(service)
        for secret in (None, "", "a-secret-of-another-test", SECRET + "x", "\xff\xfe"):
            assert await hooked.brings(said(9001, "/pause by a stranger"), secret) == 401
        assert await hooked.brings(b" " * (LARGEST_BODY + 1), "wrong") == 401
        assert await hooked.brings(b" " * (LARGEST_UPDATE + 1)) == 413
        assert await hooked.brings(b"{nonsense") == 200
        large = said(9002, "/pause " + "x" * (LARGEST_BODY + 1))
        both = await asyncio.gather(hooked.brings(large), hooked.brings(large))
        assert set(both) == {200}
        assert await hooked.brings(large) == 200
        await olivia.asks("/status", "Trading is paused", "xxx")
        async with hooked.stage.http.get(f"{service.web_url}/telegram") as answer:
            assert answer.status in (401, 405)
    heard = await olivia.heard()
    assert not [text for text in heard if "stranger" in text]
    assert len([text for text in heard if text.startswith("Trading is paused by Olivia, ")]) == 2
