"""Lists by the page: whole, in order, and reached by buttons that fit."""

from itertools import chain

import pytest

from bot.telegram.pages import page_of, turning
from bot.telegram.presses import PagePress, panel_words

LONGEST_SYMBOL = "t" + "A" * 15 + ":" + "B" * 15


@pytest.mark.parametrize("count", [0, 1, 8, 9, 60])
def test_every_item_is_on_one_page(count: int) -> None:
    items = list(range(count))
    last = page_of(items, 0, 8).last
    pages = [page_of(items, number, 8) for number in range(last + 1)]
    assert list(chain.from_iterable(page.items for page in pages)) == items
    assert all(page.items for page in pages) or not items


def test_a_page_that_is_gone_is_the_last_one() -> None:
    page = page_of(list(range(9)), 7, 8)
    assert (page.number, list(page.items), page.place) == (1, [8], ", page 2 of 2")
    assert page_of([], 3, 8).number == 0
    assert page_of([1], -1, 8).number == 0


def test_buttons_lead_to_the_neighbours() -> None:
    (row,) = turning(page_of(list(range(60)), 3, 8), "orders", "tAAVE:USD")
    presses = [PagePress.unpack(button.data) for button in row]
    assert [button.text for button in row] == ["Back", "Refresh", "Next"]
    assert [press.number for press in presses] == [2, 3, 4]
    assert {panel_words(press) for press in presses} == {("tAAVE:USD",)}


def test_a_short_list_has_nothing_to_turn() -> None:
    page = page_of([1, 2], 0, 8)
    assert [button.text for row in turning(page, "orders") for button in row] == ["Refresh"]
    assert turning(page, "help", refresh=False) == ()
    assert page.place == ""


def test_the_longest_data_fits_a_button() -> None:
    (row,) = turning(page_of(list(range(5000)), 600, 8), "positions", LONGEST_SYMBOL)
    assert max(len(button.data.encode()) for button in row) <= 64
