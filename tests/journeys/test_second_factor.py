"""A code of one's authenticator: set up, asked for, refused, locked, taken off."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.eventually import eventually_asked
from tests.journeys.authenticator import Authenticator, enrolled, secret_in
from tests.journeys.people import QUICK, Ledger, Person, joined
from tests.stage import GROUP, Message, Stage, scenery, service_on

ADMIN, OTHER_ADMIN, TRADER = 4001, 4002, 5001
STAFF = {"TELEGRAM_ADMINS": f"{ADMIN},{OTHER_ADMIN}", "TELEGRAM_TRADERS": str(TRADER)}
NEEDS = {"SECOND_FACTOR_FOR": "resume,users,limits,orders", "SECOND_FACTOR_ORDER_NOTIONAL": "1000"}


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with scenery(database_url, tmp_path, QUICK, **STAFF, **NEEDS) as stage:
        yield stage


@pytest.fixture
async def stage(scene: Stage) -> AsyncIterator[Stage]:
    async with service_on(scene):
        yield scene


async def is_gone(person: Person, message_id: int) -> None:
    """Wait until a message is in the chat no more."""

    async def gone() -> bool:
        return all(m.id != message_id for m in await person.stage.messages(person.id))

    await eventually_asked(gone)


async def prompted(person: Person, text: str) -> Message:
    """Say what needs a code, and be asked for it."""
    return await person.asks(text, "Send the 6-digit code", text)


async def resuming(person: Person) -> Message:
    """Stop, and press the button that lets trading go on; the card."""
    await person.asks("/pause for a while", "paused")
    card = await person.asks("/resume", "Trading is paused", "Expires in")
    await person.taps(card, "Resume")
    return card


async def held_up(person: Person) -> tuple[Message, Message]:
    """The same, where it waits for a code: the card, and what asks for the code."""
    card = await resuming(person)
    prompt = await person.hears("Send the 6-digit code", "resuming", after=card.id)
    assert prompt.buttons == ("Not now",)
    return card, prompt


async def shows(app: Authenticator, *words: str, digits: str = "") -> Message:
    """Send a code and hear these words; the code's message goes away."""
    said = await app.person.says(digits or await app.code())
    heard = await app.person.hears(*words, after=said)
    await is_gone(app.person, said)
    return heard


async def test_the_secret_goes_away_once_the_code_is_right(stage: Stage) -> None:
    admin = await joined(stage, ADMIN)
    shown = await admin.asks("/2fa", "Set up your authenticator", "6 digits")
    app = Authenticator(admin, secret_in(shown.text))

    await shows(app, "wrong", "4 tries are left", digits=app.wrong())
    await shows(app, "Your authenticator is set up", "resuming and resetting")

    await is_gone(admin, shown.id)
    await admin.asks("/2fa", "Your authenticator is on")


async def test_what_nobody_confirms_goes_away_after_five_minutes(stage: Stage) -> None:
    admin = await joined(stage, ADMIN)
    shown = await admin.asks("/2fa", "Set up your authenticator")
    app = Authenticator(admin, secret_in(shown.text))

    await stage.passes(301)

    await is_gone(admin, shown.id)
    await admin.asks(await app.code(), "I understand commands")
    again = await admin.asks("/2fa", "Set up your authenticator")
    assert secret_in(again.text) != app.secret


async def test_a_panel_s_button_cannot_make_it_stay(stage: Stage) -> None:
    admin = await joined(stage, ADMIN)
    panel = await admin.asks("/status", "Open for trading")
    await admin.taps(panel, "r:2fa:", stale=True)
    shown = await admin.hears("Set up your authenticator", after=panel.id)
    assert "Open for trading" in (await admin.reads(panel)).text
    await stage.passes(301)
    await is_gone(admin, shown.id)


async def test_resume_waits_for_the_code_and_then_happens_at_once(stage: Stage) -> None:
    admin = await joined(stage, ADMIN)
    app = await enrolled(admin)
    await stage.passes(400)  # what was shown to set it up opened a grace

    card, prompt = await held_up(admin)
    said = await admin.says(await app.code())
    await admin.sees(card, "resumed")
    await is_gone(admin, prompt.id)
    await is_gone(admin, said)

    await admin.sees(await resuming(admin), "resumed")  # within the grace
    await stage.passes(301)
    await held_up(admin)


async def test_not_now_leaves_everything_as_it_was(stage: Stage) -> None:
    admin = await joined(stage, ADMIN)
    app = await enrolled(admin)
    await stage.passes(400)
    card, prompt = await held_up(admin)
    assert await admin.taps(prompt, "Not now") == "Nothing was done."
    await is_gone(admin, prompt.id)
    await shows(app, "Nothing waits for a code")
    assert (await admin.reads(card)).buttons[0] == "Resume"
    await admin.taps(card, "Resume")
    await admin.hears("Send the 6-digit code", after=prompt.id)


