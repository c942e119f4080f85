"""Orders kept under a name: kept, found, thrown away, and still there after a restart."""

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.memory_journal import MemoryJournal
from engine.model.command import DeleteTemplate, ImportTemplates, SaveTemplate
from engine.model.errors import InvalidInput
from engine.model.event import TemplateSaved
from engine.model.ids import CommandId
from engine.model.order import Side
from engine.model.query import FindTemplate, ShowTemplates
from engine.model.result import Done, Refused
from engine.model.template import OrderTemplate
from engine.operations.templates import MOST_TEMPLATES
from tests.integration.desk.scripted import Scene, scene
from tests.trading_house import OLIVIA

DIP = OrderTemplate(name="dip", symbol="tBTCUSD", side=Side.BUY, size=Decimal("0.01"))


async def save(shown: Scene, template: OrderTemplate, wish: str) -> Done | Refused:
    return await shown.desk.execute(OLIVIA, SaveTemplate(template), CommandId(wish))


async def kept(shown: Scene) -> tuple[OrderTemplate, ...]:
    return (await shown.desk.ask(OLIVIA, ShowTemplates())).templates


async def test_a_template_is_kept_under_its_name_also_over_a_restart() -> None:
    journal = MemoryJournal()
    async with scene(journal) as shown:
        assert await save(shown, replace(DIP, name="Dip"), "1") == Done()
        assert await save(shown, replace(DIP, size=Decimal(2)), "2") == Done()
    async with scene(journal) as shown:
        assert await kept(shown) == (replace(DIP, size=Decimal(2)),)
        found = await shown.desk.ask(OLIVIA, FindTemplate("DIP"))
        assert found.size == 2


async def test_a_wish_repeated_is_done_once() -> None:
    async with scene() as shown:
        assert await save(shown, DIP, "1") == Done()
        assert await save(shown, DIP, "1") == Done(repeated=True)
        assert len(await shown.told(TemplateSaved)) == 1


async def test_an_unknown_name_says_which_are_near() -> None:
    async with scene() as shown:
        await save(shown, DIP, "1")
        with pytest.raises(InvalidInput, match="Nearest: dip"):
            await shown.desk.ask(OLIVIA, FindTemplate("dio"))
        gone = await shown.desk.execute(OLIVIA, DeleteTemplate("dio"), CommandId("2"))
        assert isinstance(gone, Refused)


async def test_a_template_is_deleted_once() -> None:
    async with scene() as shown:
        await save(shown, DIP, "1")
        delete = DeleteTemplate("Dip")
        assert await shown.desk.execute(OLIVIA, delete, CommandId("2")) == Done()
        again = await shown.desk.execute(OLIVIA, delete, CommandId("2"))
        assert again == Done(repeated=True)
        assert await kept(shown) == ()


async def test_all_of_an_import_is_kept_or_none() -> None:
    async with scene() as shown:
        good, bad = replace(DIP, name="aim"), replace(DIP, name="bad", size=Decimal(-1))
        refused = await take_in(shown, (good, bad, replace(good, name="AIM")), "1")
        assert isinstance(refused, Refused)
        said = [reason.sentence for reason in refused.reasons]
        assert said[0] == "The name aim is there twice."
        assert said[1].startswith("Template bad: size:")
        assert await kept(shown) == ()
        assert await take_in(shown, (good, DIP), "2") == Done()
        assert await kept(shown) == (good, DIP)


async def test_there_is_an_end_to_how_many_are_kept() -> None:
    async with scene() as shown:
        many = tuple(replace(DIP, name=f"t{n}") for n in range(MOST_TEMPLATES))
        assert await take_in(shown, many, "1") == Done()
        refused = await save(shown, DIP, "2")
        assert isinstance(refused, Refused)
        assert "At most 100" in refused.reasons[0].sentence
        assert await save(shown, replace(many[0], size=Decimal(2)), "3") == Done()


async def take_in(shown: Scene, templates: tuple[OrderTemplate, ...], wish: str) -> Done | Refused:
    return await shown.desk.execute(OLIVIA, ImportTemplates(templates), CommandId(wish))
