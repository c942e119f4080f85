"""Everything ended by one press: seen at the phone, and counted at the exchange."""

from collections.abc import Sequence

import pytest

from tests.eventually import eventually_asked
from tests.journeys.people import TRADERS, Person, joined
from tests.stage import OLIVIA, STEN, Stage, service_on

POSITION_AMOUNT = 2


async def left_at(stage: Stage) -> tuple[Sequence[object], Sequence[object]]:
    """Open orders and positions as the exchange knows them."""
    state = await stage.exchange()
    orders, positions = state["orders"], state["positions"]
    assert isinstance(orders, list)
    assert isinstance(positions, list)
    return orders, [row for row in positions if row[POSITION_AMOUNT]]


async def never_twice(stage: Stage) -> None:
    """Nothing was asked for under one name twice."""
    tried = (await stage.exchange())["attempts"]
    assert isinstance(tried, dict)
    assert set(tried.values()) <= {1}, tried


async def places(person: Person, line: str, button: str, *outcome: str) -> None:
    card = await person.asks(line, "Expires in")
    await person.taps(card, button)
    await person.sees(card, *outcome)


async def much(person: Person) -> None:
    """Two resting orders, a short position, and a long one that a bracket guards."""
    await person.places("/buy tBTCUSD 0.01 limit 20000")
    await person.places("/buy tBTCUSD 0.02 limit 21000")
    await places(person, "/sell tETHUSD 0.5 margin", "Confirm sell", "Filled")
    await places(
        person, "/bracket buy tBTCUSD 0.01 margin sl 29000 tp 33000", "Confirm buy", "Filled"
    )

    async def guarded() -> bool:
        return "Exits stand for 0.01 BTC" in (await person.asks("/brackets", "bracket")).text

    await eventually_asked(guarded)


@pytest.fixture
async def olivia(stage: Stage) -> Person:
    return Person(stage, OLIVIA)


async def test_orders_positions_and_a_bracket_are_gone(stage: Stage, olivia: Person) -> None:
    await much(olivia)
    card = await olivia.asks(
        "/panic", "Panic?", "Cancel 4 open orders", "1 bracket let go", "Close 2 positions"
    )
    assert "tBTCUSD long 0.01 BTC" in card.text
    assert "tETHUSD short 0.5 ETH" in card.text
    assert card.buttons == ("PANIC", "PANIC + sell spot", "Keep")
    await olivia.taps(card, "PANIC")
    over = await olivia.sees(
        card, "Over. No margin position is open", "tBTCUSD: closed, 0.01 BTC at"
    )
    assert "tETHUSD: closed, 0.5 ETH at" in over.text
    assert "Kept: 2 BTC" in over.text
    assert "from /panic)" in over.text
    assert "Orders: all cancelled (4)" in over.text
    assert over.buttons == ()
    assert await left_at(stage) == ([], [])
    await never_twice(stage)
    await olivia.hears("The panic is over. No margin position", "Kept: 2 BTC", after=card.id)
    await olivia.hears("Panic · Orders: all cancelled (4)", after=card.id)
    await olivia.asks("/brackets", "No open brackets")
    await olivia.asks("/buy tBTCUSD 0.01", "Not sent", "paused", "panic")


async def test_spot_is_sold_by_the_other_button(stage: Stage, olivia: Person) -> None:
    card = await olivia.asks("/panic", "Sold only with", "2 BTC", "No open orders")
    await olivia.taps(card, "PANIC + sell spot")
    over = await olivia.sees(card, "Over. No margin position is open", "BTC: sold, 2 BTC at")
    assert "Kept" not in over.text
    assert await left_at(stage) == ([], [])


async def test_kept_it_does_nothing(stage: Stage, olivia: Person) -> None:
    await olivia.places("/buy tBTCUSD 0.01 limit 20000")
    card = await olivia.asks("/panic", "Panic?", "Cancel 1 open order")
    await olivia.taps(card, "Keep")
    await olivia.sees(card, "Kept. Nothing was stopped.")
    assert len((await left_at(stage))[0]) == 1
    await olivia.asks("/status", "Open for trading")


async def test_pressed_by_two_it_is_one(stage: Stage, olivia: Person) -> None:
    trader = await joined(stage, TRADERS[0])
    await much(trader)
    first = await olivia.asks("/panic", "Panic?")
    second = await trader.asks("/panic", "Panic?")
    await stage.control("maintenance", on=True)
    await olivia.hears("maintenance", after=second.id)
    await olivia.taps(first, "PANIC")
    await trader.taps(second, "PANIC")
    await olivia.sees(first, "Waiting for the exchange", "called by Olivia")
    await trader.sees(second, "Waiting for the exchange", "called by Olivia")
    await trader.asks("/panic", "Waiting for the exchange", "called by Olivia")
    await stage.control("maintenance", on=False)
    await olivia.sees(first, "Over. No margin position is open")
    await trader.sees(second, "Over. No margin position is open")
    assert await left_at(stage) == ([], [])
    await never_twice(stage)


async def test_a_dead_exchange_is_waited_for(stage: Stage, olivia: Person) -> None:
    await much(olivia)
    await stage.control("drop", refuse=4)
    await olivia.hears("Exchange link lost")
    card = await olivia.asks("/panic", "The exchange is not ready", "Close 2 positions")
    await olivia.taps(card, "PANIC")
    await olivia.sees(card, "Waiting for the exchange", "goes on by itself")
    await olivia.asks("/status", "Trading is paused")
    await olivia.sees(card, "Over. No margin position is open", "tBTCUSD: closed")
    assert await left_at(stage) == ([], [])
    await never_twice(stage)


async def test_a_viewer_and_a_stranger_are_refused(scene: Stage) -> None:
    environ = {**scene.environ, "TELEGRAM_VIEWERS": str(STEN)}
    environ["TELEGRAM_ADMINS"] = str(OLIVIA)
    scene.environ = environ
    async with service_on(scene):
        olivia, sten = Person(scene, OLIVIA), Person(scene, STEN)
        stranger = await joined(scene, 9001)
        card = await olivia.asks("/panic", "Panic?")
        await sten.asks("/panic", "needs the role trader")
        await stranger.asks("/panic", "private trading desk")
        for person in (sten, stranger):
            told = await scene.tap(card, "PANIC", person.id, chat_id=OLIVIA)
            assert "belongs to somebody else" in str(told["text"]) or "private" in str(told["text"])
        await olivia.asks("/status", "Open for trading")
        await sten.asks("/resume", "admin")


async def test_resume_says_why_and_waits_for_the_end(stage: Stage, olivia: Person) -> None:
    await places(olivia, "/buy tBTCUSD 0.1 margin", "Confirm buy", "Filled")
    card = await olivia.asks("/panic", "Close 1 position")
    await stage.control("maintenance", on=True)
    await olivia.hears("maintenance", after=card.id)
    await olivia.taps(card, "PANIC")
    early = await olivia.asks("/resume", "Reason: Panic", "Waiting for the exchange", "has to wait")
    assert early.buttons == ("Refresh",)
    await stage.control("maintenance", on=False)
    await olivia.sees(card, "Over. No margin position is open")
    why = await olivia.asks("/resume", "by Olivia", "Reason: Panic", "tBTCUSD: closed")
    assert why.buttons == ("Resume", "Keep")
    await olivia.taps(why, "Resume")
    await olivia.sees(why, "Trading is resumed")
    await olivia.asks("/buy tBTCUSD 0.01", "Expires in")
