import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiogram import Bot
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bot.telegram.sandbox.server import running
from tests.contract.telegram_sandbox.phone import CONFIG, Phone, bot_at, phone_at
from tests.hurried import LoopFactory

CHROMIUM = Path("/usr/bin/chromium")
INSTALLED = CHROMIUM.exists()
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_asyncio_loop_factories() -> Mapping[str, LoopFactory]:
    """The loop of every test here: a browser does not hurry."""
    return {"real": asyncio.new_event_loop}


@dataclass(frozen=True, slots=True)
class Desk:
    """A page on a phone's screen, the bot behind it, and the control API beside it."""

    page: Page
    bot: Bot
    phone: Phone


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    if not INSTALLED:
        pytest.skip(f"no Chromium at {CHROMIUM}")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(5000)
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="module")
async def desk(context: BrowserContext) -> AsyncIterator[Desk]:
    """The page of the operator; what the browser complains of fails the test."""
    async with (
        running(CONFIG) as telegram,
        bot_at(telegram.url) as bot,
        phone_at(telegram.url) as phone,
    ):
        page = await context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda line: complaints.append(line.text) if line.type == "error" else None,
        )
        await page.goto(telegram.url)
        await page.get_by_text("bot", exact=True).wait_for()
        yield Desk(page, bot, phone)
        await page.close()
        assert complaints == []