async def test_who_has_no_authenticator_is_asked_for_none(stage: Stage) -> None:
    admin = await joined(stage, ADMIN)
    await admin.sees(await resuming(admin), "resumed")


async def test_a_large_order_waits_for_the_code_and_a_small_one_does_not(stage: Stage) -> None:
    trader = await joined(stage, TRADER)
    app = await enrolled(trader)
    await stage.passes(400)
    ledger = await Ledger.opened(stage)

    small = await trader.asks("/buy tBTCUSD 0.01", "Expires in")
    await trader.taps(small, "Confirm buy")
    await trader.sees(small, "Filled")
    card = await trader.asks("/buy tBTCUSD 0.1", "Expires in")
    assert "6-digit code" in await trader.taps(card, "Confirm buy")
    prompt = await trader.hears("Send the 6-digit code", "Buy 0.1 BTC", after=card.id)
    assert len(await ledger.orders()) == 1

    said = await trader.says(await app.code())
    await trader.sees(card, "Filled")
    await is_gone(trader, said)
    await is_gone(trader, prompt.id)
    assert len(await ledger.orders()) == 2


async def test_a_wrong_code_says_how_many_tries_are_left_and_the_card_stays(stage: Stage) -> None:
    trader = await joined(stage, TRADER)
    app = await enrolled(trader)
    await stage.passes(400)
    ledger = await Ledger.opened(stage)
    card = await trader.asks("/buy tBTCUSD 0.1", "Expires in")
    await trader.taps(card, "Confirm buy")
    prompt = await trader.hears("Send the 6-digit code", after=card.id)

    await is_gone(trader, await trader.says(app.wrong()))
    await trader.sees(prompt, "wrong", "4 tries are left")
    used = await app.code()
    app.told.clear()
    said = await trader.says(used)
    await trader.sees(card, "Filled")
    await is_gone(trader, said)

    again = await trader.asks("/buy tBTCUSD 0.2", "Expires in")
    await stage.passes(0)
    await trader.taps(again, "Confirm buy")  # the grace lets it pass
    await trader.sees(again, "Filled")
    assert len(await ledger.orders()) == 2


async def test_a_code_is_good_once_also_after_a_restart(scene: Stage) -> None:
    async with service_on(scene):
        admin = await joined(scene, ADMIN)
        app = await enrolled(admin)
        await scene.passes(400)
        card, _ = await held_up(admin)
        used = await app.code()
        await admin.says(used)
        await admin.sees(card, "resumed")
    async with service_on(scene):
        card, prompt = await held_up(admin)  # a restart ends the grace
        await admin.says(used)
        await admin.sees(prompt, "was used before")
        await admin.says(await app.code())
        await admin.sees(card, "resumed")


async def test_a_code_may_come_after_a_restart(scene: Stage) -> None:
    async with service_on(scene):
        admin = await joined(scene, ADMIN)
        app = await enrolled(admin)
        await scene.passes(400)
        card, _ = await held_up(admin)
    async with service_on(scene):
        await admin.says(await app.code())
        await admin.sees(card, "resumed")


async def test_five_wrong_codes_lock_out_and_ring_also_after_a_restart(scene: Stage) -> None:
    trader = await joined(scene, TRADER)
    async with service_on(scene):
        app = await enrolled(trader)
        await scene.passes(400)
        card = await trader.asks("/buy tBTCUSD 0.1", "Expires in")
        await trader.taps(card, "Confirm buy")
        for _ in range(4):
            await is_gone(trader, await trader.says(app.wrong()))
        await shows(app, "Too many codes were wrong", "15 minutes", digits=app.wrong())
        await scene.hears("Too many wrong codes", "Codes sent by Person 5001")
    async with service_on(scene):
        card = await trader.asks("/buy tBTCUSD 0.1", "Expires in")
        await trader.taps(card, "Confirm buy")
        await shows(app, "Too many codes were wrong")  # although it is right
        await scene.passes(15 * 60)
        card = await trader.asks("/buy tBTCUSD 0.1", "Expires in")
        await trader.taps(card, "Confirm buy")
        await trader.says(await app.code())
        await trader.sees(card, "Filled")


