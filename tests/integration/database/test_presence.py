"""Whether a process still lives, seen from another one."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from db.presence import is_gone, own_mark
from tests.integration.embedded.processes import eventually

TELL = "from db.presence import own_mark; print(own_mark(), flush=True); input()"


@pytest.fixture
def other() -> Iterator["subprocess.Popen[str]"]:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", TELL], stdin=pipe, stdout=pipe, text=True) as made:
        yield made
        made.kill()


def mark_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    mark = process.stdout.readline().strip()
    if not mark:
        pytest.skip("this system does not tell its processes apart")
    return mark


def test_who_lives_is_not_gone(other: "subprocess.Popen[str]") -> None:
    assert not is_gone(own_mark())
    assert not is_gone(f"{mark_of(other)} and words of somebody's own")


def test_who_was_killed_is_gone_before_anybody_buried_it(other: "subprocess.Popen[str]") -> None:
    mark = mark_of(other)
    other.kill()
    eventually(lambda: is_gone(f"{mark} words"))
    other.wait()
    assert is_gone(mark)


def test_another_with_the_same_number_is_not_the_one(other: "subprocess.Popen[str]") -> None:
    place, number, began = mark_of(other).split(" ")
    assert is_gone(f"{place} {number} {int(began) - 1}")


def test_of_one_elsewhere_nothing_is_known(other: "subprocess.Popen[str]") -> None:
    mark = mark_of(other)
    other.kill()
    other.wait()
    assert not is_gone(f"another-machine:{mark}")


@pytest.mark.parametrize("mark", ["", " ", "nonsense", "a b c", " 1 2", f"{own_mark()[:20]}"])
def test_a_mark_that_says_nothing_proves_nothing(mark: str) -> None:
    assert not is_gone(mark)
