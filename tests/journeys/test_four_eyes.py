"""A large order waits for a second person: asked at once, decided once, reviewed anew."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from tests.eventually import eventually_asked
from tests.journeys.authenticator import enrolled
from tests.journeys.people import QUICK, STATUS, Ledger, Person, joined
from tests.stage import Message, Stage, scenery, service_on

ADMIN, OLE, TINA, VERA = 4001, 5001, 5002, 6001
STAFF = {
    "TELEGRAM_ADMINS": str(ADMIN),
    "TELEGRAM_TRADERS": f"{OLE},{TINA}",
    "TELEGRAM_VIEWERS": str(VERA),
}
EYES = {**STAFF, "FOUR_EYES_NOTIONAL": "1000"}
LARGE = "/buy tBTCUSD 0.1"
ASKS = "asks you to approve"


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with scenery(database_url, tmp_path, QUICK, **EYES) as stage:
        yield stage


@pytest.fixture
async def stage(scene: Stage) -> AsyncIterator[Stage]:
    async with service_on(scene):
        yield scene


async def staff(stage: Stage) -> tuple[Person, Person, Person]:
    """Ole who trades, Tina who trades too, and an admin; all have written to the bot."""
    people = [await joined(stage, user) for user in (OLE, TINA, ADMIN)]
    for person in people:
        await person.asks("/start", "You trade here")
    ole, tina, admin = people
    return ole, tina, admin


async def held(owner: Person, text: str = LARGE) -> Message:
    """Confirm what is too large for one; the owner's card."""
    card = await owner.asks(text, "Expires in 60 s")
    assert "second person" in await owner.taps(card, card.buttons[0])
    return await owner.sees(card, "Waiting for a second person")


async def journalled(scene: Stage) -> list[tuple[str, str]]:
    """Who decided how, as the journal has it."""
    connection = await asyncpg.connect(scene.environ["DATABASE_URL"].replace("+asyncpg", ""))
    rows = await connection.fetch(
        "SELECT body->>'name' AS name, body->>'approved' AS approved FROM journal "
        "WHERE kind = 'CommandApproved' ORDER BY seq"
    )
    await connection.close()
    return [(row["name"], row["approved"]) for row in rows]


async def test_a_large_order_is_sent_when_a_second_person_approves(stage: Stage) -> None:
    ole, tina, admin = await staff(stage)
    ledger = await Ledger.opened(stage)

    card = await held(ole)
    assert "Person 4001 or Person 5002" in card.text
    assert card.buttons == ("Withdraw",)
    asked = await tina.hears("Person 5001", ASKS, "Buy 0.1 BTC", "Cost", "Expires in 10")
    other = await admin.hears("Person 5001", ASKS)
    assert asked.buttons == ("Approve", "Reject")
    assert await ledger.untouched()

    assert await tina.taps(asked, "Approve") == "Filled."
    await ole.sees(card, "Approved by Person 5002", "Filled")
    await tina.sees(asked, "Asked by Person 5001", "Approved by Person 5002", "Filled")
    closed = await admin.sees(other, "Approved by Person 5002", "Filled")
    assert closed.buttons == ()
    assert await ledger.one()
    assert await journalled(stage) == [("Person 5002", "true")]


async def test_a_rejected_order_is_never_sent(stage: Stage) -> None:
    ole, tina, admin = await staff(stage)
    ledger = await Ledger.opened(stage)
    card = await held(ole)
    asked, other = await tina.hears(ASKS), await admin.hears(ASKS)

    assert await tina.taps(asked, "Reject") == "Rejected."
    await ole.sees(card, "Rejected by Person 5002", "Nothing was sent")
    await admin.sees(other, "Rejected by Person 5002")
    notice = await stage.tap(other, "e:x:y", ADMIN, stale=True)
    assert "decided already" in str(notice["text"])
    assert await ledger.untouched()
    assert await journalled(stage) == [("Person 5002", "false")]


