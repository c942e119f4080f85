"""Who hears of an order: its owner, and the desk with the owner's name; nobody who was let go."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.telegram.alerts import Alerts
from bot.telegram.memory import MemoryShelf
from bot.telegram.names import Names
from bot.telegram.relief import Relief
from bot.telegram.sender import Sender
from bot.telegram.staff import Staff
from bot.telegram.strays import Strays
from engine.clock import SystemClock
from engine.memory_journal import MemoryJournal
from engine.model.actor import Actor, Role
from engine.model.event import Event, OrderClosed, OrderFilled
from engine.model.ids import OrderKey
from engine.model.order import OrderStatus, Origin
from tests.unit.telegram.made import NOW, WORKING, fill, members, ordered
from tests.unit.telegram.refusing import RefusingTelegram

OWNER, DESK = 5, 1
ANNA = Actor(actor_id=f"tg:{OWNER}", name="Anna <b>", role=Role.TRADER)
CANCELLED = OrderClosed(at=NOW, order=ordered(OrderStatus.CANCELLED))


async def heard(
    *events: Event, chat: int | None, people: Sequence[int] = (OWNER, DESK), name: bool = True
) -> list[tuple[int, str]]:
    """What one reader sends for these events."""
    telegram, journal, names = RefusingTelegram(), MemoryJournal(), Names(MemoryShelf())
    if name:
        await names.note(ANNA)
    alerts = Alerts(
        journal=journal,
        sender=Sender(telegram.bot(), lambda outcome: None),
        lookup=lambda key: None,
        names=names,
        strays=Strays(MemoryShelf()),
        relief=Relief(None, list, SystemClock()),
        staff=Staff(lambda: members(people), DESK if chat is None else chat),
        chat=chat,
    )
    await alerts.begin()
    await journal.append(events)
    task = asyncio.create_task(alerts.run())
    try:
        async with asyncio.timeout(10):
            await alerts.caught_up()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return telegram.sent


async def test_the_desk_is_told_whose_order_it_was() -> None:
    ((chat, text),) = await heard(CANCELLED, chat=DESK)
    assert chat == DESK
    assert text.endswith("\nPlaced by Anna &lt;b&gt;")


async def test_the_desk_is_told_what_a_brackets_guard_did_and_for_whom() -> None:
    leg = replace(ordered(OrderStatus.CANCELLED), bracket=OrderKey(9))
    ((_, text),) = await heard(replace(CANCELLED, order=leg), chat=DESK)
    assert text.endswith("\nPlaced by the bracket's guard, for Anna &lt;b&gt;")


async def test_somebody_without_a_name_is_known_by_the_id() -> None:
    ((_, text),) = await heard(CANCELLED, chat=DESK, name=False)
    assert text.endswith("\nPlaced by 5")


async def test_nobody_is_told_their_own_name() -> None:
    ((_, own),) = await heard(CANCELLED, chat=OWNER)
    ((chat, text),) = await heard(CANCELLED, chat=None)
    assert chat == OWNER
    assert text == own
    assert "Placed" not in text


async def test_who_is_no_operator_any_more_hears_nothing_and_the_desk_does() -> None:
    assert await heard(CANCELLED, chat=None, people=[DESK]) == []
    assert len(await heard(CANCELLED, chat=DESK, people=[DESK])) == 1


async def test_a_trade_of_an_order_made_elsewhere_says_so() -> None:
    foreign = replace(WORKING, origin=Origin.ELSEWHERE, actor_id="")
    ((_, text),) = await heard(OrderFilled(at=NOW, order=foreign, fill=fill(1, "0.2")), chat=DESK)
    assert text.endswith("\nMade elsewhere")


async def test_a_digest_names_the_owners_too() -> None:
    ((_, text),) = await heard(*[CANCELLED] * 16, chat=DESK)
    assert text.count(" · Placed by Anna &lt;b&gt;\n") == 15


async def test_names_outlast_a_restart() -> None:
    shelf = MemoryShelf()
    await Names(shelf).note(ANNA)
    later = Names(shelf)
    await later.load()
    assert later.of("tg:5") == "Anna <b>"
