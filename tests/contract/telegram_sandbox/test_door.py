"""Who gets in, and in which form calls may come."""

import socket

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramUnauthorizedError
from aiohttp import ClientSession, FormData

from bot.telegram.sandbox.config import SandboxConfig
from bot.telegram.sandbox.server import LocalTelegram, running
from tests.contract.telegram_sandbox.phone import CONFIG, OLIVIA, Phone, bot_at


async def test_get_me_names_the_bot(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.username) == (42, True, "genesis_demo_bot")


async def test_wrong_token_is_unauthorized(telegram: LocalTelegram) -> None:
    async with bot_at(telegram.url, "42:another") as stranger:
        with pytest.raises(TelegramUnauthorizedError, match="Unauthorized"):
            await stranger.get_me()


async def test_unknown_method_is_not_found(telegram: LocalTelegram) -> None:
    async with (
        ClientSession(telegram.url) as session,
        session.get(f"/bot{CONFIG.token}/makeCoffee") as answer,
    ):
        assert answer.status == 404
        assert await answer.json() == {
            "ok": False,
            "error_code": 404,
            "description": "Not Found: method not found",
        }


async def test_query_form_multipart_and_json_are_the_same(
    telegram: LocalTelegram, phone: Phone
) -> None:
    path = f"/bot{CONFIG.token}/sendMessage"
    multipart = FormData({"chat_id": str(OLIVIA), "text": "multipart"}, default_to_multipart=True)
    async with ClientSession(telegram.url) as session:
        for answer in (
            await session.get(path, params={"chat_id": OLIVIA, "text": "query"}),
            await session.post(path, data={"chat_id": OLIVIA, "text": "form"}),
            await session.post(path, data=multipart),
            await session.post(path, json={"chat_id": OLIVIA, "text": "json"}),
            await session.post(
                path.replace("sendM", "SENDm"), json={"chat_id": 1001, "text": "case"}
            ),
        ):
            assert answer.status == 200
    assert await phone.texts() == ["query", "form", "multipart", "json", "case"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_other_sites_cannot_act(telegram: LocalTelegram, headers: dict[str, str]) -> None:
    async with (
        ClientSession(telegram.url) as session,
        session.post(
            "/control/say", json={"user_id": OLIVIA, "text": "/panic"}, headers=headers
        ) as answer,
    ):
        assert answer.status == 403
    async with (
        ClientSession(telegram.url) as session,
        session.get(f"/control/messages?chat_id={OLIVIA}") as answer,
    ):
        assert (await answer.json())["messages"] == []


async def test_control_takes_json_only(telegram: LocalTelegram) -> None:
    async with (
        ClientSession(telegram.url) as session,
        session.post("/control/say", data='{"user_id":1001,"text":"x"}') as answer,
    ):
        assert answer.status == 415


async def test_the_page_comes_with_a_strict_policy(telegram: LocalTelegram) -> None:
    async with ClientSession(telegram.url) as session, session.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


async def test_a_taken_port_is_an_os_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        config = SandboxConfig(port=taken.getsockname()[1])
        with pytest.raises(OSError, match="in use"):
            async with running(config):
                pass


@pytest.mark.parametrize(
    "settings", [{"host": "0.0.0.0"}, {"token": "no-colon"}, {"token": "42:a b"}]
)
def test_open_doors_and_bad_tokens_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"loopback|token"):
        SandboxConfig(host=settings.get("host", "127.0.0.1"), token=settings.get("token", "1:x"))
