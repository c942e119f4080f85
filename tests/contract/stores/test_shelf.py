"""What the shelf promises."""

from bot.telegram.ports import Shelf


async def test_an_empty_shelf(shelf: Shelf) -> None:
    assert await shelf.get("card", "1") is None
    assert list(await shelf.all("card")) == []
    await shelf.remove("card", "1")


async def test_a_document_is_found_by_kind_and_key(shelf: Shelf) -> None:
    body = bytes(range(256))
    await shelf.put("card", "1", body)
    await shelf.put("panel", "1", b"")

    assert await shelf.get("card", "1") == body
    assert await shelf.get("panel", "1") == b""
    assert await shelf.get("card", "2") is None


async def test_a_document_is_replaced_and_removed(shelf: Shelf) -> None:
    await shelf.put("card", "1", b"a")
    await shelf.put("card", "1", b"b")
    assert await shelf.get("card", "1") == b"b"

    await shelf.remove("card", "1")
    assert await shelf.get("card", "1") is None


async def test_all_of_a_kind_come_oldest_first_and_a_replaced_one_keeps_its_place(
    shelf: Shelf,
) -> None:
    for key in ("z", "b", "a"):
        await shelf.put("card", key, key.encode())
    await shelf.put("panel", "z", b"other")
    await shelf.put("card", "b", b"new")
    assert list(await shelf.all("card")) == [("z", b"z"), ("b", b"new"), ("a", b"a")]

    await shelf.remove("card", "z")
    await shelf.put("card", "z", b"back")
    assert list(await shelf.all("card")) == [("b", b"new"), ("a", b"a"), ("z", b"back")]