async def test_of_two_who_decide_at_once_one_counts(stage: Stage) -> None:
    ole, tina, admin = await staff(stage)
    ledger = await Ledger.opened(stage)
    for yes, no in ((tina, admin), (admin, tina)):
        before = len(await ledger.orders())
        card = await held(ole)
        for_yes = await yes.hears(ASKS, after=card.id - 1)
        for_no = await no.hears(ASKS, after=card.id - 1)
        await asyncio.gather(
            yes.taps(for_yes, "Approve"), no.taps(for_no, "Reject"), yes.taps(for_yes, "Approve")
        )
        sent = len(await ledger.orders()) - before
        _, verdict = (await journalled(stage))[-1]
        assert sent == (verdict == "true")
        await ole.sees(card, "Approved by" if sent else "Rejected by")


async def test_the_owner_and_those_without_rights_cannot_approve(stage: Stage) -> None:
    ole, tina, _ = await staff(stage)
    vera = await joined(stage, VERA)
    ledger = await Ledger.opened(stage)
    await held(ole)
    asked = await tina.hears(ASKS)
    data = await data_of(tina, asked, "Approve")

    panel = await ole.asks("/status", "Open for trading")
    assert "your own" in await ole.taps(panel, data, stale=True)
    panel = await vera.asks("/status", "Open for trading")
    assert "needs the role trader" in await vera.taps(panel, data, stale=True)
    stranger = await joined(stage, 9001)
    told = await stranger.asks("/start", "9001")
    await stage.tap(told, data, 9001, stale=True, wait=0.0)
    assert await ledger.untouched()
    await tina.taps(asked, "Approve")
    assert await ledger.one()


async def test_it_expires_and_can_be_withdrawn(stage: Stage) -> None:
    ole, tina, _ = await staff(stage)
    ledger = await Ledger.opened(stage)
    card = await held(ole)
    asked = await tina.hears(ASKS)
    assert await ole.taps(card, "Withdraw") == "Withdrawn."
    await tina.sees(asked, "Withdrawn", "Nothing was sent")

    card = await held(ole)
    asked = await tina.hears(ASKS, after=asked.id)
    await stage.passes(601)
    await ole.sees(card, "Expired", "Nothing was sent")
    assert (await tina.sees(asked, "Expired")).buttons == ()
    assert await ledger.untouched()


async def test_what_lessens_never_waits(stage: Stage) -> None:
    ole, tina, _ = await staff(stage)
    small = await ole.asks("/buy tBTCUSD 0.02", "Expires in")
    await ole.taps(small, small.buttons[0])
    await ole.sees(small, "Filled")
    sale = await ole.asks("/sell tBTCUSD 0.5", "Expires in")
    await ole.taps(sale, sale.buttons[0])
    await ole.sees(sale, "Filled")
    await ole.asks("/pause now", "paused")
    assert not any(ASKS in text for text in await tina.heard())


async def test_a_small_order_that_is_made_large_waits_too(stage: Stage) -> None:
    ole, tina, _ = await staff(stage)
    ledger = await Ledger.opened(stage)
    await ole.places("/buy tBTCUSD 0.01 limit 20000")
    cid = (await ledger.one())[0]
    card = await held(ole, f"/amend {cid} amount 0.5")
    asked = await tina.hears(ASKS)
    assert str((await ledger.one())[6]) in ("0.01", "1e-2")
    await tina.taps(asked, "Approve")
    await ole.sees(card, "Approved by Person 5002")

    async def changed() -> bool:
        return float(str((await ledger.one())[6])) == 0.5

    await eventually_asked(changed)


async def test_a_bracket_waits_too(stage: Stage) -> None:
    ole, tina, _ = await staff(stage)
    card = await held(ole, "/bracket buy tBTCUSD 0.1 limit 20000 sl 19000 tp 25000")
    await tina.taps(await tina.hears(ASKS), "Approve")
    await ole.sees(card, "Approved by Person 5002", "Working")


async def test_risk_is_looked_at_when_it_is_approved(stage: Stage) -> None:
    ole, tina, admin = await staff(stage)
    ledger = await Ledger.opened(stage)
    card = await held(ole)
    asked = await tina.hears(ASKS)
    await admin.asks("/pause news", "paused")
    assert await tina.taps(asked, "Approve") == "Not sent."
    await ole.sees(card, "Approved by Person 5002", "Not sent", "paused")
    assert await ledger.untouched()


