"""Who may act: pairing, invitations, roles, freezing and revoking, and what the audit tells."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.eventually import eventually_asked
from tests.journeys.people import QUICK, Ledger, Person, joined
from tests.stage import GROUP, Message, Stage, scenery, service_on

BOSS, DEPUTY, TRADER, VIEWER, NEWCOMER = 4001, 4002, 5001, 6001, 9001
CODE = re.compile(r"/start ([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})")
STAFF = {
    "TELEGRAM_CHAT_ID": str(BOSS),
    "TELEGRAM_ADMINS": f"{BOSS},{DEPUTY}",
    "TELEGRAM_TRADERS": str(TRADER),
    "TELEGRAM_VIEWERS": str(VIEWER),
}


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """Two admins, a trader and a viewer, and no service yet."""
    async with scenery(database_url, tmp_path, QUICK, **STAFF) as stage:
        for number in (BOSS, DEPUTY):
            await joined(stage, number)
        yield stage


@pytest.fixture
async def stage(scene: Stage) -> AsyncIterator[Stage]:
    async with service_on(scene):
        yield scene


@asynccontextmanager
async def empty_house(url: str, folder: Path) -> AsyncIterator[Stage]:
    """Nobody is admitted at all."""
    async with scenery(url, folder, QUICK, TELEGRAM_CHAT_ID="") as stage:
        yield stage


async def card_of(person: Person) -> Message:
    return await person.asks("/buy tBTCUSD 0.01", "Buy 0.01 BTC", "Expires in")


async def code_from(admin: Person, words: str) -> str:
    """A fresh invitation's code."""
    told = await admin.asks(f"/users invite {words}", "Invitation", "/start ")
    return CODE.search(told.text).group(1)  # type: ignore[union-attr]


async def confirmed(admin: Person, words: str, button: str) -> Message:
    """A ruling from its card to `Done`."""
    card = await admin.asks(f"/users {words}", words.split()[1], "Expires in")
    await admin.taps(card, button)
    return await admin.sees(card, "Done")


async def menu_of(stage: Stage, person: Person) -> set[str]:
    async with stage.http.get(f"{stage.telegram.url}/control/state") as answer:
        shown = (await answer.json())["commands"]
    return {one["command"] for one in shown[str(person.id)]}


async def turned(person: Person, page: Message) -> Message:
    """The page, as soon as it is another."""

    async def another() -> Message | None:
        now = await person.reads(page)
        return now if now.text != page.text else None

    now = await eventually_asked(another)
    assert now is not None
    return now


async def audited(admin: Person, *words: str) -> str:
    """The audit, as soon as it tells these."""

    async def told() -> str:
        text = (await admin.asks("/audit 20", "What people did")).text
        return text if all(word in text for word in words) else ""

    return await eventually_asked(told)


