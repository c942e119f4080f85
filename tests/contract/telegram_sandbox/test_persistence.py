"""What is acknowledged survives a restart and a kill."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from aiogram import Bot
from aiogram.types import BotCommand
from aiohttp import ClientError

from bot.telegram.sandbox import store
from bot.telegram.sandbox.ledger import Ledger
from bot.telegram.sandbox.server import running
from bot.telegram.sandbox.state import State
from tests.contract.telegram_sandbox.phone import (
    CONFIG,
    OLIVIA,
    Phone,
    bot_at,
    keyboard,
    phone_at,
)
from tests.contract.telegram_sandbox.pictures import picture, png

SERVE = """
import asyncio, sys
from pathlib import Path
from bot.telegram.sandbox.config import SandboxConfig
from bot.telegram.sandbox.server import running

async def main():
    async with running(SandboxConfig(state=Path(sys.argv[1]))) as telegram:
        print(telegram.url, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""
ROOT = Path(__file__).resolve().parents[3]


@asynccontextmanager
async def at(folder: Path) -> AsyncIterator[tuple[Bot, Phone]]:
    async with (
        running(replace(CONFIG, state=folder)) as telegram,
        bot_at(telegram.url) as bot,
        phone_at(telegram.url) as phone,
    ):
        yield bot, phone


async def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    async with at(tmp_path) as (bot, phone):
        await bot.set_my_commands([BotCommand(command="buy", description="Buy")])
        await phone.say("/start")
        sent = await bot.send_photo(OLIVIA, picture(), caption="1h")
        card = await bot.send_message(OLIVIA, "card", reply_markup=keyboard(("Go", "go")))
        await bot.pin_chat_message(OLIVIA, card.message_id)
        await phone.post("tap", user_id=OLIVIA, message_id=card.message_id, button="Go", wait=0)
        updates = await bot.get_updates()
        before = await phone.messages()
    async with at(tmp_path) as (bot, phone):
        assert await phone.messages() == before
        assert await bot.get_updates() == updates
        query = updates[1].callback_query
        assert query is not None
        assert await bot.answer_callback_query(query.id)
        assert sent.photo is not None
        loaded = await bot.download(sent.photo[-1])
        assert loaded is not None
        assert loaded.read() == png(40, 30)
        assert len(await bot.get_my_commands()) == 1
        assert (await bot.get_chat(OLIVIA)).pinned_message is not None
        await bot.get_updates(offset=updates[-1].update_id + 1)
        await bot.delete_message(OLIVIA, card.message_id)
    async with at(tmp_path) as (bot, phone):
        assert await bot.get_updates() == []
        said = await phone.post("say", user_id=OLIVIA, text="next")
        assert said["update_id"] == updates[-1].update_id + 1
        assert said["message_id"] == before[-1]["message_id"] + 1  # type: ignore[operator]  # JSON


async def test_kill_9_loses_nothing_acknowledged(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVE, str(tmp_path), stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    acknowledged: list[str] = []

    async def write(name: str) -> None:
        async with phone_at(url) as phone:
            for number in count():
                await phone.say(f"{name}{number}")
                acknowledged.append(f"{name}{number}")
                if len(acknowledged) == 40:
                    os.kill(process.pid, signal.SIGKILL)

    ends = await asyncio.gather(write("a"), write("b"), return_exceptions=True)
    assert await process.wait() == -signal.SIGKILL
    assert all(isinstance(end, ClientError | OSError) for end in ends), ends
    async with at(tmp_path) as (bot, phone):
        kept = await phone.texts()
        assert set(acknowledged) <= set(kept)
        assert [u.message.text for u in await bot.get_updates() if u.message] == kept


async def test_a_torn_line_is_cut_off(tmp_path: Path) -> None:
    async with at(tmp_path) as (_bot, phone):
        await phone.say("whole")
    with (tmp_path / "telegram.jsonl").open("ab") as log:
        log.write(b'[{"t":"posted","entry":{"mess')
    async with at(tmp_path) as (_bot, phone):
        assert await phone.texts() == ["whole"]
        await phone.say("next")
    async with at(tmp_path) as (_bot, phone):
        assert await phone.texts() == ["whole", "next"]


async def test_a_damaged_log_is_named(tmp_path: Path) -> None:
    (tmp_path / "telegram.jsonl").write_text("[]\nnonsense\n")
    with pytest.raises(ValueError, match=r"line 2 of .*telegram.jsonl cannot be read"):
        async with at(tmp_path):
            pass


async def test_one_state_folder_one_process(tmp_path: Path) -> None:
    async with at(tmp_path):
        with pytest.raises(OSError, match="another local Telegram uses"):
            async with at(tmp_path):
                pass


async def test_the_log_does_not_grow_without_end(tmp_path: Path) -> None:
    async with at(tmp_path) as (bot, phone):
        sent = await bot.send_message(OLIVIA, "0")
        for number in range(1, 60):
            await bot.edit_message_text(str(number), chat_id=OLIVIA, message_id=sent.message_id)
    async with at(tmp_path) as (_bot, phone):
        assert await phone.texts() == ["59"]
    ledger = Ledger(tmp_path)
    state = State()
    for record in ledger.read():
        state.apply(record)
    ledger.close()
    assert ledger.lines < 15 < store.COMPACT_AFTER
    assert len(state.entries[OLIVIA]) == 1