async def test_nobody_else_to_ask(database_url: str, tmp_path: Path) -> None:
    alone = {**EYES, "TELEGRAM_ADMINS": "", "TELEGRAM_TRADERS": str(OLE), "TELEGRAM_CHAT_ID": ""}
    async with scenery(database_url, tmp_path, QUICK, **alone) as stage:
        ole = await joined(stage, OLE)
        await ole.says("/start")
        async with service_on(stage):
            ledger = await Ledger.opened(stage)
            card = await ole.asks(LARGE, "Expires in")
            await ole.taps(card, card.buttons[0])
            await ole.sees(card, "Not sent", "no other active trader or admin")
            assert await ledger.untouched()


async def test_a_restart_while_it_waits_changes_nothing(scene: Stage) -> None:
    async with service_on(scene):
        ole, tina, _ = await staff(scene)
        ledger = await Ledger.opened(scene)
        card = await held(ole)
        asked = await tina.hears(ASKS)
    async with service_on(scene):
        assert sum(ASKS in text for text in await tina.heard()) == 1
        await tina.taps(asked, "Approve")
        await ole.sees(card, "Approved by Person 5002", "Filled")
        assert await ledger.one()
        late = await held(ole)
    await scene.passes(601)
    async with service_on(scene):
        await ole.sees(late, "Expired")
        assert len(await ledger.orders()) == 1


async def test_whose_rights_are_gone_asks_for_nothing_any_more(stage: Stage) -> None:
    ole, tina, admin = await staff(stage)
    ledger = await Ledger.opened(stage)
    card = await held(ole)
    asked = await tina.hears(ASKS)
    await admin.asks(f"/users freeze {OLE}", "Frozen")
    await tina.taps(asked, "Approve")
    await ole.sees(card, "Nothing was sent")
    assert (await tina.sees(asked, "Nothing was sent")).buttons == ()
    assert await ledger.untouched()


async def test_whose_rights_are_gone_approves_nothing(stage: Stage) -> None:
    ole, tina, admin = await staff(stage)
    ledger = await Ledger.opened(stage)
    card = await held(ole)
    asked = await tina.hears(ASKS)
    await admin.asks(f"/users freeze {TINA}", "Frozen")
    assert "frozen" in await tina.taps(asked, "Approve")
    assert await ledger.untouched()
    await admin.taps(await admin.hears(ASKS), "Approve")
    await ole.sees(card, "Approved by Person 4001", "Filled")


async def test_the_owner_shows_a_code_and_a_second_person_still_has_to_agree(
    database_url: str, tmp_path: Path
) -> None:
    both = {**EYES, "SECOND_FACTOR_FOR": "orders"}
    async with scenery(database_url, tmp_path, QUICK, **both) as stage, service_on(stage):
        ole, tina, _ = await staff(stage)
        app = await enrolled(ole)
        await stage.passes(400)
        ledger = await Ledger.opened(stage)
        card = await ole.asks(LARGE, "Expires in")
        assert "6-digit code" in await ole.taps(card, card.buttons[0])
        await ole.says(await app.code())
        await ole.sees(card, "Waiting for a second person")
        await stage.passes(301)  # the grace ends, and the order's owner is not asked again
        await tina.taps(await tina.hears(ASKS), "Approve")
        await ole.sees(card, "Approved by Person 5002", "Filled")
        assert (await ledger.one())[STATUS]


async def data_of(person: Person, message: Message, button: str) -> str:
    """What a button says when it is pressed."""
    url = f"{person.stage.telegram.url}/control/messages"
    async with person.stage.http.get(url, params={"chat_id": person.id}) as answer:
        told = await answer.json()
    (raw,) = (m for m in told["messages"] if m["message_id"] == message.id)
    rows = raw["reply_markup"]["inline_keyboard"]
    return next(str(b["callback_data"]) for row in rows for b in row if b["text"] == button)
