"""Things made elsewhere wait for a word: stored before shown, over a restart, answered once."""

from dataclasses import replace

from bot.telegram.memory import MemoryShelf
from bot.telegram.presses import StrayPress, StrayVerb
from bot.telegram.prompts import MOST_PROMPTS, Prompts
from bot.telegram.strays import Strays, Told
from engine.model.order import Origin
from engine.model.symbol import Symbol
from tests.unit.telegram.made import WORKING, position

FOUND = replace(WORKING, origin=Origin.ELSEWHERE)
LONG = Symbol("t" + "A" * 12 + ":" + "B" * 12)


async def test_what_waits_is_the_same_after_a_restart() -> None:
    shelf = MemoryShelf()
    row = await Strays(shelf).lay(FOUND)
    assert [button.text for button in row] == ["Adopt", "Ignore", "Cancel"]
    press = StrayPress.unpack(row[0].data)
    assert press.verb is StrayVerb.ADOPT
    again = Strays(shelf)
    stray = await again.get(press.stray)
    assert stray is not None
    assert (stray.order, stray.symbol, stray.told) == (FOUND.key, None, ())
    assert await again.lay(FOUND) == row
    assert await again.get(press.stray) == stray


async def test_every_message_that_asks_is_remembered_until_it_is_answered() -> None:
    strays = Strays(MemoryShelf())
    held = position("0.5")
    row = await strays.lay(held, " 2")
    assert [button.text for button in row] == ["Adopt 2", "Ignore 2", "Close 2"]
    for chat in (1, 2):
        await strays.shown(held, Told(chat_id=chat, message_id=7, body="<b>found</b>"))
    stray = await strays.get(StrayPress.unpack(row[0].data).stray)
    assert stray is not None
    assert [told.chat_id for told in stray.told] == [1, 2]
    await strays.remove(stray)
    assert await strays.get(stray.stray_id) is None
    await strays.shown(held, Told(chat_id=3, message_id=7, body=""))
    assert await strays.get(stray.stray_id) is None


async def test_a_new_question_is_a_new_decision() -> None:
    strays = Strays(MemoryShelf())
    asked = []
    for _ in range(2):
        stray = await strays.get(StrayPress.unpack((await strays.lay(position("1")))[0].data).stray)
        assert stray is not None
        asked.append(stray.command_id)
        await strays.remove(stray)
    assert len(set(asked)) == 2


async def test_the_longest_symbol_fits_its_buttons() -> None:
    row = await Strays(MemoryShelf()).lay(replace(position("1"), symbol=LONG))
    assert max(len(button.data.encode()) for button in row) <= 64
    assert StrayPress.unpack(row[2].data).verb is StrayVerb.END


async def test_prompts_outlive_a_restart_and_the_oldest_are_forgotten() -> None:
    shelf = MemoryShelf()
    prompts = Prompts(shelf)
    for number in range(MOST_PROMPTS + 1):
        await prompts.put(5, number, f"amend {number} price")
    assert await prompts.words(5, 0) is None
    assert await Prompts(shelf).words(5, MOST_PROMPTS) == f"amend {MOST_PROMPTS} price"
    await prompts.put(5, MOST_PROMPTS, "")
    assert await Prompts(shelf).words(5, MOST_PROMPTS) is None
    assert await prompts.words(6, 3) is None
