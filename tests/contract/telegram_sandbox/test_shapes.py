"""Answers against the machine-readable Bot API: no unknown field, no required one missing."""

import json
from pathlib import Path

import pytest
from aiogram import Bot
from aiohttp import ClientSession

from bot.telegram.sandbox.methods import METHODS
from bot.telegram.sandbox.server import LocalTelegram
from tests.contract.telegram_sandbox.phone import CONFIG, GROUP, OLIVIA, Phone, keyboard
from tests.contract.telegram_sandbox.pictures import picture

API = Path(__file__).resolve().parents[3] / "../shared/telegram/bot-api-10.1.json"
pytestmark = pytest.mark.skipif(not API.exists(), reason="no machine-readable Bot API here")

Object = dict[str, object]
NARROWED = {"ReactionType": "ReactionTypeEmoji", "MaybeInaccessibleMessage": "Message"}


def check(value: object, kinds: list[str], types: dict[str, Object], where: str) -> None:
    kind = NARROWED.get(kinds[0], kinds[0])
    if isinstance(value, list):
        assert kind.startswith("Array of "), where
        for item in value:
            check(item, [kind.removeprefix("Array of ")], types, f"{where}[]")
    elif kind in types:
        assert isinstance(value, dict), where
        fields = types[kind].get("fields", [])
        assert isinstance(fields, list)
        known = {field["name"]: field for field in fields}
        assert value.keys() <= known.keys(), f"{where}: {value.keys() - known.keys()} in {kind}"
        missing = {name for name, field in known.items() if field["required"]} - value.keys()
        assert not missing, f"{where}: {missing} missing in {kind}"
        for name, inner in value.items():
            check(inner, known[name]["types"], types, f"{where}.{name}")
    else:
        python = {"Integer": int, "String": str, "Boolean": bool, "True": bool}[kind]
        assert isinstance(value, python), f"{where}: {value!r} is not {kind}"


async def test_answers_have_the_official_shape(
    telegram: LocalTelegram, bot: Bot, phone: Phone
) -> None:
    api = json.loads(API.read_text())
    await bot.get_updates(allowed_updates=["message", "callback_query", "message_reaction"])
    html = "<a href='https://example.com'>x</a> <pre><code class='language-py'>y</code></pre>"
    sent = await bot.send_message(
        OLIVIA, html, parse_mode="HTML", reply_markup=keyboard(("Go", "go"))
    )
    photo = await bot.send_photo(OLIVIA, picture(), caption="c")
    await phone.say("/start", reply_to_message_id=photo.message_id)
    await phone.post("tap", user_id=OLIVIA, message_id=sent.message_id, button="Go", wait=0)
    await phone.post("react", user_id=OLIVIA, message_id=sent.message_id, emoji="👍")
    assert photo.photo is not None
    asked: list[tuple[str, Object, str]] = [
        ("getMe", {}, "User"),
        ("getUpdates", {}, "Array of Update"),
        ("getWebhookInfo", {}, "WebhookInfo"),
        ("getChat", {"chat_id": GROUP}, "ChatFullInfo"),
        ("getChat", {"chat_id": OLIVIA}, "ChatFullInfo"),
        ("getChatMember", {"chat_id": GROUP, "user_id": 2002}, "ChatMemberMember"),
        ("getChatMember", {"chat_id": GROUP, "user_id": 1001}, "ChatMemberOwner"),
        ("getFile", {"file_id": photo.photo[-1].file_id}, "File"),
        ("sendMessage", {"chat_id": OLIVIA, "text": "x"}, "Message"),
        ("getMyName", {}, "BotName"),
    ]
    async with ClientSession(telegram.url) as session:
        for method, body, kind in asked:
            async with session.post(f"/bot{CONFIG.token}/{method}", json=body) as answer:
                check((await answer.json())["result"], [kind], api["types"], method)


def test_every_method_exists_in_the_official_api() -> None:
    official = {name.lower() for name in json.loads(API.read_text())["methods"]}
    assert METHODS.keys() <= official
