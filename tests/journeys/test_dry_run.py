"""A day on paper: the same chat, the same desk, and not one private word to the exchange."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.settings import load_settings
from engine.model.errors import ConfigurationError
from tests.eventually import eventually_asked
from tests.journeys.people import QUICK
from tests.stage import Stage, scenery, service_on
from tests.turnstile import Turnstile, turnstile

DRY = {"DRY_RUN_ENABLED": "true", "PAPER_BALANCES": "USD=10000,BTC=0.5,margin:USD=10000"}


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """Keys are there, as in the settings of somebody who trades: a dry run must not use them."""
    async with scenery(database_url, tmp_path, QUICK, **DRY) as stage:
        yield stage


@pytest.fixture
async def door(scene: Stage) -> AsyncIterator[Turnstile]:
    """Everything that goes to the exchange goes through here."""
    async with turnstile(scene.simulator.url) as found:
        yield found


def by(door: Turnstile, stage: Stage, **more: str) -> Stage:
    """The stage, with its exchange behind the door."""
    socket = door.url.replace("http", "ws", 1) + "/ws/2"
    ways = {
        "BITFINEX_API_URL": f"{door.url}/v2",
        "BITFINEX_WS_AUTH_URI": socket,
        "BITFINEX_WS_PUBLIC_URI": socket,
    }
    return replace(stage, environ={**stage.environ, **ways, **more})


async def press(stage: Stage, command: str, *shown: str, button: str = "Confirm buy") -> None:
    card = await stage.asks(command, "(dry)", *shown)
    await stage.tap(card, button)
    await stage.becomes(card, "(dry)", "Filled" if "limit" not in command else "Working")


async def panic(stage: Stage) -> None:
    """On paper too, and every word about it says so."""
    await press(stage, "/buy tBTCUSD 0.03 limit 14000", "limit 14,000")
    await press(stage, "/sell tBTCUSD 0.01 margin", "Sell 0.01 BTC", button="Confirm sell")
    card = await stage.asks("/panic", "Cancel 1 open order", "Close 1 position")
    await stage.tap(card, "PANIC + sell spot")
    over = await stage.becomes(
        card, "Over. No margin position is open", "tBTCUSD: closed, 0.01 BTC"
    )
    assert "BTC: sold, 0.5" in over.text
    said = [m.text for m in await stage.messages() if m.from_bot and m.id >= card.id]
    assert all("(dry)" in text for text in said), said


async def test_a_day_on_paper(scene: Stage, door: Turnstile) -> None:
    stage = by(door, scene)
    async with service_on(stage) as service:
        await press(stage, "/buy tBTCUSD 0.01", "Buy 0.01 BTC")
        await stage.hears("(dry)", "Bought 0.01 BTC")
        await press(stage, "/buy tBTCUSD 0.02 limit 20000", "limit 20,000")
        await stage.asks("/status", "DRY RUN")
        async with stage.http.get(f"{service.web_url}/health") as answer:
            assert json.loads(await answer.text())["dry_run"] is True
        async with stage.http.get(f"{service.web_url}/metrics") as answer:
            assert "tradingbot_dry_run 1.0" in await answer.text()
        purse = (await stage.asks("/balance", "Together")).text
    async with service_on(stage):
        assert (await stage.asks("/balance", "Together")).text == purse
        listed = await stage.asks("/orders", "limit 20,000")
        assert "(dry)" in listed.text
        await stage.control("price", symbol="tBTCUSD", price="19900")
        await stage.hears("(dry)", "Bought 0.02 BTC")
        await press(stage, "/buy tBTCUSD 0.03 limit 15000", "limit 15,000")
        card = await stage.asks("/cancelall", "(dry)")
        await stage.tap(card, card.buttons[0])
        await stage.becomes(card, "Cancelled")
        await panic(stage)
    assert door.private == []
    assert any("subscribe" in message for message in door.messages)
    assert any("/conf/" in path for path in door.calls)
    assert await stage.orders_at_exchange() == []
    nonces = (await stage.exchange())["nonces"]
    assert not nonces


async def test_the_door_would_have_seen_it(scene: Stage, door: Turnstile) -> None:
    stage = by(door, scene, DRY_RUN_ENABLED="false")
    async with service_on(stage):
        card = await stage.asks("/buy tBTCUSD 0.01", "Buy 0.01 BTC")
        assert "(dry)" not in card.text
        await stage.tap(card, "Confirm buy")
        await stage.becomes(card, "Filled")
    assert any("auth" in message for message in door.private)
    assert any("/auth/" in call for call in door.private)


async def test_no_key_is_needed(scene: Stage) -> None:
    bare = {k: v for k, v in scene.environ.items() if "_KEY" not in k and "_SECRET" not in k}
    stage = replace(scene, environ=bare)
    async with service_on(stage):
        await press(stage, "/buy tBTCUSD 0.01", "Buy 0.01 BTC")


async def test_a_book_of_one_kind_is_never_opened_by_the_other(scene: Stage) -> None:
    real = replace(scene, environ={**scene.environ, "DRY_RUN_ENABLED": "false"})
    async with service_on(scene):
        pass
    with pytest.raises(ConfigurationError, match="keeps the book of a dry run"):
        async with service_on(real):
            pass


async def test_nor_the_other_way_round(scene: Stage) -> None:
    real = replace(scene, environ={**scene.environ, "DRY_RUN_ENABLED": "false"})
    async with service_on(real):
        card = await scene.asks("/buy tBTCUSD 0.01 limit 20000", "Buy 0.01 BTC")
        await scene.tap(card, "Confirm buy")
        await scene.becomes(card, "Working")
    with pytest.raises(ConfigurationError, match="keeps the book of real orders"):
        async with service_on(scene):
            pass

    async def still_one() -> bool:
        return len(await scene.orders_at_exchange()) == 1

    await eventually_asked(still_one)
    assert load_settings(scene.environ, None).dry_run.enabled
