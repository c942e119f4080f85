"""Files that come with a message: known by name and size, read only when somebody wants them."""

from functools import partial
from io import BytesIO

import aiohttp
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import Message

from bot.telegram.commands.declare import Attachment
from engine.model.errors import InvalidInput

NOT_GIVEN = "Telegram does not give the file. Send it again."


def attached(message: Message, bot: Bot) -> Attachment | None:
    """The file that came with a message."""
    document = message.document
    if document is None:
        return None
    name = document.file_name or "a file without a name"
    return Attachment(
        name=name, size=document.file_size, read=partial(_read, bot, document.file_id)
    )


async def _read(bot: Bot, file_id: str) -> bytes:
    kept = BytesIO()
    try:
        await bot.download(file_id, kept)
    except (TelegramAPIError, aiohttp.ClientError, TimeoutError) as error:
        raise InvalidInput(NOT_GIVEN) from error
    return kept.getvalue()
