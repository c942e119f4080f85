"""Whom a typed name means: people choose their names themselves, so a doubt is never settled."""

import pytest

from bot.telegram.memory import MemoryShelf
from bot.telegram.names import Names, meant
from engine.model.actor import Role
from engine.model.errors import InvalidInput
from engine.model.people import Member

OLIVIA = Member(actor_id="tg:1", name="Olivia Berg", role=Role.ADMIN)
STEN = Member(actor_id="tg:2", name="Sten", role=Role.TRADER)
NAMES = Names(MemoryShelf())


def test_a_name_a_first_name_or_an_id_means_who_alone_is_called_so() -> None:
    for word in ("olivia", "Olivia Berg", "1", "tg:1"):
        assert meant(word, [OLIVIA, STEN], NAMES) == OLIVIA


def test_whoever_takes_a_first_name_for_the_whole_is_not_mistaken_for_another() -> None:
    twin = Member(actor_id="tg:3", name="Olivia", role=Role.TRADER)
    with pytest.raises(InvalidInput, match=r"Several are called “Olivia”.*1, 3"):
        meant("Olivia", [OLIVIA, STEN, twin], NAMES)
    assert meant("Olivia Berg", [OLIVIA, STEN, twin], NAMES) == OLIVIA


def test_an_id_is_an_id_whatever_somebody_is_called() -> None:
    odd = Member(actor_id="tg:3", name="1", role=Role.TRADER)
    assert meant("1", [OLIVIA, odd], NAMES) == OLIVIA
