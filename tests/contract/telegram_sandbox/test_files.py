"""Photos and documents: upload, reuse, download."""

from base64 import b64encode

from aiogram import Bot
from aiogram.types import BufferedInputFile
from aiohttp import ClientSession

from bot.telegram.sandbox.server import LocalTelegram
from tests.contract.telegram_sandbox.phone import OLIVIA, STEN, Phone, refusal
from tests.contract.telegram_sandbox.pictures import picture, png


async def test_a_photo_goes_there_and_back(bot: Bot) -> None:
    sent = await bot.send_photo(OLIVIA, picture(320, 200), caption="<i>1h</i>", parse_mode="HTML")
    assert sent.photo is not None
    assert (sent.photo[-1].width, sent.photo[-1].height) == (320, 200)
    assert sent.caption_entities is not None
    file = await bot.get_file(sent.photo[-1].file_id)
    assert file.file_path is not None
    loaded = await bot.download_file(file.file_path)
    assert loaded is not None
    assert loaded.read() == png(320, 200)


async def test_a_photo_is_reused_by_its_id(bot: Bot) -> None:
    first = await bot.send_photo(OLIVIA, picture())
    assert first.photo is not None
    again = await bot.send_photo(STEN, first.photo[-1].file_id)
    assert again.photo == first.photo


async def test_a_document_keeps_name_and_bytes(bot: Bot) -> None:
    sent = await bot.send_document(
        OLIVIA, BufferedInputFile(b"a,b\n", "trades.csv"), caption="2018"
    )
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.mime_type) == ("trades.csv", "text/csv")
    loaded = await bot.download(sent.document)
    assert loaded is not None
    assert loaded.read() == b"a,b\n"


async def test_files_that_are_refused(bot: Bot) -> None:
    document = await bot.send_document(OLIVIA, BufferedInputFile(b"x", "x.txt"))
    assert document.document is not None
    for photo, words in (
        ("nonsense", "wrong file identifier/HTTP URL specified"),
        ("http://example.com/a.png", "failed to get HTTP URL content"),
        (document.document.file_id, "can't use file of type Document as Photo"),
        (BufferedInputFile(b"no picture", "a.png"), "IMAGE_PROCESS_FAILED"),
        (BufferedInputFile(b"", "a.png"), "file must be non-empty"),
        (picture(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
    ):
        assert await refusal(bot.send_photo(OLIVIA, photo)) == f"Bad Request: {words}"
    assert await refusal(bot.get_file("nonsense")) == "Bad Request: invalid file_id"


async def test_documents_are_never_shown_as_pages(bot: Bot, telegram: LocalTelegram) -> None:
    html = BufferedInputFile(b"<script>alert(1)</script>", "x.html")
    sent = await bot.send_document(OLIVIA, html)
    assert sent.document is not None
    async with (
        ClientSession(telegram.url) as session,
        session.get(f"/page/file/{sent.document.file_id}") as answer,
    ):
        assert answer.headers["Content-Disposition"] == "attachment"
        assert answer.content_type == "application/octet-stream"


async def test_a_person_hands_over_a_file(bot: Bot, phone: Phone) -> None:
    asked = await bot.send_message(OLIVIA, "Which file?")
    told = await phone.post(
        "hand",
        user_id=OLIVIA,
        name="kept.json",
        content=b64encode(b"{}").decode(),
        caption="/template import",
        reply_to_message_id=asked.message_id,
    )
    (update,) = await bot.get_updates()
    message = update.message
    assert message is not None
    assert message.message_id == told["message_id"]
    assert (message.text, message.caption) == (None, "/template import")
    assert message.caption_entities is not None
    assert message.caption_entities[0].type == "bot_command"
    assert message.reply_to_message is not None
    assert message.reply_to_message.message_id == asked.message_id
    assert message.document is not None
    assert (message.document.file_name, message.document.file_size) == ("kept.json", 2)
    loaded = await bot.download(message.document)
    assert loaded is not None
    assert loaded.read() == b"{}"


async def test_what_no_phone_can_send_is_refused(phone: Phone) -> None:
    content = b64encode(b"x").decode()
    wrongs: tuple[dict[str, object], ...] = (
        {"content": ""},
        {"name": ""},
        {"caption": "x" * 1025},
        {"chat_id": STEN},
    )
    for wrong in wrongs:
        sent = {"user_id": OLIVIA, "name": "x.txt", "content": content, **wrong}
        assert not (await phone.post("hand", **sent))["ok"]