async def test_a_pairing_code_makes_the_first_admin_and_dies(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with empty_house(database_url, tmp_path) as stage:
        async with service_on(stage):
            code = CODE.search(capsys.readouterr().out)
            assert code is not None
            first, second = await joined(stage, NEWCOMER), await joined(stage, NEWCOMER + 1)
            await first.asks("/status", "private trading desk", str(NEWCOMER))
            await second.asks("/start AAAA-BBBB-CCCC", "not good")
            await first.asks(code.group(1).lower(), "Welcome", "admin")
            await second.asks(code.group(), "not good")
            await first.asks("/users", "People (1)", "admin")
            await audited(first, "joined as admin by the pairing code", "refused")
        async with service_on(stage):
            assert CODE.search(capsys.readouterr().out) is None
            await first.asks("/users", "People (1)", "admin")


async def test_each_start_has_a_pairing_code_of_its_own(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with empty_house(database_url, tmp_path) as stage:
        async with service_on(stage):
            old = CODE.search(capsys.readouterr().out)
        async with service_on(stage):
            new = CODE.search(capsys.readouterr().out)
            assert old is not None
            assert new is not None
            assert old.group() != new.group()
            person = await joined(stage, NEWCOMER)
            await person.asks(old.group(), "not good")
            await person.asks(new.group(), "Welcome")


async def test_wrong_codes_are_few_an_hour(stage: Stage) -> None:
    admin, person = Person(stage, BOSS), await joined(stage, NEWCOMER)
    code = await code_from(admin, "viewer")
    for _ in range(5):
        await person.asks("/start AAAA-BBBB-CCCC", "not good")
    await person.asks(f"/start {code}", "Too many wrong codes")
    await stage.passes(3601)
    await person.asks(f"/start {code}", "Welcome", "viewer")


async def test_an_invitation_lets_one_person_in(stage: Stage) -> None:
    admin, deputy = Person(stage, BOSS), Person(stage, DEPUTY)
    person, other = await joined(stage, NEWCOMER), await joined(stage, NEWCOMER + 1)
    code = await code_from(admin, "trader 2h")
    await admin.asks("/users", "Invitations", "trader")
    await person.asks(f"/start {code}", "Welcome", "trader")
    await admin.hears(f"Person {NEWCOMER} joined as trader")
    await deputy.hears(f"Person {NEWCOMER} joined as trader")
    await other.asks(f"/start {code}", "not good")
    await card_of(person)
    await person.asks(f"/start {code}", "member already")

    async def has_menu() -> bool:
        return {"buy", "help"} <= await menu_of(stage, person)

    await eventually_asked(has_menu)
    listed = await admin.asks("/users", f"Person {NEWCOMER}")
    assert code not in listed.text
    assert "Invitations" not in listed.text


async def test_an_invitation_by_buttons_expires_and_is_cancelled(stage: Stage) -> None:
    admin, person = Person(stage, BOSS), await joined(stage, NEWCOMER)
    panel = await admin.asks("/users", "People (4)")
    await admin.taps(panel, "Invite somebody")
    choice = await admin.sees(panel, "Invite somebody as")
    await admin.taps(choice, "Viewer")
    told = await admin.hears("Invitation", "/start ", after=panel.id)
    late = CODE.search(told.text)
    assert late is not None
    await stage.passes(24 * 3600 + 1)
    await person.asks(late.group(), "not good")

    code = await code_from(admin, "viewer 1h")
    panel = await admin.asks("/users", "Invitations")
    (cancel,) = (button for button in panel.buttons if button.startswith("Cancel viewer"))
    await admin.taps(panel, cancel)
    await admin.hears("The invitation is cancelled", after=panel.id)
    await person.asks(f"/start {code}", "not good")


async def test_no_code_is_shown_in_a_group(stage: Stage) -> None:

    said = await stage.say("/users invite viewer", BOSS, GROUP)
    await stage.hears("private chat", after=said, chat=GROUP)


async def test_a_role_changes_while_a_card_is_open(stage: Stage) -> None:
    ledger = await Ledger.opened(stage)
    admin, trader = Person(stage, BOSS), await joined(stage, TRADER)
    card = await card_of(trader)
    await confirmed(admin, f"role {TRADER} viewer", "Make viewer")
    closed = await trader.sees(card, "Your rights have changed", "Nothing was sent")
    assert closed.buttons == ()
    await trader.hears("You are a viewer now")
    await trader.asks("/buy tBTCUSD 0.01", "needs the role trader")
    await trader.asks("/help", "/status")

    async def looks_only() -> bool:
        return "buy" not in await menu_of(stage, trader)

    await eventually_asked(looks_only)
    asked = await admin.asks(f"/users role {TRADER} admin", "Expires in")
    assert f"Make Person {TRADER} ({TRADER}) admin?" in asked.text
    await confirmed(admin, f"role {TRADER} trader", "Make trader")
    await trader.hears("You are a trader now")
    assert await ledger.untouched()
    again = await card_of(trader)
    await trader.taps(again, "Confirm buy")
    await trader.sees(again, "Filled")


async def test_a_press_is_judged_by_the_role_of_its_moment(stage: Stage) -> None:
    ledger = await Ledger.opened(stage)
    admin, trader = Person(stage, BOSS), await joined(stage, TRADER)
    card = await card_of(trader)
    await admin.asks(f"/users freeze {TRADER}", "Frozen")
    assert "frozen" in await trader.taps(card, "Confirm buy", stale=True)
    await trader.sees(card, "Your rights have changed", "Nothing was sent")
    await trader.asks("/status", "Your rights are frozen")
    assert await ledger.untouched()
    await audited(admin, "froze the rights of", "press", "refused: Your rights are frozen")


async def test_who_is_frozen_hears_nothing_until_thawed(stage: Stage) -> None:
    admin, trader = Person(stage, BOSS), await joined(stage, TRADER)
    order = await trader.places("/buy tBTCUSD 0.01 limit 20000")
    await admin.asks(f"/users freeze {TRADER}", "Frozen")
    heard = await trader.heard()
    cancel = await admin.asks("/cancelall", "Cancel 1 open order?")
    await admin.taps(cancel, cancel.buttons[0])
    await admin.sees(cancel, "Cancelled")
    await admin.hears("Placed by", after=order.id)
    await confirmed(admin, f"thaw {TRADER}", "Give rights back")
    await trader.hears("Your rights are back")
    assert [
        text for text in await trader.heard() if "Cancelled" in text and text not in heard
    ] == []
    await trader.asks("/status", "Open for trading")


async def test_revoked_is_over_for_good(stage: Stage) -> None:
    admin, trader = Person(stage, BOSS), await joined(stage, TRADER)
    panel = await trader.asks("/status", "Open for trading")
    code = await code_from(admin, "trader")
    await confirmed(admin, f"revoke {TRADER}", "Revoke")
    assert "off the list" in await trader.taps(panel, "Refresh")
    await trader.asks("/status", "off the list")
    await trader.asks(f"/start {code}", "off the list")
    await admin.asks("/users", "off the list")

    async def only_start() -> bool:
        return "status" not in await menu_of(stage, trader)

    await eventually_asked(only_start)


async def test_the_last_admin_cannot_be_lost(stage: Stage) -> None:
    boss, deputy = Person(stage, BOSS), Person(stage, DEPUTY)
    await deputy.asks("/status", "Open for trading")
    await boss.asks(f"/users freeze {DEPUTY}", "Frozen")
    await boss.asks(f"/users freeze {BOSS}", "last admin")
    card = await boss.asks(f"/users revoke {BOSS}", "Expires in")
    await boss.taps(card, "Revoke")
    await boss.sees(card, "last admin", "Not changed")
    await deputy.asks("/users", "Your rights are frozen")


async def test_alerts_go_to_another_admin_when_their_chat_is_revoked(stage: Stage) -> None:
    boss, deputy = Person(stage, BOSS), Person(stage, DEPUTY)
    await confirmed(deputy, f"revoke {BOSS}", "Revoke")
    heard = await boss.heard()
    trader = await joined(stage, TRADER)
    order = await trader.asks("/pause news", "paused")
    await deputy.hears("Trading paused", after=0)
    assert order.text
    assert await boss.heard() == heard


async def test_what_was_ruled_outlasts_a_restart(scene: Stage) -> None:
    ledger = await Ledger.opened(scene)
    admin = Person(scene, BOSS)
    trader, person = await joined(scene, TRADER), await joined(scene, NEWCOMER)
    async with service_on(scene):
        code = await code_from(admin, "trader")
        card = await card_of(trader)
        await admin.asks(f"/users freeze {TRADER}", "Frozen")
        await confirmed(admin, f"revoke {VIEWER}", "Revoke")
    async with service_on(scene):
        assert "frozen" in await trader.taps(card, "Confirm buy", stale=True)
        await trader.sees(card, "Nothing was sent")
        await (await joined(scene, VIEWER)).asks("/status", "off the list")
        await person.asks(f"/start {code}", "Welcome")
        card = await card_of(person)
        await confirmed(admin, f"role {NEWCOMER} viewer", "Make viewer")
    async with service_on(scene):
        await person.asks("/buy tBTCUSD 0.01", "needs the role trader")
        listed = await admin.asks("/users", "frozen", "off the list", f"Person {NEWCOMER}")
        assert "by settings" in listed.text
    assert await ledger.untouched()


async def test_a_stranger_replays_an_admins_buttons(stage: Stage) -> None:
    admin, stranger = Person(stage, BOSS), await joined(stage, NEWCOMER)
    own = await stranger.asks("/start", "private trading desk")
    card = await admin.asks(f"/users revoke {DEPUTY}", "Expires in")
    assert "private" in await stranger.taps(card, "Revoke", chat_id=BOSS)
    for data in (f"s:users:freeze {BOSS}", "s:users:invite ADMIN", "r:users:", "r:audit:", "c:x:y"):
        await stage.tap(own, data, NEWCOMER, stale=True, wait=0.0)
    await admin.taps(card, "Cancel")
    seen = await admin.asks("/users", "People (4)")
    assert "frozen" not in seen.text
    assert await stranger.heard() == [own.text]


async def test_a_viewer_and_a_trader_rule_about_nobody(stage: Stage) -> None:
    for number in (VIEWER, TRADER):
        person = await joined(stage, number)
        for line in ("/users", f"/users role {number} admin", "/users invite admin", "/audit"):
            await person.asks(line, "needs the role admin")
    admin = Person(stage, BOSS)
    await audited(admin, "/users", "/audit", "refused: /users needs the role admin")


async def test_the_audit_tells_it_all_page_by_page_and_by_person(stage: Stage) -> None:
    admin, trader = Person(stage, BOSS), await joined(stage, TRADER)
    stranger = await joined(stage, NEWCOMER)
    await stranger.asks("/start", "private")
    await trader.places("/buy tBTCUSD 0.01 limit 20000")
    card = await card_of(trader)
    assert "somebody else" in await admin.taps(card, "Confirm buy", chat_id=TRADER)
    await trader.asks("/resume", "needs the role admin")
    await trader.taps(card, "Cancel")
    said = await stage.say("/buy tBTCUSD 0.01", TRADER, GROUP)
    await stage.hears("private chat", after=said, chat=GROUP)
    told = await audited(
        admin,
        "sent: Buy 0.01 BTC",
        "somebody else",
        "/resume",
        "came to the door",
        "card cancelled",
        "works in the private chat",
    )
    assert f"Person {TRADER}" in told
    page = await admin.asks("/audit 2", "What people did")
    await admin.taps(page, "Older")
    older = await turned(admin, page)
    await admin.taps(older, f"Person {TRADER}")
    his = await admin.sees(older, f"What Person {TRADER} did")
    assert "Everybody" in his.buttons
    assert "came to the door" not in his.text
