"""What the journal remembers of brackets and templates."""

from dataclasses import replace

from engine.model.bracket import BracketStatus, Settled
from engine.model.event import (
    BracketChanged,
    BracketClosed,
    BracketOpened,
    OrderClosed,
    TemplateDeleted,
    TemplateSaved,
)
from engine.model.ids import CommandId, OrderKey
from engine.model.order import OrderStatus
from engine.ports import Journal
from tests.contract.journal.made import (
    bracket,
    closed,
    fill,
    filled,
    moment,
    order,
    settled,
    submitted,
    template,
)


async def test_an_open_bracket_is_remembered_as_it_became(journal: Journal) -> None:
    opened, changed = bracket(1), bracket(1, BracketStatus.GUARDED, exits=(2, 3))
    await journal.append([submitted(1), BracketOpened(at=moment(), bracket=opened)])
    assert list((await journal.remember()).brackets) == [opened]

    await journal.append([BracketChanged(at=moment(), bracket=changed)])
    await journal.append([BracketOpened(at=moment(), bracket=bracket(7))])
    assert list((await journal.remember()).brackets) == [changed, bracket(7)]


async def test_a_bracket_that_is_over_is_forgotten(journal: Journal) -> None:
    over = BracketClosed(at=moment(), bracket=bracket(1, BracketStatus.DONE))
    await journal.append([BracketOpened(at=moment(), bracket=bracket(1))])
    await journal.append([over])
    assert list((await journal.remember()).brackets) == []

    await journal.append([BracketOpened(at=moment(), bracket=bracket(2)), replace(over)])
    assert [b.key for b in (await journal.remember()).brackets] == [2]


async def test_orders_of_an_open_bracket_are_remembered_however_old(journal: Journal) -> None:
    exit_order = replace(order(9002, OrderStatus.FILLED), bracket=OrderKey(9001))
    await journal.append([BracketOpened(at=moment(), bracket=bracket(9001))])
    await journal.append([closed(9001), OrderClosed(at=moment(), order=exit_order)])
    await journal.append([closed(key, at=key) for key in range(1, 521)])

    keys = [known.key for known in (await journal.remember()).orders]
    assert keys == [*range(21, 521), 9001, 9002]

    over = BracketClosed(at=moment(), bracket=bracket(9001, BracketStatus.DONE))
    await journal.append([over])
    assert [known.key for known in (await journal.remember()).orders] == [*range(21, 521)]


async def test_what_an_entrys_trades_came_to_is_remembered(journal: Journal) -> None:
    in_quote = replace(settled(1, 12), fill=replace(fill(12, fee="-5"), fee_currency="USD"))
    await journal.append([BracketOpened(at=moment(), bracket=bracket(1))])
    await journal.append([filled(1, 11), settled(1, 11), in_quote, filled(1, 13), settled(5, 14)])

    known = (await journal.remember()).settled
    told = fill(11, fee="-0.00002")
    assert told.fee is not None
    assert known == {1: Settled(amount=2 * told.amount, fee=told.fee)}

    over = BracketClosed(at=moment(), bracket=bracket(1, BracketStatus.DONE))
    await journal.append([over])
    assert (await journal.remember()).settled == {}


async def test_a_brackets_events_are_told_in_its_entrys_life(journal: Journal) -> None:
    opened = BracketOpened(at=moment(), bracket=bracket(1))
    await journal.append([submitted(1), opened, submitted(2)])

    assert [entry.event for entry in await journal.life(OrderKey(1))] == [submitted(1), opened]


async def test_templates_are_kept_by_name_until_they_are_deleted(journal: Journal) -> None:
    def saved(name: str, size: str = "1") -> TemplateSaved:
        return TemplateSaved(at=moment(), actor_id="tg:1", template=template(name, size))

    gone = TemplateDeleted(at=moment(), actor_id="tg:1", name="dip")
    await journal.append([saved("dip"), saved("aim"), saved("dip", "2")], claim=CommandId("a"))
    assert list((await journal.remember()).templates) == [template("aim"), template("dip", "2")]

    await journal.append([gone])
    assert list((await journal.remember()).templates) == [template("aim")]
    await journal.append([saved("dip"), gone, saved("dip", "3"), replace(gone, name="none")])
    assert list((await journal.remember()).templates) == [template("aim"), template("dip", "3")]