async def test_the_code_comes_too_late(stage: Stage) -> None:
    trader = await joined(stage, TRADER)
    app = await enrolled(trader)
    await stage.passes(400)
    ledger = await Ledger.opened(stage)
    card = await trader.asks("/buy tBTCUSD 0.1", "Expires in 60 s")
    await trader.taps(card, "Confirm buy")
    prompt = await trader.hears("Send the 6-digit code", after=card.id)
    await stage.passes(90)
    assert "Expired" not in (await trader.reads(card)).text  # a code may take two minutes
    await stage.passes(31)
    await trader.sees(card, "Expired")
    await is_gone(trader, prompt.id)
    await shows(app, "Nothing waits for a code")
    assert await ledger.untouched()


async def test_stopping_and_cancelling_never_wait_for_a_phone(stage: Stage) -> None:
    trader = await joined(stage, TRADER)
    await enrolled(trader)
    await stage.passes(400)
    await trader.places("/buy tBTCUSD 0.01 limit 20000")
    await trader.asks("/pause now", "paused")
    card = await trader.asks("/cancelall", "Cancel 1 open order?")
    await trader.taps(card, "Cancel 1 order")
    await trader.sees(card, "Cancelled")


async def test_taking_it_off_needs_its_code_even_within_the_grace(stage: Stage) -> None:
    admin = await joined(stage, ADMIN)
    app = await enrolled(admin)  # a grace is open
    await prompted(admin, "/2fa off")
    await shows(app, "Your authenticator is off")
    await admin.asks("/2fa", "Set up your authenticator")


async def test_an_admin_takes_a_lost_one_off_with_a_code_of_their_own(stage: Stage) -> None:
    admin, trader = await joined(stage, ADMIN), await joined(stage, TRADER)
    await enrolled(trader)
    await admin.asks(f"/2fa off {TRADER}", "Set one up first: /2fa")
    app = await enrolled(admin)
    await trader.asks(f"/2fa off {ADMIN}", "Send the 6-digit code")
    await prompted(admin, f"/2fa off {TRADER}")
    await shows(app, "Person 5001's authenticator is off")
    await trader.asks("/2fa", "Set up your authenticator")


async def test_nobody_else_s_code_will_do(stage: Stage) -> None:
    admin, other = await joined(stage, ADMIN), await joined(stage, OTHER_ADMIN)
    app, others = await enrolled(admin), await enrolled(other)
    await stage.passes(400)
    _, prompt = await held_up(admin)
    await admin.says(await others.code())
    await admin.sees(prompt, "4 tries are left")
    assert app.secret != others.secret


async def test_it_is_set_up_in_private_only(stage: Stage) -> None:
    admin = await joined(stage, ADMIN)
    await stage.say("/2fa", ADMIN, GROUP)
    await stage.hears("private chat", chat=GROUP)
    assert not any("authenticator app" in text for text in await admin.heard())


async def test_where_it_is_demanded_of_all_who_has_none_learns_how(
    database_url: str, tmp_path: Path
) -> None:
    demand = {**STAFF, "SECOND_FACTOR_REQUIRED": "true"}
    async with scenery(database_url, tmp_path, QUICK, **demand) as stage, service_on(stage):
        admin = await joined(stage, ADMIN)
        await admin.asks("/pause lunch", "paused")
        card = await admin.asks("/resume", "Trading is paused", "Expires in")
        notice = await admin.taps(card, "Resume")
        assert "you have none yet" in notice
        assert "/2fa" in notice
        await enrolled(admin)
        await admin.taps(card, "Resume")
        await admin.sees(card, "resumed")


async def test_panic_waits_for_no_phone_unless_the_house_wants_it(
    stage: Stage,
) -> None:
    trader = await joined(stage, TRADER)
    await enrolled(trader)
    await stage.passes(400)
    await trader.places("/buy tBTCUSD 0.01 limit 20000")
    card = await trader.asks("/panic", "Panic?", "Cancel 1 open order")
    await trader.taps(card, "PANIC")
    await trader.sees(card, "Over. No margin position is open")
    assert not any("6-digit" in text for text in await trader.heard())


async def test_panic_with_a_code_where_the_house_wants_it(
    database_url: str, tmp_path: Path
) -> None:
    wants = {**STAFF, "SECOND_FACTOR_FOR": "flatten"}
    async with scenery(database_url, tmp_path, QUICK, **wants) as stage, service_on(stage):
        trader = await joined(stage, TRADER)
        app = await enrolled(trader)
        await stage.passes(400)
        await trader.places("/buy tBTCUSD 0.01 limit 20000")
        card = await trader.asks("/panic", "Panic?", "Cancel 1 open order")
        assert "6-digit code" in await trader.taps(card, "PANIC")
        await trader.hears("Send the 6-digit code", "panic", after=card.id)
        await trader.says(await app.code())
        await trader.sees(card, "Over. No margin position is open")
